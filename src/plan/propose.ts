import type { Question } from '../estate/question.ts'
import type { Estate } from '../estate/estate.ts'
import type { NetworkVerdict } from '../network/judge.ts'
import type { Network } from '../network/network.ts'
import { derive, type Desired } from '../rules/derive.ts'
import type { Topology } from '../topology/topology.ts'
import { makeOutlook } from './capabilities.ts'
import { compare } from './compare.ts'
import { findUnconfirmed, unanswered } from './confirm.ts'
import { digestOf, fingerprintOf } from './fingerprint.ts'
import { guard } from './guard.ts'
import { inspectNetwork } from './checks/network.ts'
import { checkPlan } from './checks/checkPlan.ts'
import type { Limits } from './checks/limits.ts'
import { order } from './order.ts'
import type { Plan } from './plan.ts'

/** Result of the pure part of a run: a plan, and the questions to answer before it can be trusted. */
export interface Proposal {
  readonly plan: Plan
  readonly desired: Desired
  readonly questions: readonly Question[]
  /** True if the questions only confirm changes; an answer that changes the plan then proves that Resource Graph was stale. */
  readonly confirming: boolean
  /** Judgement of the network around the scope; present once there are no questions, if the network was read. */
  readonly network?: NetworkVerdict
}

export interface ProposeOptions {
  readonly limits: Limits
  /** True to confirm every change, not only the first creates and updates. */
  readonly confirmAll: boolean
  /** Indexes of waivers that don't count yet, because this pull request adds them. */
  readonly pendingWaivers?: readonly number[]
  /** The network around the scope, if it was read. */
  readonly network?: Network | undefined
  /** Marks of the other topology files of the run. */
  readonly otherMarks?: ReadonlySet<string>
}

/**
 * Makes a plan from topology and estate: derives the desired state, compares, orders and guards. Pure;
 * runs again after each round of answers, until it asks no more questions.
 */
export function propose(topology: Topology, estate: Estate, options: ProposeOptions): Proposal {
  const desired = derive(topology, estate)
  const comparison = compare(desired)
  const ordered = order(comparison.drafts)
  const outlook = makeOutlook(desired, ordered)
  const breaches = guard(outlook, ordered)
  if (breaches.length > 0) {
    const [first] = breaches
    throw new Error(
      `The order of this plan would cut off ${first?.target ?? ''} (${first?.capability ?? ''}, after ${first?.after.join(', ') ?? ''}).`,
    )
  }
  const changes = ordered.map((d) => ({ ...d, digest: digestOf(d) }))
  const needed = unanswered(estate, [...desired.questions, ...comparison.questions])
  const questions =
    needed.length > 0 ? needed : findUnconfirmed(desired, ordered, { all: options.confirmAll })
  const network =
    options.network === undefined || questions.length > 0
      ? undefined
      : inspectNetwork(desired, outlook, ordered, options.network)
  return {
    desired,
    confirming: needed.length === 0,
    questions,
    ...(network === undefined ? {} : { network }),
    plan: {
      topology: topology.name,
      fingerprint: fingerprintOf(
        topology.name,
        changes.map((c) => c.digest),
      ),
      changes,
      unchanged: comparison.unchanged,
      unmanaged: comparison.unmanaged,
      selects: topology.selects.map(({ at }, index) => ({
        line: at.line,
        column: at.column,
        matched: estate.selected[index]?.length ?? 0,
      })),
      diagnostics: checkPlan({ desired, comparison, outlook, changes, network }, options),
    },
  }
}
