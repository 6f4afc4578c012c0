import { asFailure, AzureError } from '../errors.ts'
import { type CommandRow, commands } from './commands.ts'
import type { ApplyContext, FileContext } from './context.ts'
import { reportInvalid, reportOffline } from './offline.ts'
import { findPendingWaivers } from './pendingWaivers.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts'
import { readBaseFile } from '../github/baseFile.ts'
import { noToken } from '../github/client.ts'
import { findReviewedPlan, type ReviewedPlan } from '../github/reviewedPlan.ts'
import { type Run } from '../run.ts'
import type { Publication } from '../publish/publication.ts'
import { makeShow, type Show } from '../publish/liveComment.ts'
import { beforeTheEnd } from '../job/signals.ts'
import { hasSignIn } from '../azure/signIn/signInHints.ts'
import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology } from '../topology/topology.ts'
import type { Report } from '../report.ts'

/** Runs the command for one topology file, from its text to its comment. Never throws. */
export async function runFile(file: string, run: Run): Promise<Publication> {
  const show = makeShow(file, run)
  run.log.info(`Topology file ${file}`)
  const working = makeReport(file, run, show).catch((error: unknown) =>
    reportFailure(file, run, error),
  )
  const report = await beforeTheEnd(run.giveUp, lastWordMs, working, () =>
    reportFailure(file, run, stopped()),
  )
  return await show.finish(report)
}

async function makeReport(file: string, run: Run, show: Show): Promise<Report> {
  const command = commands[run.context.command]
  const start = { file, run, log: run.log, giveUp: run.giveUp }
  if (command.needs === 'nothing') return await command.run(start)
  const done = await command.instead?.(start)
  if (done !== undefined) return done
  const text = decode(await run.readFile(file))
  const parsed = parseTopology(text, { file, today: run.today })
  const { topology } = parsed
  if (topology === undefined) {
    return reportInvalid(file, guessName(text), run.context.command, parsed.diagnostics)
  }
  const others = run.sameName.get(file) ?? []
  if (others.length > 0) {
    const problem = sameNameProblem(topology, others)
    return reportInvalid(file, topology.name, run.context.command, [problem])
  }
  const context = { ...start, topology, fileDiagnostics: parsed.diagnostics }
  // The name goes into the report, so that the topology's own comment tells of the failure.
  return await runOn(context, command, show).catch((error: unknown) => ({
    ...reportFailure(file, run, error),
    topology: topology.name,
  }))
}

async function runOn(
  context: FileContext,
  command: Exclude<CommandRow, { readonly needs: 'nothing' }>,
  show: Show,
): Promise<Report> {
  if (command.needs === 'file') return await command.run(context)
  const { run, topology, fileDiagnostics } = context
  const { isFork, isDependabot } = run.context
  const foreign = isFork ? 'a fork' : isDependabot ? 'Dependabot' : undefined
  if (foreign !== undefined && !hasSignIn(run.inputs.identity !== undefined, run.env)) {
    return reportOffline(topology, fileDiagnostics, foreign)
  }
  return await command.run(await contextWithAzure(context, show))
}

/** What is left, in milliseconds, for work to end by itself once there is no time any more. */
const lastWordMs = 500

function stopped(): AzureError {
  return new AzureError('The job was stopped before this was done.', {
    code: 'Aborted',
    remedy: 'Run the same job again: it goes on where this one stopped.',
  })
}

async function contextWithAzure(context: FileContext, show: Show): Promise<ApplyContext> {
  const { run, topology, fileDiagnostics } = context
  const pending = await findPending(topology, run)
  return {
    ...context,
    arm: await run.connect(),
    fileDiagnostics: sortDiagnostics([...fileDiagnostics, ...pending.diagnostics]),
    limits: { maxDeletes: run.inputs.maxDeletes, maxReplacements: run.inputs.maxReplacements },
    waitMs: run.inputs.waitTimeoutMinutes * 60_000,
    maxConcurrency: run.inputs.maxConcurrency,
    pendingWaivers: pending.indexes,
    findReview: run.context.approval === 'reviewed' ? reviewFinder(topology, run, show) : undefined,
    stop: run.stop,
    onBegin: (plan) => show.begin(plan),
    onProgress: (plan, progress) => show.progress(plan, progress),
  }
}

function reviewFinder(topology: Topology, run: Run, show: Show): () => Promise<ReviewedPlan> {
  return async () => {
    const { github } = run
    if (github === undefined) throw noToken()
    const reviewed = await findReviewedPlan(github, run.context, topology.name)
    show.review(reviewed)
    return reviewed
  }
}

/** Waivers that the pull request itself adds don't count yet (contract; issue "Limits"). */
async function findPending(
  topology: Topology,
  run: Run,
): Promise<{ readonly indexes: readonly number[]; readonly diagnostics: readonly Diagnostic[] }> {
  const { pullRequest } = run.context
  const isAsked =
    run.traits.comment === 'writes' && pullRequest !== undefined && !pullRequest.merged
  if (!isAsked || run.github === undefined || topology.waivers.length === 0) {
    return { indexes: [], diagnostics: [] }
  }
  const base = await readBaseFile(run.github, topology.file, pullRequest.baseSha)
  const indexes = findPendingWaivers(topology, base, run.today)
  if (base.state !== 'unknown') return { indexes, diagnostics: [] }
  const at = topology.waivers[0]?.at
  return {
    indexes,
    diagnostics: [
      {
        severity: 'warning',
        code: 'not-confirmed',
        message: `Whether this pull request adds waivers could not be checked, so they count: ${base.why}`,
        remedy: 'Give the job the permission contents: read.',
        file: topology.file,
        ...(at === undefined ? {} : { line: at.line, column: at.column }),
      },
    ],
  }
}

/** The name is the ownership mark: two files of one name would delete each other's objects. */
function sameNameProblem(topology: Topology, others: readonly string[]): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-name',
    message: `The name "${topology.name}" is claimed by ${others.join(', ')} too; each file would take the other's objects for its own leftovers.`,
    remedy: 'Give every topology file of the repository a name of its own.',
    file: topology.file,
    line: 1,
    column: 1,
  }
}

function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes)
}

/** The name of a file that can't be parsed, so that its comment is found again once it can. */
export function guessName(text: string): string | undefined {
  return /^name:[ \t]*['"]?([a-z][a-z0-9-]{0,18}[a-z0-9])['"]?[ \t]*(?:#.*)?$/m.exec(text)?.[1]
}

function reportFailure(file: string, run: Run, error: unknown): Report {
  const failure = asFailure(error)
  if (error instanceof AzureError && error.correlationId !== undefined) {
    run.log.info(`Correlation id of Azure: ${error.correlationId}`)
  }
  return {
    file,
    command: run.context.command,
    result: 'failed',
    failure,
    diagnostics: [],
  }
}
