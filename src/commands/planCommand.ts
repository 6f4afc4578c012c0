import { planLines } from '../render/logLines.ts'
import type { Report } from '../report.ts'
import type { CommandContext, LookContext } from './context.ts'
import { findBlock, reportOf } from './reportOf.ts'
import { type Observation, type ObserveMore, observeIn } from './observe.ts'

/** `plan`: compares the file with Azure and reports the changes. */
export async function plan(context: CommandContext): Promise<Report> {
  const observation = await observeAndLog(context)
  const common = reportOf(context, observation)
  const failure = findBlock(common.diagnostics)
  if (failure !== undefined)
    return { ...common, command: 'plan', situation: 'blocked', result: 'failed', failure }
  return observation.plan.changes.length === 0
    ? { ...common, command: 'plan', situation: 'nothing', result: 'no-changes' }
    : { ...common, command: 'plan', situation: 'planned', result: 'changes' }
}

/** Compares the topology with Azure and logs the result. */
export async function observeAndLog(
  context: LookContext,
  more: ObserveMore = {},
): Promise<Observation> {
  const { arm, topology, log } = context
  const observation = await log.group(`Read Azure for ${topology.name}`, async () => {
    const observed = await observeIn(context, more)
    const { counts } = arm
    log.info(
      `Read ${observed.desired.world.targets.length} targets with ${counts.queries} queries, ${counts.reads} reads and ${counts.signIns} sign-in requests.`,
    )
    return observed
  })
  await log.group(`Plan for ${topology.name}`, () => {
    for (const line of planLines(observation.plan)) log.info(line)
  })
  return observation
}
