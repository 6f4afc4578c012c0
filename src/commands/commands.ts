import type { Command, CommandTraits, Report } from '../report.ts'
import { apply } from './applyCommand.ts'
import { checkNetwork, checkNetworkByList } from './checkNetwork.ts'
import type { ApplyContext, FileContext, StartContext } from './context.ts'
import { drift } from './driftCommand.ts'
import { explain } from './explainCommand.ts'
import { importScope } from './importCommand.ts'
import { plan } from './planCommand.ts'
import { verify } from './verifyCommand.ts'

/**
 * One command: the traits that the rest of the program needs (`CommandTraits`), its prerequisites, and the function
 * that runs it.
 *
 * - `file and Azure`: the caller parses the topology file and signs in to Azure
 * - `file`: the caller parses the topology file; the command signs in itself if it wants to
 * - `nothing`: no topology file is needed; the command signs in itself
 */
export type CommandRow = CommandTraits & {
  /** Runs without a topology file and Azure if the inputs ask for that; otherwise returns `undefined`. */
  readonly instead?: (context: StartContext) => Promise<Report | undefined>
} & (
    | {
        readonly needs: 'file and Azure'
        readonly run: (context: ApplyContext) => Promise<Report>
      }
    | { readonly needs: 'file'; readonly run: (context: FileContext) => Promise<Report> }
    | { readonly needs: 'nothing'; readonly run: (context: StartContext) => Promise<Report> }
  )

/**
 * One row per command. A new command needs a name in `report.ts`, a row here and a file beside this one. A command
 * that doesn't produce a plan returns `Report.findings`, a union by `kind`, with a renderer in the table of
 * `render/findings.ts`.
 */
export const commands: Readonly<Record<Command, CommandRow>> = {
  plan: {
    needs: 'file and Azure',
    files: 'read',
    writes: false,
    comment: 'writes',
    issue: 'none',
    results: ['no-changes', 'validated', 'changes', 'failed'],
    run: plan,
  },
  apply: {
    needs: 'file and Azure',
    files: 'read',
    writes: true,
    comment: 'ends',
    issue: 'none',
    results: ['no-changes', 'superseded', 'applied', 'partial', 'failed'],
    run: apply,
  },
  drift: {
    needs: 'file and Azure',
    files: 'read',
    writes: false,
    comment: 'none',
    issue: 'drift',
    results: ['clean', 'drift', 'failed'],
    run: drift,
  },
  verify: {
    needs: 'file and Azure',
    files: 'read',
    writes: false,
    comment: 'adds',
    issue: 'telemetry',
    results: ['receiving', 'unknown', 'silent', 'failed'],
    run: (context) => verify(context),
  },
  import: {
    needs: 'nothing',
    files: 'made',
    writes: false,
    comment: 'none',
    issue: 'none',
    results: ['imported', 'failed'],
    run: importScope,
  },
  'check-network': {
    needs: 'file and Azure',
    files: 'read or egress-json',
    writes: false,
    comment: 'none',
    issue: 'none',
    results: ['validated', 'reachable', 'unknown', 'unreachable', 'failed'],
    instead: checkNetworkByList,
    run: checkNetwork,
  },
  explain: {
    needs: 'file and Azure',
    files: 'read',
    takesTarget: true,
    writes: false,
    comment: 'none',
    issue: 'none',
    results: ['clean', 'validated', 'unknown', 'broken', 'failed'],
    run: explain,
  },
}
