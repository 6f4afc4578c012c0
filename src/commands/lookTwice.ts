import { pause } from '../azure/poll.ts'
import type { CommandContext } from './context.ts'

/** Pauses before looking again: what was just made may answer 404 for up to a minute (facts, section 3, row 19). */
const secondLooksMs = [1000, 3000, 9000]

/**
 * Looks at Azure, and again after a while as long as there is something to complain of: shortly
 * after a write it may be the write that isn't known everywhere yet.
 */
export async function lookTwice<T>(
  { log, giveUp }: CommandContext,
  options: {
    readonly look: () => Promise<T>
    /** What is wrong, in a few words; `undefined` when all is well. */
    readonly complaint: (seen: T) => string | undefined
  },
): Promise<T> {
  let seen = await options.look()
  for (const ms of secondLooksMs) {
    const complaint = options.complaint(seen)
    if (complaint === undefined || giveUp.aborted) break
    log.info(`${complaint}; looking again in ${ms / 1000} s.`)
    await pause(ms, giveUp)
    seen = await options.look()
  }
  return seen
}
