/** How often something is looked at that takes Azure 10 to 40 seconds: soon at first, every two seconds later. */
const firstMs = 100
const mostMs = 2000
const growth = 1.6

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
  const until = Date.now() + options.waitMs
  let step = firstMs
  for (;;) {
    const value = await options.read()
    const left = until - Date.now()
    if (options.isDone(value) || left <= 0 || options.signal?.aborted === true) return value
    const wait = options.retryAfterMs?.(value) ?? step
    step = Math.min(mostMs, step * growth)
    await pause(Math.min(wait, left), options.signal)
  }
}
