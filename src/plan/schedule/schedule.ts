import { isPartOfScope } from '../../resources/resource.ts'
import { pushTo } from '../../resources/group.ts'
import { nameOf } from '../../resources/id.ts'
import type { Kind, Resource } from '../../resources/resource.ts'
import { isClosing } from '../order.ts'
import type { Outcome } from './outcome.ts'
import type { Change } from '../plan.ts'
import { makeQueue, type Queue } from './queue.ts'

/** How changes are run: one lane for the scope, which takes one write at a time, others side by side. */
export interface Schedule {
  /** Changes that may start now, most unlocking first; taken as started by the call. */
  next(): readonly Change[]
  /** Tells what became of a started change; gives the changes that are thereby left out. */
  settle(outcome: Outcome): readonly Outcome[]
  /** Leaves out everything that hasn't started. */
  cancel(why: string): readonly Outcome[]
  readonly isDone: boolean
  readonly running: number
}

/**
 * Decides what to start when: a change as soon as all it depends on is done, writes to the scope one
 * at a time, at most `maxConcurrency` others in flight. What depends on a change that was not done is
 * left out, and nothing else. A mode is closed after everything else has ended, well or not, if what
 * it depends on is done. Pure bookkeeping: no clock, no I/O.
 */
export function makeSchedule(
  changes: readonly Change[],
  options: { readonly maxConcurrency: number },
): Schedule {
  const dependents = listDependents(changes)
  const ranked = rank(changes, dependents)
  const ranks = new Map(ranked.map((change, index) => [change.key, index]))
  const waiting = new Map(changes.map((change) => [change.key, change]))
  const running = new Map<string, Change>()
  const unmet = new Map(changes.map(({ key, dependsOn }) => [key, new Set(dependsOn).size]))
  const lanes = { scope: makeQueue(), others: makeQueue() }

  /** A change whose last requirement is met goes to its lane; what closes a mode waits for the end. */
  const enqueue = (change: Change): void => {
    if (unmet.get(change.key) !== 0 || isClosing(change)) return
    lanes[writesScope(change) ? 'scope' : 'others'].push(ranks.get(change.key) ?? 0)
  }
  /** The best of a lane; what was left out since it got there is passed over. */
  const take = (lane: Queue): Change | undefined => {
    for (let next = lane.pop(); next !== undefined; next = lane.pop()) {
      const change = ranked[next]
      if (change !== undefined && waiting.has(change.key)) return change
    }
    return undefined
  }
  const start = (change: Change | undefined): readonly Change[] => {
    if (change === undefined) return []
    waiting.delete(change.key)
    running.set(change.key, change)
    return [change]
  }
  const takeLast = (): Change | undefined => {
    const [last] = waiting.size === 1 && running.size === 0 ? waiting.values() : []
    return last !== undefined && isClosing(last) && unmet.get(last.key) === 0 ? last : undefined
  }
  /** Leaves out all that can no longer be done, also what depends on that in turn. */
  const skipFrom = (failed: string, why: string): Outcome[] => {
    const skipped: Outcome[] = []
    const causes = [failed]
    for (let cause = causes.pop(); cause !== undefined; cause = causes.pop()) {
      for (const change of dependents.get(cause) ?? []) {
        if (!waiting.delete(change.key)) continue
        causes.push(change.key)
        skipped.push(leaveOut(change, 'skipped', why))
      }
    }
    return skipped
  }

  changes.forEach(enqueue)
  return {
    next() {
      const started: Change[] = []
      const scopeIsBusy = [...running.values()].some(writesScope)
      if (!scopeIsBusy) started.push(...start(take(lanes.scope)))
      let free =
        options.maxConcurrency - [...running.values()].filter((c) => !writesScope(c)).length
      for (; free > 0; free--) {
        const found = start(take(lanes.others))
        if (found.length === 0) break
        started.push(...found)
      }
      if (started.length === 0) started.push(...start(takeLast()))
      return started.toSorted((a, b) => (ranks.get(a.key) ?? 0) - (ranks.get(b.key) ?? 0))
    },
    settle(outcome) {
      const { change, result } = outcome
      running.delete(change.key)
      if (result !== 'done' && result !== 'already') {
        return skipFrom(change.key, sayCause(change, result))
      }
      for (const next of dependents.get(change.key) ?? []) {
        unmet.set(next.key, (unmet.get(next.key) ?? 0) - 1)
        enqueue(next)
      }
      return []
    },
    cancel(why) {
      const left = [...waiting.values()].map((change) => leaveOut(change, 'cancelled', why))
      waiting.clear()
      return left
    },
    get isDone() {
      return waiting.size === 0 && running.size === 0
    },
    get running() {
      return running.size
    },
  }
}

/** True for writes that Azure takes one at a time per scope (facts, section 0, fact 2). */
export function writesScope({ kind }: Pick<Change, 'kind'>): boolean {
  return isPartOfScope[kind]
}

function leaveOut(change: Change, result: 'skipped' | 'cancelled', why: string): Outcome {
  const remedy =
    result === 'skipped' ? 'Fix that, then run the same job again.' : 'Run the same job again.'
  return { change, result, elapsed: 0, problem: { message: why, remedy } }
}

/** `It depends on the link of amw-weu, which failed.` */
function sayCause(change: Change, result: keyof typeof ends): string {
  const what = nouns[change.kind](change.after ?? change.before)
  return `It depends on ${change.action === 'delete' ? `the delete of ${what}` : what}, which ${ends[result]}.`
}

const ends = {
  failed: 'failed',
  changed: 'changed meanwhile and was left alone',
  skipped: 'was left out',
  cancelled: 'was not begun',
  unfinished: 'is not known to have finished',
} as const

/** What a change is about, in words. */
const nouns: Record<Kind, (resource: Resource | null) => string> = {
  dataCollectionEndpoint: (endpoint) => `the endpoint ${nameOf(endpoint?.id ?? '')}`,
  scopedResource: (link) =>
    `the link of ${nameOf(link?.kind === 'scopedResource' ? link.linkedResourceId : '')}`,
  association: (held) =>
    `the association of ${nameOf(held?.kind === 'association' ? held.target : '')}`,
  accessModes: () => 'the access modes of the scope',
}

type Dependents = ReadonlyMap<string, readonly Change[]>

/** By key of a change, what waits for it, in the order of the plan. */
function listDependents(changes: readonly Change[]): Dependents {
  const dependents = new Map<string, Change[]>()
  for (const change of changes) {
    for (const key of new Set(change.dependsOn)) pushTo(dependents, key, change)
  }
  return dependents
}

/** The changes in the order in which they are begun: what unlocks most first, then as in the plan. */
function rank(changes: readonly Change[], dependents: Dependents): readonly Change[] {
  const reach = (key: string, seen: Set<string>): Set<string> => {
    for (const next of dependents.get(key) ?? []) {
      if (seen.has(next.key) || isClosing(next)) continue
      seen.add(next.key)
      reach(next.key, seen)
    }
    return seen
  }
  return changes
    .map((change) => ({ change, weight: reach(change.key, new Set()).size }))
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ change }) => change)
}
