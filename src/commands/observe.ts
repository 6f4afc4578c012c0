import { answer } from '../azure/look/answer.ts'
import type { Arm } from '../azure/arm.ts'
import { look, type LookOptions, type OpenEstate } from '../azure/look/look.ts'
import type { Ask } from '../estate/question.ts'
import { unanswered } from '../plan/confirm.ts'
import { think, type ThinkOptions, type Thought } from '../plan/propose.ts'
import type { Topology } from '../topology/topology.ts'
import type { CommandContext } from './context.ts'

export interface ObserveOptions extends LookOptions {
  readonly thinking: Omit<ThinkOptions, 'confirmAll'>
  /** What to read exactly before anything else: after an apply, all that it touched. */
  readonly firstAsk?: readonly Ask[]
  /** What must be read exactly beside what the plan asks for, as far as it is known by now. */
  readonly insist?: (seen: Observation) => readonly Ask[]
}

export interface Observation extends Thought {
  readonly estate: OpenEstate
}

/** More rounds than any chain of questions has: targets → rules → endpoints → changes → uses. */
const mostRounds = 24

/**
 * The step that plan, drift and apply share: look at Azure, think, read what thinking asks for, and
 * think again until nothing is asked. When a change that was about to be shown proves stale, every
 * change is confirmed.
 */
export async function observe(
  arm: Arm,
  topology: Topology,
  options: ObserveOptions,
): Promise<Observation> {
  const estate = await look(arm, topology, options)
  if (options.firstAsk !== undefined && options.firstAsk.length > 0) {
    await answer(arm, topology, estate, unanswered(estate, options.firstAsk))
  }
  const consider = (confirmAll: boolean): Thought => {
    const thought = think(topology, estate, { ...options.thinking, confirmAll })
    const insisted = unanswered(estate, options.insist?.({ ...thought, estate }) ?? [])
    if (insisted.length === 0) return thought
    return { ...thought, asks: unanswered(estate, [...thought.asks, ...insisted]) }
  }
  let confirmAll = false
  let thought = consider(confirmAll)
  for (let round = 0; thought.asks.length > 0; round++) {
    if (round === mostRounds) {
      throw new Error(
        `Azure kept changing while it was read (${thought.asks.length} open questions).`,
      )
    }
    if (thought.asks.length > 20) {
      options.log(`Reading ${thought.asks.length} resources exactly, to confirm the plan.`)
    }
    await answer(arm, topology, estate, thought.asks)
    const again = consider(confirmAll)
    const provedStale = thought.confirming && again.plan.fingerprint !== thought.plan.fingerprint
    thought = provedStale && !confirmAll ? consider(true) : again
    confirmAll ||= provedStale
  }
  return { ...thought, estate }
}

/** Looks at Azure with the options of the command. */
export async function observeIn(
  context: CommandContext,
  more: Pick<ObserveOptions, 'firstAsk' | 'insist'> = {},
): Promise<Observation> {
  return await observe(context.arm, context.topology, {
    waitMs: context.waitMs,
    signal: context.giveUp,
    log: (line) => context.log.info(line),
    thinking: {
      limits: context.limits,
      pendingWaivers: context.pendingWaivers,
      otherMarks: context.otherMarks,
    },
    ...more,
  })
}
