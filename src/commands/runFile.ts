import { asFailure, AzureError } from '../errors.ts'
import { type CommandRow, commands } from './commands.ts'
import type { ApplyContext, FileContext } from './context.ts'
import { guessName } from './guessName.ts'
import { reportInvalid, reportOffline } from './offline.ts'
import { warnOfNoReview } from './noReview.ts'
import { approvesAll } from './review.ts'
import { findPendingWaivers } from './pendingWaivers.ts'
import { claimedMark, othersOf } from './marks.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts'
import { checkCurrency, type Currency } from '../github/branchFile.ts'
import { type BaseFile, readBaseFile } from '../github/baseFile.ts'
import { noToken } from '../github/client.ts'
import { findReviewedPlan, type ReviewedPlan } from '../github/reviewedPlan.ts'
import { type Run } from '../run.ts'
import type { Publication } from '../publish/publication.ts'
import { makeShow, type Show } from '../publish/liveComment.ts'
import { beforeTheEnd } from '../job/signals.ts'
import { hasSignIn } from '../azure/signIn/signInHints.ts'
import type { Plan } from '../plan/plan.ts'
import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology } from '../topology/topology.ts'
import type { Report } from '../report.ts'

/**
 * Runs the command for one topology file, from reading it to publishing the report with `show`. Never throws.
 */
export async function runFile(
  file: string,
  run: Run,
  show: Show = makeShow(file, run),
): Promise<Publication> {
  run.log.info(`Topology file ${file}`)
  const working = makeReport(file, run, show).catch((error: unknown) =>
    reportFailure(file, run, error),
  )
  const report = await beforeTheEnd(run.giveUp, lastWordMs, working, () =>
    reportFailure(file, run, cancelled()),
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
  const clashes = run.clashes.get(file) ?? []
  if (topology === undefined) {
    const name = parsed.claims.name?.text ?? guessName(text)
    const diagnostics = sortDiagnostics([...parsed.diagnostics, ...clashes])
    return reportInvalid(file, name, run.context.command, diagnostics)
  }
  if (clashes.length > 0) {
    return reportInvalid(file, topology.name, run.context.command, clashes)
  }
  const claimed = claimedMark(topology, othersOf(topology, run))
  if (claimed !== undefined) {
    return reportInvalid(file, topology.name, run.context.command, [claimed])
  }
  const context = { ...start, topology, fileDiagnostics: parsed.diagnostics }
  // The report needs the name, so that the failure is written to the comment of this topology.
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

/** How long running work may take to end by itself once `giveUp` is aborted. */
const lastWordMs = 500

function cancelled(): AzureError {
  return new AzureError('The job was cancelled before this was finished.', {
    code: 'Aborted',
    remedy: 'Run the same job again: it continues where this one stopped.',
  })
}

async function contextWithAzure(context: FileContext, show: Show): Promise<ApplyContext> {
  const { run, topology, fileDiagnostics } = context
  const pending = await findPending(topology, run)
  return {
    ...context,
    arm: await run.connect(),
    fileDiagnostics: sortDiagnostics([
      ...fileDiagnostics,
      ...pending.diagnostics,
      ...warnOfNoReview(run.context),
    ]),
    limits: { maxDeletes: run.inputs.maxDeletes, maxReplacements: run.inputs.maxReplacements },
    waitMs: run.inputs.waitTimeoutMinutes * 60_000,
    maxConcurrency: run.inputs.maxConcurrency,
    checkNetwork: run.inputs.checkNetwork,
    pendingWaivers: pending.indexes,
    checkCurrency: currencyChecker(context),
    otherMarks: othersOf(topology, run),
    findReview: run.context.approval === 'reviewed' ? reviewFinder(topology, run, show) : undefined,
    stop: run.stop,
    onBegin: (plan) => show.begin(plan),
    onProgress: (plan, progress) => show.progress(plan, progress),
  }
}

/** Checks with GitHub whether the file is current; without a token that stays unknown. */
function currencyChecker({ run, file }: FileContext): () => Promise<Currency> {
  return async () => {
    const { github } = run
    if (github === undefined) return { state: 'unknown', why: noToken().message }
    return await checkCurrency(github, run.context, {
      file,
      text: decode(await run.readFile(file)),
    })
  }
}

function reviewFinder(
  topology: Topology,
  run: Run,
  show: Show,
): (plan: Plan) => Promise<ReviewedPlan> {
  return async (plan) => {
    const { github } = run
    if (github === undefined) throw noToken()
    const reviewed = await findReviewedPlan(github, run.context, {
      topology: topology.name,
      file: topology.file,
      isEnough: (reviews) => approvesAll(plan, reviews),
    })
    show.review(reviewed)
    return reviewed
  }
}

/** Waivers that the pull request adds don't count before the merge (contract section 7). */
async function findPending(
  topology: Topology,
  run: Run,
): Promise<{ readonly indexes: readonly number[]; readonly diagnostics: readonly Diagnostic[] }> {
  const { pullRequest } = run.context
  const isAsked =
    run.traits.comment === 'writes' && pullRequest !== undefined && !pullRequest.merged
  if (!isAsked || topology.waivers.length === 0) return { indexes: [], diagnostics: [] }
  const base: BaseFile =
    run.github === undefined
      ? { state: 'unknown', why: noToken().message }
      : await readBaseFile(run.github, topology.file, pullRequest.baseSha)
  const indexes = findPendingWaivers(topology, base, run.today)
  if (base.state !== 'unknown') return { indexes, diagnostics: [] }
  const at = topology.waivers[0]?.at
  return {
    indexes,
    diagnostics: [
      {
        severity: 'warning',
        code: 'not-confirmed',
        message: `Whether this pull request adds the file's waivers could not be checked, so none of them counts before the merge: ${base.why}`,
        remedy:
          'Give the job the permission contents: read, and do not set the input github-token.',
        file: topology.file,
        ...(at === undefined ? {} : { line: at.line, column: at.column }),
      },
    ],
  }
}

function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes)
}

function reportFailure(file: string, run: Run, error: unknown): Report {
  const failure = asFailure(error)
  if (error instanceof AzureError && error.correlationId !== undefined) {
    run.log.info(`Azure correlation id: ${error.correlationId}`)
  }
  return {
    file,
    command: run.context.command,
    situation: 'unplanned',
    result: 'failed',
    failure,
    diagnostics: [],
  }
}
