import { apply as applyChanges } from '../azure/apply.ts'
import type { Ask } from '../estate/ask.ts'
import { darkTargets, explainLoss } from '../plan/blackout.ts'
import { presentState } from '../plan/capabilities.ts'
import type { Outcome } from '../plan/outcome.ts'
import type { Change } from '../plan/plan.ts'
import { outcomeLine } from '../render/log.ts'
import type { Failure, Report } from '../report.ts'
import type { ApplyContext } from './context.ts'
import { describe, findBlock } from './describe.ts'
import { type Observation, observe } from './observe.ts'
import { observeAndTell } from './plan.ts'
import { holdAgainstReview } from './review.ts'

/** `apply`: compare, check that it is what was reviewed, do it, read Azure again, and show what became of it. */
export async function apply(context: ApplyContext): Promise<Report> {
  const observation = await observeAndTell(context)
  const { plan } = observation
  const common = { ...describe(context, observation), command: 'apply' as const }
  const blocked = findBlock(common.diagnostics)
  if (blocked !== undefined) return { ...common, result: 'failed', failure: blocked }
  if (plan.changes.length === 0) return { ...common, result: 'no-changes' }
  const reviewed = await context.findReview?.()
  const verdict = reviewed === undefined ? {} : holdAgainstReview(plan, reviewed)
  const review = verdict.review === undefined ? {} : { review: verdict.review }
  if (verdict.failure !== undefined) {
    return { ...common, ...review, result: 'failed', failure: verdict.failure }
  }
  if (verdict.review !== undefined && verdict.review.gone > 0) {
    context.log.info(`${verdict.review.gone} reviewed changes are no longer needed.`)
  }
  await context.onBegin(plan, reviewed)
  const outcomes = await makeChanges(context, observation)
  const wrote = outcomes.some(o => o.result === 'done' || o.result === 'unfinished')
  const failure = explainOutcomes(outcomes, wrote)
  if (failure !== undefined) {
    return { ...common, ...review, outcomes, result: wrote ? 'partial' : 'failed', failure }
  }
  const remaining = await verify(context, plan.changes)
  if (remaining.length === 0) return { ...common, ...review, outcomes, result: 'applied' }
  return {
    ...common,
    ...review,
    outcomes,
    remaining,
    result: wrote ? 'partial' : 'failed',
    failure: {
      reason: 'not-converged',
      message: `Everything was written, and ${remaining.length} differences are there when Azure is read again: somebody else may be changing the same things.`,
      remedy: 'Look at what is left, stop what else writes it (a policy, another workflow), then run the same job again.',
    },
  }
}

async function makeChanges(
  context: ApplyContext,
  observation: Observation,
): Promise<readonly Outcome[]> {
  const { arm, topology, log } = context
  const { plan } = observation
  return await log.group(`Apply ${plan.changes.length} changes for ${topology.name}`, () =>
    applyChanges(plan.changes, {
      arm,
      topology: topology.name,
      scopeId: topology.privateLinkScope.id.text,
      waitMs: context.waitMs,
      maxConcurrency: context.maxConcurrency,
      stop: context.stop,
      giveUp: context.giveUp,
      findDark: () => findDark(context),
      onProgress: progress => {
        if (progress.latest !== undefined) log.info(outcomeLine(progress.latest))
        log.progress(
          `${progress.ended.length} of ${progress.total} ended, ${progress.running.length} running.`,
        )
        context.onProgress(plan, progress)
      },
    }),
  )
}

/** Every target that would go dark if ingestion were closed now, read exactly from the providers. */
async function findDark(context: ApplyContext): Promise<readonly string[]> {
  const first = await observeOnce(context, [])
  const asks = first.desired.world.targets.flatMap(({ target }): readonly Ask[] => [
    { what: 'association', id: target.id },
    { what: 'ruleAssociations', id: target.id },
  ])
  const { desired, estate } = await observeOnce(context, asks)
  const resolved = new Set(desired.world.targets.map(t => t.key))
  const unknown = [...desired.named].filter(key => !resolved.has(key)).toSorted()
  return [
    ...unknown.map(key => `${key} can't be read`),
    ...darkTargets(desired, presentState(estate)).map(explainLoss),
  ]
}

/** Reads again, from the providers, all that the apply touched; gives what is still not as the file says. */
async function verify(
  context: ApplyContext,
  changes: readonly Change[],
): Promise<readonly Change[]> {
  return await context.log.group(`Read Azure again for ${context.topology.name}`, async () => {
    const { plan } = await observeOnce(context, changes.flatMap(asksAbout))
    context.log.info(
      plan.changes.length === 0
        ? 'Azure is as the file says.'
        : `${plan.changes.length} differences are left.`,
    )
    return plan.changes
  })
}

function asksAbout(change: Change): readonly Ask[] {
  const object = change.after ?? change.before
  switch (object?.kind) {
    case 'dataCollectionEndpoint':
      return [{ what: 'endpoint', id: object.id }]
    case 'association':
      return [{ what: 'association', id: object.target }]
    case 'scopedResource':
    case 'accessModes':
    case undefined:
      return []
  }
}

async function observeOnce(context: ApplyContext, firstAsk: readonly Ask[]): Promise<Observation> {
  return await observe(context.arm, context.topology, {
    waitMs: context.waitMs,
    log: line => context.log.info(line),
    thinking: { limits: context.limits, pendingWaivers: context.pendingWaivers },
    firstAsk,
  })
}

/** Why an apply did not do everything; `undefined` when it did. */
function explainOutcomes(outcomes: readonly Outcome[], wrote: boolean): Failure | undefined {
  const bad = outcomes.filter(o => o.result !== 'done' && o.result !== 'already')
  const [first] = [
    ...bad.filter(o => o.result === 'failed'),
    ...bad.filter(o => o.result === 'changed'),
    ...bad,
  ]
  if (first === undefined) return undefined
  const done = outcomes.length - bad.length
  const message = `${done} of ${outcomes.length} changes are done. ${first.problem?.message ?? ''}`.trim()
  const remedy = first.problem?.remedy ?? 'Run the same job again.'
  if (wrote) return { reason: 'partial-apply', message, remedy }
  if (first.result === 'changed') return { reason: 'plan-changed', message, remedy }
  const reason = first.result === 'failed' ? (first.problem?.reason ?? 'azure-error') : 'partial-apply'
  return { reason, message, remedy }
}
