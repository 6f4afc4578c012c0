/** Clock and timer of the connection to Azure; injected, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after that time; rejects with an AbortError when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignalLike): Promise<void>
}

/** The Azure SDK's type of a signal: an AbortSignal, or something compatible. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * The longest delay of a Node.js timer; a longer one fires at once
 * (https://nodejs.org/api/timers.html).
 */
const longestTimer = 2 ** 31 - 1

/** The machine's clock. */
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

/** True for the error of a cancelled wait or request, from any source. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
