import { countPerEndpoint, type ListSizes } from '../azure/look/answerFromLists.ts'
import { SupersededError } from '../azure/write/context.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts'
import { asFailure, type Failure } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { Report, ReportFacts } from '../report.ts'
import type { ApplyContext } from './context.ts'
import { explainOutcomes, makeChanges } from './makeChanges.ts'
import { observeAndLog } from './planCommand.ts'
import { readBack } from './readBack.ts'
import { findBlock, reportOf } from './reportOf.ts'
import { compareWithReview, type Verdict } from './review.ts'
import {
  findNewer,
  ignoreGitHubError,
  isSuperseded,
  describeNewer,
  type Superseded,
} from './superseded.ts'

/** `apply`: plans, checks the plan against the review, makes the changes, reads Azure again and reports. */
export async function apply(context: ApplyContext): Promise<Report> {
  const { topology } = context
  const early = await findNewer(context).catch(ignoreGitHubError)
  if (early?.state === 'superseded') {
    const diagnostics = [...context.fileDiagnostics, describeNewer(context, early)]
    const subject = { file: topology.file, topology: topology.name, command: 'apply' as const }
    return { ...subject, situation: 'superseded', result: 'superseded', diagnostics }
  }
  const observation = await observeAndLog(context)
  const { plan } = observation
  const common = { ...reportOf(context, observation), command: 'apply' as const }
  const blocked = findBlock(common.diagnostics)
  if (blocked !== undefined) {
    return { ...common, situation: 'blocked', result: 'failed', failure: blocked }
  }
  if (plan.changes.length === 0) return { ...common, situation: 'nothing', result: 'no-changes' }
  const verdict = await checkReview(context, plan)
  const { failure: refused, newer, ...review } = verdict
  const diagnostics = sortDiagnostics([...common.diagnostics, ...(verdict.diagnostics ?? [])])
  const facts = { ...common, ...review, diagnostics }
  if (newer !== undefined) {
    const all = [...diagnostics, newer]
    return { ...facts, situation: 'superseded', result: 'superseded', diagnostics: all }
  }
  if (refused !== undefined) {
    return { ...facts, situation: refusalOf(refused), result: 'failed', failure: refused }
  }
  context.onBegin(plan)
  return await carryOut(context, facts, countPerEndpoint(observation.estate))
}

/** The kind of refusal: a problem with the review itself, or `failed` when the review could not be read. */
function refusalOf({ reason }: Failure): 'plan-changed' | 'plan-not-found' | 'failed' {
  return reason === 'plan-changed' || reason === 'plan-not-found' ? reason : 'failed'
}

/** Makes the changes and reads Azure again, unless a newer commit takes over meanwhile. */
async function carryOut(
  context: ApplyContext,
  facts: PlanFacts,
  sizes: ListSizes,
): Promise<Report> {
  let newer: Superseded | undefined
  const outcomes = await makeChanges(context, facts.plan, async () => {
    newer ??= isSuperseded(await findNewer(context))
    if (newer !== undefined) throw new SupersededError()
  })
  if (newer !== undefined) {
    const diagnostics = [...facts.diagnostics, describeNewer(context, newer)]
    return { ...facts, situation: 'superseded', result: 'superseded', outcomes, diagnostics }
  }
  const wrote = outcomes.some((o) => o.result === 'done' || o.result === 'unfinished')
  const ending = wrote
    ? ({ situation: 'partial', result: 'partial' } as const)
    : ({ situation: 'failed', result: 'failed' } as const)
  const undone = explainOutcomes(outcomes, wrote)
  if (undone !== undefined) return { ...facts, ...ending, outcomes, failure: undone }
  const { failure, ...left } = await readBack(context, facts.plan.changes, sizes)
  const all = { ...facts, ...left, outcomes }
  if (failure === undefined) return { ...all, situation: 'applied', result: 'applied' }
  if (failure.reason !== 'not-converged') return { ...all, ...ending, failure }
  return { ...all, ...ending, situation: 'not-converged', failure }
}

/** The part of an apply's report that every outcome has. */
type PlanFacts = ReportFacts & { readonly plan: Plan }

/**
 * Decides whether this run may apply the plan: it was reviewed, and no newer commit has taken over. Returns errors
 * as a failure, so that the report still shows the plan.
 */
async function checkReview(
  context: ApplyContext,
  plan: Plan,
): Promise<Verdict & { readonly newer?: Diagnostic }> {
  try {
    const verdict =
      context.findReview === undefined
        ? {}
        : compareWithReview(plan, await context.findReview(plan), context.run.context.event)
    const gone = verdict.review?.gone ?? 0
    if (verdict.failure !== undefined) return verdict
    if (gone > 0) context.log.info(`${gone} reviewed changes are no longer needed.`)
    // Checked again right before the first write: planning took time.
    const newer = isSuperseded(await findNewer(context))
    return newer === undefined ? verdict : { ...verdict, newer: describeNewer(context, newer) }
  } catch (error) {
    return { failure: asFailure(error) }
  }
}
