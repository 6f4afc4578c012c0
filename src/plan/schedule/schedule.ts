import { isPartOfScope } from '../../resources/resource.ts'
import { pushTo } from '../../resources/group.ts'
import { nameOf } from '../../resources/id.ts'
import type { Kind, Resource } from '../../resources/resource.ts'
import { isClosing } from '../order.ts'
import type { Outcome } from './outcome.ts'
import type { Change } from '../plan.ts'
import { makeQueue, type Queue } from './queue.ts'

/** Decides which changes to start: one at a time for the scope, others concurrently. */
export interface Schedule {
  /** Returns the changes to start now, those that unlock most first, and marks them as started. */
  next(): readonly Change[]
  /** Records the outcome of a started change; returns the outcomes of the changes that are skipped because of it. */
  settle(outcome: Outcome): readonly Outcome[]
  /** Cancels every change that hasn't started. */
  cancel(why: string): readonly Outcome[]
  readonly isDone: boolean
  readonly running: number
}

/**
 * Starts a change as soon as its dependencies are done: writes to the scope one at a time, and at most
 * `maxConcurrency` others. If a change is not done, its dependents are skipped, and nothing else. A
 * write to PrivateOnly starts after everything else has ended, successfully or not, if its dependencies
 * are done. Pure bookkeeping: no clock, no I/O.
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

  /** Puts a change without open dependencies into its lane; writes to PrivateOnly wait for the end. */
  const enqueue = (change: Change): void => {
    if (unmet.get(change.key) !== 0 || isClosing(change)) return
    lanes[writesScope(change) ? 'scope' : 'others'].push(ranks.get(change.key) ?? 0)
  }
  /** Takes the highest-ranked change of a lane; drops changes that were skipped or cancelled meanwhile. */
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
  /** Skips all direct and indirect dependents of a change. */
  const skipFrom = (failed: string, why: string): Outcome[] => {
    const skipped: Outcome[] = []
    const causes = [failed]
    for (let cause = causes.pop(); cause !== undefined; cause = causes.pop()) {
      for (const change of dependents.get(cause) ?? []) {
        if (!waiting.delete(change.key)) continue
        causes.push(change.key)
        skipped.push(notStarted(change, 'skipped', why))
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
        return skipFrom(change.key, describeCause(change, result))
      }
      for (const next of dependents.get(change.key) ?? []) {
        unmet.set(next.key, (unmet.get(next.key) ?? 0) - 1)
        enqueue(next)
      }
      return []
    },
    cancel(why) {
      const left = [...waiting.values()].map((change) => notStarted(change, 'cancelled', why))
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

/** True for writes to a scope, of which Azure accepts only one at a time (facts, section 0, fact 2). */
export function writesScope({ kind }: Pick<Change, 'kind'>): boolean {
  return isPartOfScope[kind]
}

function notStarted(change: Change, result: 'skipped' | 'cancelled', why: string): Outcome {
  const remedy =
    result === 'skipped' ? 'Fix that, then run the same job again.' : 'Run the same job again.'
  return { change, result, elapsed: 0, problem: { message: why, remedy } }
}

/** `It depends on the link of amw-weu, which failed.` */
function describeCause(change: Change, result: keyof typeof ends): string {
  const what = nouns[change.kind](change.after ?? change.before)
  return `It depends on ${change.action === 'delete' ? `the deletion of ${what}` : what}, which ${ends[result]}.`
}

const ends = {
  failed: 'failed',
  changed: 'has changed since the plan and was not written',
  skipped: 'was skipped',
  cancelled: 'was not started',
  unfinished: 'may not have finished',
} as const

/** The object of a change, as a noun phrase. */
const nouns: Record<Kind, (resource: Resource | null) => string> = {
  dataCollectionEndpoint: (endpoint) => `the endpoint ${nameOf(endpoint?.id ?? '')}`,
  scopedResource: (link) =>
    `the link of ${nameOf(link?.kind === 'scopedResource' ? link.linkedResourceId : '')}`,
  association: (association) =>
    `the association of ${nameOf(association?.kind === 'association' ? association.target : '')}`,
  accessModes: () => 'the access modes of the scope',
}

type Dependents = ReadonlyMap<string, readonly Change[]>

/** The changes that wait for each change, by its key, in plan order. */
function listDependents(changes: readonly Change[]): Dependents {
  const dependents = new Map<string, Change[]>()
  for (const change of changes) {
    for (const key of new Set(change.dependsOn)) pushTo(dependents, key, change)
  }
  return dependents
}

/** The changes in start order: those with the most dependents first, then plan order. */
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
