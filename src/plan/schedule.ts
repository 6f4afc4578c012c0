import type { Outcome } from './outcome.ts'
import type { Change } from './plan.ts'
import { isClosing } from './order.ts'

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
  const waiting = new Map(changes.map(change => [change.key, change]))
  const running = new Map<string, Change>()
  const done = new Set<string>()
  const weights = countDependents(changes)
  const places = new Map(changes.map((change, index) => [change.key, index]))
  const byWeight = (a: Change, b: Change) =>
    (weights.get(b.key) ?? 0) - (weights.get(a.key) ?? 0) ||
    (places.get(a.key) ?? 0) - (places.get(b.key) ?? 0)
  const isReady = (change: Change): boolean =>
    change.dependsOn.every(key => done.has(key)) &&
    (!isClosing(change) || waiting.size + running.size === 1)

  /** Leaves out all that can no longer be done, also what depends on that in turn. */
  const skipFrom = (failed: string, why: string): Outcome[] => {
    const skipped: Outcome[] = []
    const causes = [failed]
    for (let cause = causes.pop(); cause !== undefined; cause = causes.pop()) {
      for (const change of [...waiting.values()]) {
        if (!change.dependsOn.includes(cause)) continue
        waiting.delete(change.key)
        causes.push(change.key)
        skipped.push(leaveOut(change, 'skipped', why))
      }
    }
    return skipped
  }

  return {
    next() {
      const ready = [...waiting.values()].filter(isReady).toSorted(byWeight)
      const started: Change[] = []
      let scopeIsBusy = [...running.values()].some(writesScope)
      let free = options.maxConcurrency - [...running.values()].filter(c => !writesScope(c)).length
      for (const change of ready) {
        if (writesScope(change)) {
          if (scopeIsBusy) continue
          scopeIsBusy = true
        } else {
          if (free <= 0) continue
          free--
        }
        waiting.delete(change.key)
        running.set(change.key, change)
        started.push(change)
      }
      return started
    },
    settle(outcome) {
      running.delete(outcome.change.key)
      if (outcome.result === 'done' || outcome.result === 'already') {
        done.add(outcome.change.key)
        return []
      }
      return skipFrom(outcome.change.key, `${nameOfChange(outcome.change)} was not done.`)
    },
    cancel(why) {
      const left = [...waiting.values()].map(change => leaveOut(change, 'cancelled', why))
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
export function writesScope(change: Change): boolean {
  return change.kind === 'scopedResource' || change.kind === 'accessModes'
}

function leaveOut(change: Change, result: 'skipped' | 'cancelled', why: string): Outcome {
  const remedy =
    result === 'skipped' ? 'Mend that, then run the same job again.' : 'Run the same job again.'
  return { change, result, elapsed: 0, problem: { message: why, remedy } }
}

function nameOfChange(change: Change): string {
  return `"${change.action} ${change.id}"`
}

/** How many changes wait for each, directly or not: what unlocks most comes first. */
function countDependents(changes: readonly Change[]): ReadonlyMap<string, number> {
  const dependents = new Map<string, string[]>()
  for (const change of changes) {
    if (isClosing(change)) continue
    for (const key of change.dependsOn) {
      const known = dependents.get(key)
      if (known === undefined) dependents.set(key, [change.key])
      else known.push(change.key)
    }
  }
  const reach = (key: string, seen: Set<string>): Set<string> => {
    for (const next of dependents.get(key) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      reach(next, seen)
    }
    return seen
  }
  return new Map(changes.map(change => [change.key, reach(change.key, new Set()).size]))
}
