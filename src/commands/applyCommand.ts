import { applyPlan } from '../azure/write/applyPlan.ts'
import type { Outcome } from '../plan/schedule/outcome.ts'
import { expectSecondsOf } from '../plan/schedule/expectedSeconds.ts'
import type { Plan } from '../plan/plan.ts'
import { writesScope } from '../plan/schedule/schedule.ts'
import { outcomeLine, progressLine } from '../render/logLines.ts'
import type { Report } from '../report.ts'
import { asFailure, type Failure } from '../errors.ts'
import type { ApplyContext } from './context.ts'
import { findDark } from './lastLook.ts'
import { findBlock, reportOf } from './reportOf.ts'
import type { Observation } from './observe.ts'
import { observeAndTell } from './planCommand.ts'
import { holdAgainstReview, type Verdict } from './review.ts'
import { readBack } from './readBack.ts'

/** `apply`: compare, check that it is what was reviewed, do it, read Azure again, and show what became of it. */
export async function apply(context: ApplyContext): Promise<Report> {
  const observation = await observeAndTell(context)
  const { plan } = observation
  const common = { ...reportOf(context, observation), command: 'apply' as const }
  const blocked = findBlock(common.diagnostics)
  if (blocked !== undefined) return { ...common, result: 'failed', failure: blocked }
  if (plan.changes.length === 0) return { ...common, result: 'no-changes' }
  const { failure: refused, ...review } = await checkReview(context, plan)
  if (refused !== undefined) return { ...common, ...review, result: 'failed', failure: refused }
  context.onBegin(plan)
  const outcomes = await makeChanges(context, observation)
  const wrote = outcomes.some((o) => o.result === 'done' || o.result === 'unfinished')
  const undone = explainOutcomes(outcomes, wrote)
  const checked = undone === undefined ? await readBack(context, plan.changes) : { failure: undone }
  const result = checked.failure === undefined ? 'applied' : wrote ? 'partial' : 'failed'
  return { ...common, ...review, ...checked, outcomes, result }
}

/** Whether the plan may be applied; the plan is shown also where GitHub could not be asked. */
async function checkReview(context: ApplyContext, plan: Plan): Promise<Verdict> {
  if (context.findReview === undefined) return {}
  try {
    const verdict = holdAgainstReview(plan, await context.findReview())
    const gone = verdict.review?.gone ?? 0
    if (verdict.failure === undefined && gone > 0) {
      context.log.info(`${gone} reviewed changes are no longer needed.`)
    }
    return verdict
  } catch (error) {
    return { failure: asFailure(error) }
  }
}

async function makeChanges(
  context: ApplyContext,
  observation: Observation,
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
