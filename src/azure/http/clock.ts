/** Time as the connection to Azure sees it: injected, so that a test need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after so many milliseconds; rejects with an AbortError as soon as the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignalLike): Promise<void>
}

/** What the Azure SDK calls a signal: an AbortSignal, or something that behaves like one. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Longest that a timer of Node waits; beyond it fires at once (https://nodejs.org/api/timers.html). */
const longestTimer = 2 ** 31 - 1

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortError())
        return
      }
      const stop = () => {
        clearTimeout(timer)
        reject(abortError())
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        },
        Math.min(milliseconds, longestTimer),
      )
      signal?.addEventListener('abort', stop)
    }),
}

/** The error of a cancelled wait, by the name the SDK and the platform use. */
export function abortError(): Error {
  const error = new Error('The operation was aborted.')
  error.name = 'AbortError'
  return error
}

/** True for the error of a cancelled wait or request, whoever threw it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
