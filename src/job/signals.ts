import { setMaxListeners } from 'node:events'
import type { Log } from './log.ts'

export interface Signals {
  /** Aborted when the job is cancelled or nears its limit: start nothing new. */
  readonly stop: AbortSignal
  /** Given a little later: there is no time left to wait for what runs. */
  readonly giveUp: AbortSignal
  /** Takes the listeners off, so that the process can end. */
  end(): void
}

/** GitHub sends SIGINT, 7.5 s later SIGTERM, and kills 2.5 s after that; this leaves time to report. */
const graceMs = 7000

/** GitHub ends a job after 6 hours; the job began before this process did. */
const longestMs = (5 * 60 + 40) * 60_000

/** Listens for the end of the job: a cancelled one, or one that nears GitHub's limit. */
export function watchSignals(log: Log): Signals {
  const stop = new AbortController()
  const giveUp = new AbortController()
  // Every request and every wait in flight listens: that many are meant.
  setMaxListeners(0, stop.signal, giveUp.signal)
  const timers: NodeJS.Timeout[] = []
  const begin = (why: string): void => {
    if (stop.signal.aborted) return
    log.info(`${why}: nothing more is started; what runs is let end.`)
    stop.abort()
    timers.push(setTimeout(() => giveUp.abort(), graceMs))
  }
  const onSignal = (): void => begin('The job is being stopped')
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const limit = setTimeout(() => begin('The job nears the limit of 6 hours'), longestMs)
  limit.unref()
  timers.push(limit)
  return {
    stop: stop.signal,
    giveUp: giveUp.signal,
    end() {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      for (const timer of timers) clearTimeout(timer)
      // All is told; a request that hangs must not hold the process until it is killed.
      if (giveUp.signal.aborted) setTimeout(() => process.exit(), 250).unref()
    },
  }
}

/**
 * Waits for work, but only so many milliseconds once there is no time left; then `late` says what to
 * go on with.
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
