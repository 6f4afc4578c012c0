import { countPerEndpoint, type ListSizes } from '../azure/look/answerFromLists.ts'
import { SupersededError } from '../azure/write/context.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts'
import { asFailure, type Failure } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { Report, ReportFacts } from '../report.ts'
import type { ApplyContext } from './context.ts'
import { explainOutcomes, makeChanges } from './makeChanges.ts'
import { observeAndTell } from './planCommand.ts'
import { readBack } from './readBack.ts'
import { findBlock, reportOf } from './reportOf.ts'
import { holdAgainstReview, type Verdict } from './review.ts'
import {
  findNewer,
  ignoreUntilItCounts,
  isSuperseded,
  sayNewer,
  type Superseded,
} from './superseded.ts'

/** `apply`: compare, check that it is what was reviewed, do it, read Azure again, and show what became of it. */
export async function apply(context: ApplyContext): Promise<Report> {
  const { topology } = context
  const early = await findNewer(context).catch(ignoreUntilItCounts)
  if (early?.state === 'superseded') {
    const diagnostics = [...context.fileDiagnostics, sayNewer(context, early)]
    const whose = { file: topology.file, topology: topology.name, command: 'apply' as const }
    return { ...whose, situation: 'superseded', result: 'superseded', diagnostics }
  }
  const observation = await observeAndTell(context)
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
  const told = { ...common, ...review, diagnostics }
  if (newer !== undefined) {
    const all = [...diagnostics, newer]
    return { ...told, situation: 'superseded', result: 'superseded', diagnostics: all }
  }
  if (refused !== undefined) {
    return { ...told, situation: refusalOf(refused), result: 'failed', failure: refused }
  }
  context.onBegin(plan)
  return await carryOut(context, told, countPerEndpoint(observation.estate))
}

/** Refused for what was reviewed, or for something that kept it from being asked. */
function refusalOf({ reason }: Failure): 'plan-changed' | 'plan-not-found' | 'failed' {
  return reason === 'plan-changed' || reason === 'plan-not-found' ? reason : 'failed'
}

/** Makes the changes and reads Azure again, unless a newer commit takes over on the way. */
async function carryOut(context: ApplyContext, told: PlanFacts, sizes: ListSizes): Promise<Report> {
  let newer: Superseded | undefined
  const outcomes = await makeChanges(context, told.plan, async () => {
    newer ??= isSuperseded(await findNewer(context))
    if (newer !== undefined) throw new SupersededError()
  })
  if (newer !== undefined) {
    const diagnostics = [...told.diagnostics, sayNewer(context, newer)]
    return { ...told, situation: 'superseded', result: 'superseded', outcomes, diagnostics }
  }
  const wrote = outcomes.some((o) => o.result === 'done' || o.result === 'unfinished')
  const ending = wrote
    ? ({ situation: 'partial', result: 'partial' } as const)
    : ({ situation: 'failed', result: 'failed' } as const)
  const undone = explainOutcomes(outcomes, wrote)
  if (undone !== undefined) return { ...told, ...ending, outcomes, failure: undone }
  const { failure, ...left } = await readBack(context, told.plan.changes, sizes)
  const all = { ...told, ...left, outcomes }
  if (failure === undefined) return { ...all, situation: 'applied', result: 'applied' }
  if (failure.reason !== 'not-converged') return { ...all, ...ending, failure }
  return { ...all, ...ending, situation: 'not-converged', failure }
}

/** What a report of an apply says of its plan, whatever became of it. */
type PlanFacts = ReportFacts & { readonly plan: Plan }

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
        : holdAgainstReview(plan, await context.findReview(plan), context.run.context.event)
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
