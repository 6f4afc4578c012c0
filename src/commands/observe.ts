import { answer } from '../azure/look/answer.ts'
import type { Arm } from '../azure/arm.ts'
import { lookAfterWrites, type Written } from '../azure/look/lookAfterWrites.ts'
import { lookAtNetwork } from '../azure/look/network/lookAtNetwork.ts'
import { type LookOptions, type OpenEstate } from '../azure/look/openEstate.ts'
import type { Question } from '../estate/question.ts'
import { unanswered } from '../plan/confirm.ts'
import { propose, type ProposeOptions, type Proposal } from '../plan/propose.ts'
import type { Topology } from '../topology/topology.ts'
import type { LookContext } from './context.ts'

export interface ObserveOptions extends LookOptions {
  readonly proposing: Omit<ProposeOptions, 'confirmAll' | 'network'>
  /** Look at the network around the scope as well (input `check-network`). */
  readonly checkNetwork: boolean
  /** What an apply wrote before: it is read exactly at once. */
  readonly written?: Written
  /** What must be read exactly beside what the plan asks for, as far as it is known by now. */
  readonly insist?: (seen: Observation) => readonly Question[]
}

export interface Observation extends Proposal {
  readonly estate: OpenEstate
}

/** More rounds than any chain of questions has: targets → rules → endpoints → changes → uses. */
const mostRounds = 24

/**
 * The step that plan, drift and apply share: look at Azure, propose a plan, read what that asks for, and
 * propose again until nothing is asked. When a change that was about to be shown proves stale, every
 * change is confirmed.
 */
export async function observe(
  arm: Arm,
  topology: Topology,
  options: ObserveOptions,
): Promise<Observation> {
  const estate = await lookAfterWrites(arm, topology, options, options.written)
  const network = options.checkNetwork ? await lookAtNetwork(arm, topology, estate) : undefined
  const consider = (confirmAll: boolean): Proposal => {
    const proposal = propose(topology, estate, { ...options.proposing, confirmAll, network })
    const insisted = unanswered(estate, options.insist?.({ ...proposal, estate }) ?? [])
    if (insisted.length === 0) return proposal
    return { ...proposal, questions: unanswered(estate, [...proposal.questions, ...insisted]) }
  }
  let confirmAll = false
  let proposal = consider(confirmAll)
  for (let round = 0; proposal.questions.length > 0; round++) {
    if (round === mostRounds) {
      throw new Error('Azure kept changing while it was read: questions are still open.')
    }
    if (proposal.questions.length > 20) {
      options.log(`Reading ${proposal.questions.length} resources exactly, to confirm the plan.`)
    }
    await answer(arm, topology, estate, proposal.questions)
    const again = consider(confirmAll)
    const provedStale = proposal.confirming && again.plan.fingerprint !== proposal.plan.fingerprint
    proposal = provedStale && !confirmAll ? consider(true) : again
    confirmAll ||= provedStale
  }
  return { ...proposal, estate }
}

/** What a command may want to be looked at beside what every plan wants. */
export type ObserveMore = Partial<Pick<ObserveOptions, 'written' | 'insist' | 'checkNetwork'>>

/** Looks at Azure with the options of the command. */
export async function observeIn(
  context: LookContext,
  more: ObserveMore = {},
): Promise<Observation> {
  return await observe(context.arm, context.topology, {
    waitMs: context.waitMs,
    signal: context.giveUp,
    log: (line) => context.log.info(line),
    proposing: {
      limits: context.limits,
      pendingWaivers: context.pendingWaivers,
      otherMarks: context.otherMarks,
    },
    checkNetwork: context.checkNetwork,
    ...more,
  })
}
