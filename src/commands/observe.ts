import { answer } from '../azure/look/answer.ts'
import type { Arm } from '../azure/arm.ts'
import { look } from '../azure/look/look.ts'
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
  /** Also read the network around the scope (input `check-network`). */
  readonly checkNetwork: boolean
  /** What an apply just wrote: read exactly, before anything is proposed. */
  readonly written?: Written
  /** Questions to answer besides the plan's own, as far as they are known by now. */
  readonly insist?: (seen: Observation) => readonly Question[]
}

export interface Observation extends Proposal {
  readonly estate: OpenEstate
}

/** More rounds than the longest chain of questions: targets → rules → endpoints → changes → uses. */
const mostRounds = 24

/**
 * The step that plan, drift and apply share: read Azure, propose a plan, answer its questions, and propose again
 * until it has none. When one change proves to rest on stale data, every change is confirmed.
 */
export async function observe(
  arm: Arm,
  topology: Topology,
  options: ObserveOptions,
): Promise<Observation> {
  const estate = await (options.written === undefined
    ? look(arm, topology, options)
    : lookAfterWrites(arm, topology, options, options.written))
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
      throw new Error('Azure kept changing while it was read, and the plan did not settle.')
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

/** What a command may read in addition to what every plan reads. */
export type ObserveMore = Partial<Pick<ObserveOptions, 'written' | 'insist' | 'checkNetwork'>>

/** Runs `observe` with the options of the command. */
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
