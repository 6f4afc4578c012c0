import { applyPlan } from '../azure/write/applyPlan.ts'
import type { Failure } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import { expectSecondsOf } from '../plan/schedule/expectedSeconds.ts'
import type { Outcome } from '../plan/schedule/outcome.ts'
import { writesScope } from '../plan/schedule/schedule.ts'
import { outcomeLine, progressLine } from '../render/logLines.ts'
import type { ApplyContext } from './context.ts'
import { findDark } from './lastLook.ts'

/** Makes the changes of a plan and reports progress to the log and the comment. */
export async function makeChanges(
  context: ApplyContext,
  plan: Plan,
  beforeDestructiveWrite: () => Promise<void>,
): Promise<readonly Outcome[]> {
  const { arm, topology, log } = context
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
      beforeDestructiveWrite,
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
export function explainOutcomes(outcomes: readonly Outcome[], wrote: boolean): Failure | undefined {
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
      ? 'The job was cancelled before the others were started.'
      : (first.problem?.message ?? '')
  const message = `${done} of ${outcomes.length} changes are done. ${why}`.trim()
  const remedy = first.problem?.remedy ?? 'Run the same job again.'
  if (wrote) return { reason: 'partial-apply', message, remedy }
  if (first.result === 'changed') return { reason: 'plan-changed', message, remedy }
  const reason =
    first.result === 'failed' ? (first.problem?.reason ?? 'azure-error') : 'partial-apply'
  return { reason, message, remedy }
}
