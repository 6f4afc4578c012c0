import { AzureError, InputError } from '../errors.ts'
import type { Outcome, Problem } from '../plan/outcome.ts'
import type { Change } from '../plan/plan.ts'
import { makeSchedule } from '../plan/schedule.ts'
import { asAzureError } from './arm.ts'
import { PremiseError, UnfinishedError, write, type WriteContext } from './write.ts'

export interface ApplyOptions extends WriteContext {
  /** Given when the job is stopped: nothing more is started, what runs is let end. */
  readonly stop: AbortSignal
  /** Writes in flight beside the scope's one. */
  readonly maxConcurrency: number
  /** Called when something ended, with all outcomes so far and what is running now. */
  readonly onProgress: (progress: Progress) => void
}

export interface Progress {
  readonly ended: readonly Outcome[]
  readonly latest?: Outcome
  readonly running: readonly Change[]
  readonly total: number
}

/**
 * Makes the changes of a plan: the only function that is given something that can write. Each starts
 * as soon as what it depends on is done; what fails leaves out what depends on it, and nothing else.
 * When stopped it starts nothing more, lets what runs end, and tells what was not done.
 */
export async function apply(
  changes: readonly Change[],
  options: ApplyOptions,
): Promise<readonly Outcome[]> {
  const schedule = makeSchedule(changes, options)
  const outcomes = new Map<string, Outcome>()
  const running = new Map<string, Promise<Outcome>>()
  const record = (all: readonly Outcome[]): void => {
    for (const outcome of all) {
      outcomes.set(outcome.change.key, outcome)
      options.onProgress({
        ended: [...outcomes.values()],
        latest: outcome,
        running: changes.filter(c => running.has(c.key)),
        total: changes.length,
      })
    }
  }
  const stopped = new Promise<undefined>(resolve => {
    if (options.stop.aborted) resolve(undefined)
    else options.stop.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  while (!schedule.isDone) {
    if (options.stop.aborted) record(schedule.cancel('The job was stopped before this was begun.'))
    else {
      for (const change of schedule.next()) running.set(change.key, applyOne(change, options))
    }
    if (running.size === 0) break
    const ended = await Promise.race(
      options.stop.aborted ? running.values() : [...running.values(), stopped],
    )
    if (ended === undefined) continue
    running.delete(ended.change.key)
    const left = schedule.settle(ended)
    record([ended, ...left])
  }
  return changes.flatMap(change => outcomes.get(change.key) ?? [])
}

/** Never throws: what goes wrong is the outcome. */
async function applyOne(change: Change, context: WriteContext): Promise<Outcome> {
  const begun = Date.now()
  const outcome = (result: Outcome['result'], problem?: Problem): Outcome => ({
    change,
    result,
    elapsed: Date.now() - begun,
    ...(problem === undefined ? {} : { problem }),
  })
  try {
    return outcome(await write(change, context))
  } catch (error) {
    if (error instanceof PremiseError) {
      return outcome('changed', { message: error.message, remedy: error.remedy })
    }
    if (error instanceof UnfinishedError) {
      return outcome('unfinished', { message: error.message, remedy: error.remedy })
    }
    return outcome('failed', describe(error, `${change.action} ${change.id}`))
  }
}

function describe(error: unknown, what: string): Problem {
  const known =
    error instanceof AzureError || error instanceof InputError ? error : asAzureError(error, what)
  if (!(known instanceof AzureError)) {
    return { message: known.message, remedy: known.remedy, reason: known.reason }
  }
  return {
    message: known.message,
    remedy: known.remedy,
    reason: known.reason,
    ...(known.code === undefined ? {} : { code: known.code }),
    ...(known.status === undefined ? {} : { status: known.status }),
    ...(known.correlationId === undefined ? {} : { correlationId: known.correlationId }),
  }
}
