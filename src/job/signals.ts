import { setMaxListeners } from 'node:events'
import type { Log } from './log.ts'

export interface Signals {
  /** Aborted when the job is cancelled or nears its limit: start nothing new. */
  readonly stop: AbortSignal
  /** Aborted a few seconds later: stop waiting for running work. */
  readonly giveUp: AbortSignal
  /** Removes the listeners, so that the process can end. */
  end(): void
}

/** GitHub sends SIGINT, 7.5 s later SIGTERM, and kills 2.5 s after that; this leaves time to report. */
const graceMs = 7000

/** GitHub ends a job after 6 hours; the job began before this process did. */
const longestMs = (5 * 60 + 40) * 60_000

/** Watches for cancellation and for GitHub's time limit. */
export function watchSignals(log: Log): Signals {
  const stop = new AbortController()
  const giveUp = new AbortController()
  // Every request and wait in flight adds a listener, so no limit applies.
  setMaxListeners(0, stop.signal, giveUp.signal)
  const timers: NodeJS.Timeout[] = []
  const begin = (why: string): void => {
    if (stop.signal.aborted) return
    log.info(`${why}: no more changes are started; those in progress are finished.`)
    stop.abort()
    timers.push(setTimeout(() => giveUp.abort(), graceMs))
  }
  const onSignal = (): void => begin('The job is being cancelled')
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const limit = setTimeout(() => begin('The job is close to the limit of 6 hours'), longestMs)
  limit.unref()
  timers.push(limit)
  return {
    stop: stop.signal,
    giveUp: giveUp.signal,
    end() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      for (const timer of timers) clearTimeout(timer)
      // The report is out; a hanging request must not keep the process alive until it is killed.
      if (giveUp.signal.aborted) setTimeout(() => process.exit(), 250).unref()
    },
  }
}

/**
 * Waits for `work`. Once `giveUp` is aborted it waits only the given milliseconds more, and then returns
 * `late()` instead.
 */
export async function beforeTheEnd<T>(
  giveUp: AbortSignal,
  milliseconds: number,
  work: Promise<T>,
  late: () => T,
): Promise<T> {
  const timers: NodeJS.Timeout[] = []
  const end = new Promise<'late'>((resolve) => {
    const begin = () => void timers.push(setTimeout(() => resolve('late'), milliseconds))
    if (giveUp.aborted) begin()
    else giveUp.addEventListener('abort', begin, { once: true })
  })
  try {
    const first = await Promise.race([work.then((value) => ({ value })), end])
    return first === 'late' ? late() : first.value
  } finally {
    for (const timer of timers) clearTimeout(timer)
  }
}
