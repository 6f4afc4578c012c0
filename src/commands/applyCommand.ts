import { applyPlan } from '../azure/write/applyPlan.ts'
import type { Outcome } from '../plan/schedule/outcome.ts'
import { expectSecondsOf } from '../plan/schedule/expectedSeconds.ts'
import type { Plan } from '../plan/plan.ts'
import { writesScope } from '../plan/schedule/schedule.ts'
import { outcomeLine, progressLine } from '../render/logLines.ts'
import type { Report, ReportFacts } from '../report.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts'
import { asFailure, type Failure, GitHubError } from '../errors.ts'
import { SupersededError } from '../azure/write/context.ts'
import type { Currency } from '../github/branchFile.ts'
import type { ApplyContext } from './context.ts'
import { findDark } from './lastLook.ts'
import { findBlock, reportOf } from './reportOf.ts'
import type { Observation } from './observe.ts'
import { observeAndTell } from './planCommand.ts'
import { holdAgainstReview, type Verdict } from './review.ts'
import { readBack } from './readBack.ts'

/** `apply`: compare, check that it is what was reviewed, do it, read Azure again, and show what became of it. */
export async function apply(context: ApplyContext): Promise<Report> {
  const { topology } = context
  const early = await findNewer(context).catch(ignoreUntilItCounts)
  if (early?.state === 'superseded') {
    const diagnostics = [...context.fileDiagnostics, sayNewer(context, early)]
    const whose = { file: topology.file, topology: topology.name, command: 'apply' as const }
    return { ...whose, became: 'superseded', result: 'superseded', diagnostics }
  }
  const observation = await observeAndTell(context)
  const { plan } = observation
  const common = { ...reportOf(context, observation), command: 'apply' as const }
  const blocked = findBlock(common.diagnostics)
  if (blocked !== undefined) {
    return { ...common, became: 'blocked', result: 'failed', failure: blocked }
  }
  if (plan.changes.length === 0) return { ...common, became: 'nothing', result: 'no-changes' }
  const verdict = await checkReview(context, plan)
  const { failure: refused, newer, ...review } = verdict
  const diagnostics = sortDiagnostics([...common.diagnostics, ...(verdict.diagnostics ?? [])])
  const told = { ...common, ...review, diagnostics }
  if (newer !== undefined) {
    const all = [...diagnostics, newer]
    return { ...told, became: 'superseded', result: 'superseded', diagnostics: all }
  }
  if (refused !== undefined) {
    return { ...told, became: refusalOf(refused), result: 'failed', failure: refused }
  }
  context.onBegin(plan)
  return { ...told, ...(await makeAndCheck(context, observation, diagnostics)) }
}

/** Refused for what was reviewed, or for something that kept it from being asked. */
function refusalOf({ reason }: Failure): 'plan-changed' | 'plan-not-found' | 'failed' {
  return reason === 'plan-changed' || reason === 'plan-not-found' ? reason : 'failed'
}

/** Makes the changes and reads Azure again, unless a newer commit takes over on the way. */
async function makeAndCheck(
  context: ApplyContext,
  observation: Observation,
  diagnostics: readonly Diagnostic[],
): Promise<Ending> {
  const { changes } = observation.plan
  let newer: Superseded | undefined
  const outcomes = await makeChanges(context, observation, async () => {
    newer ??= isSuperseded(await findNewer(context))
    if (newer !== undefined) throw new SupersededError()
  })
  if (newer !== undefined) {
    const all = [...diagnostics, sayNewer(context, newer)]
    return { became: 'superseded', result: 'superseded', outcomes, diagnostics: all }
  }
  const wrote = outcomes.some((o) => o.result === 'done' || o.result === 'unfinished')
  const ending = wrote
    ? ({ became: 'partial', result: 'partial' } as const)
    : ({ became: 'failed', result: 'failed' } as const)
  const undone = explainOutcomes(outcomes, wrote)
  if (undone !== undefined) return { ...ending, outcomes, diagnostics, failure: undone }
  const { failure, ...left } = await readBack(context, changes)
  const told = { ...left, outcomes, diagnostics }
  if (failure === undefined) return { ...told, became: 'applied', result: 'applied' }
  if (failure.reason === 'not-converged') {
    return { ...told, ...ending, became: 'not-converged', failure }
  }
  return { ...told, ...ending, failure }
}

/** What an apply adds to the report of its plan. */
type Ending = Pick<ReportFacts, 'diagnostics' | 'remaining'> & {
  readonly outcomes: readonly Outcome[]
} & (
    | { readonly became: 'superseded'; readonly result: 'superseded' }
    | { readonly became: 'applied'; readonly result: 'applied' }
    | { readonly became: 'partial'; readonly result: 'partial'; readonly failure: Failure }
    | { readonly became: 'failed'; readonly result: 'failed'; readonly failure: Failure }
    | {
        readonly became: 'not-converged'
        readonly result: 'partial' | 'failed'
        readonly failure: Failure
      }
  )

