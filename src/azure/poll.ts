/**
 * The polling interval for operations that take Azure 10 to 40 seconds: a tenth of the elapsed
 * time, from 0.1 to 1 s. Scope writes are serial, so any delay in noticing their end adds up: this
 * loses about half a second of twenty, at the price of some forty reads.
 */
const minMs = 100
const maxMs = 1000
const share = 0.1

/** Waits; returns early, without an error, when the signal is aborted. */
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

/** Reads repeatedly until `isDone` or the time is up; returns the last value. */
export async function pollUntil<T>(options: {
  readonly waitMs: number
  readonly read: () => Promise<T>
  readonly isDone: (value: T) => boolean
  /** The wait in milliseconds that Azure asked for, if it did. */
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
    const step = Math.min(maxMs, Math.max(minMs, elapsed * share))
    await pause(Math.min(options.retryAfterMs?.(value) ?? step, left), options.signal)
    // Aborted while waiting: return the last value.
    if (isOver()) return value
  }
}
