import { parseResourceId } from '../../resources/id.ts'
import type { Change } from '../plan.ts'

/**
 * Reorders changes round-robin by subscription: the first of each subscription, then the second of
 * each, and so on. Azure throttles each subscription separately (facts, section 2.2); in order of id,
 * all requests would wait for one subscription's quota while the others are idle.
 */
export function spread<C extends Pick<Change, 'id'>>(changes: readonly C[]): readonly C[] {
  const taken = new Map<string, number>()
  const rounds: C[][] = []
  for (const change of changes) {
    const subscription = parseResourceId(change.id)?.subscription ?? ''
    const round = taken.get(subscription) ?? 0
    taken.set(subscription, round + 1)
    ;(rounds[round] ??= []).push(change)
  }
  return rounds.flat()
}