type Superseded = Extract<Currency, { readonly state: 'superseded' }>

/**
 * Asks whether the branch still holds this file. Where GitHub shows nothing of it, that is told and no more; so is
 * that it can't be asked, where the workflow is its own approval and needs no GitHub otherwise.
 */
async function findNewer(context: ApplyContext): Promise<Currency> {
  const currency = await context.checkCurrency().catch((error: unknown): Currency => {
    if (!(error instanceof GitHubError) || context.findReview !== undefined) throw error
    return { state: 'unknown', why: error.message }
  })
  if (currency.state === 'unknown') {
    context.log.info(`Whether the branch still holds this file could not be asked: ${currency.why}`)
  }
  return currency
}

function isSuperseded(currency: Currency): Superseded | undefined {
  return currency.state === 'superseded' ? currency : undefined
}

/** It is asked again before the first write, and counts then. */
function ignoreUntilItCounts(error: unknown): undefined {
  if (!(error instanceof GitHubError)) throw error
  return undefined
}

function sayNewer({ topology }: ApplyContext, { branch, newer }: Superseded): Diagnostic {
  const commit = newer === undefined ? 'a newer commit' : `commit ${newer.slice(0, 7)}`
  return {
    severity: 'warning',
    code: 'superseded',
    message: `This run is of an older commit: ${branch} holds ${topology.file} as ${commit} has it. The run of that commit is the one that counts; this one leaves Azure to it.`,
    remedy: `Nothing has to be done. If the run of ${commit} failed, run that one again.`,
    file: topology.file,
    line: 1,
    column: 1,
  }
}

/**
 * Whether the plan may be applied, and is still this run's to apply; the plan is shown also where GitHub could
 * not be asked.
 */
async function checkReview(
  context: ApplyContext,
  plan: Plan,
): Promise<Verdict & { readonly newer?: Diagnostic }> {
  try {
    const verdict =
      context.findReview === undefined
        ? {}
        : holdAgainstReview(plan, await context.findReview(plan))
    const gone = verdict.review?.gone ?? 0
    if (verdict.failure !== undefined) return verdict
    if (gone > 0) context.log.info(`${gone} reviewed changes are no longer needed.`)
    // Right before the first write: looking and asking took its time.
    const newer = isSuperseded(await findNewer(context))
    return newer === undefined ? verdict : { ...verdict, newer: sayNewer(context, newer) }
  } catch (error) {
    return { failure: asFailure(error) }
  }
}

async function makeChanges(
  context: ApplyContext,
  observation: Observation,
  beforeTaking: () => Promise<void>,
): Promise<readonly Outcome[]> {
  const { arm, topology, log } = context
  const { plan } = observation
  const scope = plan.changes.filter(writesScope).length
  const left = { scope, others: plan.changes.length - scope }
  return await log.group(`Apply ${plan.changes.length} changes for ${topology.name}`, () =>
    applyPlan(plan.changes, {
      arm,
      owner: topology,
      scopeId: topology.privateLinkScope.id.text,
      waitMs: context.waitMs,
      maxConcurrency: context.maxConcurrency,
      stop: context.stop,
      giveUp: context.giveUp,
      beforeTaking,
      findDark: () => findDark(context),
      onProgress: (progress) => {
        if (progress.latest !== undefined) {
          log.info(outcomeLine(progress.latest))
          left[writesScope(progress.latest.change) ? 'scope' : 'others'] -= 1
        }
        const counts = {
          total: progress.total,
          ended: progress.total - left.scope - left.others,
          running: progress.running.length,
        }
        log.progress(progressLine(counts, expectSecondsOf(left)))
        context.onProgress(plan, progress)
      },
    }),
  )
}

/** Why an apply did not do everything; `undefined` when it did. */
function explainOutcomes(outcomes: readonly Outcome[], wrote: boolean): Failure | undefined {
  const bad = outcomes.filter((o) => o.result !== 'done' && o.result !== 'already')
  const [first] = [
    ...bad.filter((o) => o.result === 'failed'),
    ...bad.filter((o) => o.result === 'changed'),
    ...bad,
  ]
  if (first === undefined) return undefined
  const done = outcomes.length - bad.length
  const why =
    first.result === 'cancelled'
      ? 'The job was stopped before the others were begun.'
      : (first.problem?.message ?? '')
  const message = `${done} of ${outcomes.length} changes are done. ${why}`.trim()
  const remedy = first.problem?.remedy ?? 'Run the same job again.'
  if (wrote) return { reason: 'partial-apply', message, remedy }
  if (first.result === 'changed') return { reason: 'plan-changed', message, remedy }
  const reason =
    first.result === 'failed' ? (first.problem?.reason ?? 'azure-error') : 'partial-apply'
  return { reason, message, remedy }
}
