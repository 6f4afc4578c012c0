import { AzureError, GitHubError, InputError } from '../../errors.ts'
import type { Outcome, Problem } from '../../plan/schedule/outcome.ts'
import type { Change } from '../../plan/plan.ts'
import { checkedBeforeWrites, isDestructive } from './destructive.ts'
import { makeSchedule } from '../../plan/schedule/schedule.ts'
import { spread } from '../../plan/schedule/spread.ts'
import { asAzureError } from '../arm.ts'
import { gate, type Gate } from '../http/gate.ts'
import { isAbort } from '../http/clock.ts'
import { write } from './write.ts'
import {
  PremiseError,
  StoppedError,
  SupersededError,
  UnfinishedError,
  type WriteContext,
} from './context.ts'

export interface ApplyOptions extends Omit<WriteContext, 'inFlight'> {
  /** The most writes in flight, not counting the scope's. */
  readonly maxConcurrency: number
  /** Called when a change ended, with all outcomes so far and the running changes. */
  readonly onProgress: (progress: Progress) => void
  /**
   * Called right before each destructive write. Throws a `SupersededError` if a newer run is
   * responsible now; then nothing else is started either.
   */
  readonly beforeDestructiveWrite: () => Promise<void>
}

export interface Progress {
  readonly ended: readonly Outcome[]
  readonly latest?: Outcome
  readonly running: readonly Change[]
  readonly total: number
}

/**
 * Applies the changes of a plan; the only function that gets a writing client. Each change starts
 * as soon as its dependencies are done; a failure skips only what depends on it. When stopped, it
 * starts nothing new, lets running changes end, and reports what was not done.
 */
export async function applyPlan(
  changes: readonly Change[],
  options: ApplyOptions,
): Promise<readonly Outcome[]> {
  // Starts more changes than may write at a time, so that the reads before writes don't delay
  // others.
  const schedule = makeSchedule(spread(changes), {
    maxConcurrency: options.maxConcurrency * startedPerWrite,
  })
  const places = gate(options.maxConcurrency)
  const halt = new AbortController()
  const stop = AbortSignal.any([options.stop, halt.signal])
  const context: WriteContext = {
    ...options,
    stop,
    inFlight: (send) => through(places, stop, send),
  }
  const begin = (change: Change): Promise<Outcome> =>
    applyOne(
      change,
      isDestructive(change)
        ? checkedBeforeWrites(context, change, options.beforeDestructiveWrite)
        : context,
      () => halt.abort(),
    )
  const outcomes = new Map<string, Outcome>()
  const running = new Map<string, { readonly change: Change; readonly end: Promise<Outcome> }>()
  const record = (all: readonly Outcome[]): void => {
    for (const outcome of all) {
      outcomes.set(outcome.change.key, outcome)
      options.onProgress({
        // Computed on demand: thousands of changes end, but the display updates once a minute.
        get ended() {
          return [...outcomes.values()]
        },
        latest: outcome,
        running: [...running.values()].map(({ change }) => change),
        total: changes.length,
      })
    }
  }
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined)
    else stop.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  while (!schedule.isDone) {
    if (stop.aborted) record(schedule.cancel(new StoppedError().message))
    else {
      for (const change of schedule.next()) running.set(change.key, { change, end: begin(change) })
    }
    if (running.size === 0) break
    const ends = [...running.values()].map(({ end }) => end)
    const ended = await Promise.race(stop.aborted ? ends : [...ends, stopped])
    if (ended === undefined) continue
    running.delete(ended.change.key)
    const left = schedule.settle(ended)
    record([ended, ...left])
  }
  return changes.flatMap((change) => outcomes.get(change.key) ?? [])
}

/** Changes started per write that may be in flight: a read takes about half as long as a write. */
const startedPerWrite = 3

/** A change that was only reading when the job was stopped does not write afterwards. */
async function through<T>(places: Gate, stop: AbortSignal, send: () => Promise<T>): Promise<T> {
  const leave = await places.enter()
  try {
    if (stop.aborted) throw new StoppedError()
    return await send()
  } finally {
    leave()
  }
}

/** Never throws: a failure becomes the outcome. */
async function applyOne(change: Change, context: WriteContext, halt: () => void): Promise<Outcome> {
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
    if (error instanceof StoppedError) {
      return outcome('cancelled', { message: error.message, remedy: error.remedy })
    }
    if (error instanceof SupersededError) {
      halt()
      return outcome('cancelled', { message: error.message, remedy: error.remedy })
    }
    if (error instanceof UnfinishedError) {
      return outcome('unfinished', { message: error.message, remedy: error.remedy })
    }
    if (context.giveUp.aborted && wasAborted(error)) {
      const { message, remedy } = new UnfinishedError(
        'Azure had not answered when the time was up.',
      )
      return outcome('unfinished', { message, remedy })
    }
    return outcome('failed', describe(error, `${change.action} ${change.id}`))
  }
}

function wasAborted(error: unknown): boolean {
  return isAbort(error) || (error instanceof AzureError && error.code === 'Aborted')
}

function describe(error: unknown, what: string): Problem {
  if (error instanceof GitHubError) {
    return { message: error.message, remedy: error.remedy, reason: error.reason }
  }
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
