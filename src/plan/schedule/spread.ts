import { parseResourceId } from '../../resources/id.ts'
import type { Change } from '../plan.ts'

/**
 * The same changes, those of each subscription in turn: the first of every subscription, then the
 * second of every one, and so on. Azure counts each subscription's reads and writes apart (facts, section 2.2),
 * so that in order of id one allowance would be waited for while the others lie idle.
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
