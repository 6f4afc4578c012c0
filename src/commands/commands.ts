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
 * One command: what it is to the rest of the program (`CommandTraits`), what it needs before it starts, and
 * the function that does it.
 *
 * - `file and Azure`: the topology file is parsed and Azure signed in to
 * - `file`: the topology file is parsed; it signs in by itself where it can and wants to
 * - `nothing`: there need not be a topology file yet; it signs in by itself
 */
export type CommandRow = CommandTraits & {
  /** Does without a topology file and Azure where the inputs say so; gives nothing where they don't. */
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
 * Every command, a row each: a new one is a name in `report.ts`, a row here and a file beside it.
 * One that is not about a plan puts what it found into `Report.findings`, a union by `kind`, and its renderer
 * into the table of `render/findings.ts`.
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
