import { planLines } from '../render/logLines.ts'
import type { Report } from '../report.ts'
import type { CommandContext, LookContext } from './context.ts'
import { findBlock, reportOf } from './reportOf.ts'
import { type Observation, type ObserveMore, observeIn } from './observe.ts'

/** `plan`: compare, and show it. */
export async function plan(context: CommandContext): Promise<Report> {
  const observation = await observeAndTell(context)
  const common = reportOf(context, observation)
  const failure = findBlock(common.diagnostics)
  if (failure !== undefined)
    return { ...common, command: 'plan', situation: 'blocked', result: 'failed', failure }
  return observation.plan.changes.length === 0
    ? { ...common, command: 'plan', situation: 'nothing', result: 'no-changes' }
    : { ...common, command: 'plan', situation: 'planned', result: 'changes' }
}

/** Compares topology and Azure, and tells in the log what came of it. */
export async function observeAndTell(
  context: LookContext,
  more: ObserveMore = {},
): Promise<Observation> {
  const { arm, topology, log } = context
  const observation = await log.group(`Look at Azure for ${topology.name}`, async () => {
    const observed = await observeIn(context, more)
    const { counts } = arm
    log.info(
      `Read ${observed.desired.world.targets.length} targets with ${counts.queries} queries, ${counts.reads} reads and ${counts.signIns} requests for sign-in.`,
    )
    return observed
  })
  await log.group(`Plan for ${topology.name}`, () => {
    for (const line of planLines(observation.plan)) log.info(line)
  })
  return observation
}
