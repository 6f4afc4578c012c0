import { abortError, type AbortSignalLike } from './clock.ts'

/** A counting semaphore. */
export interface Gate {
  /** Waits for a place; resolves with a function that releases it. */
  enter(signal?: AbortSignalLike): Promise<() => void>
}

/** Creates a gate; places are given out first come, first served. */
export function gate(places: number): Gate {
  let free = places
  const waiting: (() => void)[] = []
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  const place = (signal: AbortSignalLike | undefined) =>
    new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        const index = waiting.indexOf(enter)
        if (index < 0) return
        waiting.splice(index, 1)
        reject(abortError())
      }
      waiting.push(enter)
      signal?.addEventListener('abort', giveUp)
    })
  return {
    async enter(signal) {
      if (signal?.aborted) throw abortError()
      if (free > 0) free -= 1
      else await place(signal)
      return leave
    },
  }
}
