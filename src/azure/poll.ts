/**
 * How often something is looked at that takes Azure 10 to 40 seconds: each time after a tenth of what
 * it has taken so far, within bounds (an interval of a tenth of the elapsed time, 0.1 to 1 s). Scope writes are serial, so time in which nobody
 * looks is lost: half a second of twenty, at the price of some forty reads.
 */
const leastMs = 100
const mostMs = 1000
const share = 0.1

/** Waits; ends early, without an error, when the signal is given. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}

/** Reads again and again until it is done or the time is up; gives what was read last. */
export async function pollUntil<T>(options: {
  readonly waitMs: number
  readonly read: () => Promise<T>
  readonly isDone: (value: T) => boolean
  /** How long to wait before the next look, in milliseconds, when Azure said. */
  readonly retryAfterMs?: (value: T) => number | undefined
  readonly signal?: AbortSignal
}): Promise<T> {
  const begun = Date.now()
  const isOver = () => options.signal?.aborted === true
  for (;;) {
    const value = await options.read()
    const elapsed = Date.now() - begun
    const left = options.waitMs - elapsed
    if (options.isDone(value) || left <= 0 || isOver()) return value
    const step = Math.min(mostMs, Math.max(leastMs, elapsed * share))
    await pause(Math.min(options.retryAfterMs?.(value) ?? step, left), options.signal)
    // Given while waiting: what was seen last is what there is to tell.
    if (isOver()) return value
  }
}
