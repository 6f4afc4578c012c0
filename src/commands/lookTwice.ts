import { pause } from '../azure/poll.ts'
import type { CommandContext } from './context.ts'

/** Pauses before reading again: a new object may answer 404 for up to a minute (facts, section 3, row 19). */
const secondLooksMs = [1000, 3000, 9000]

/**
 * Reads Azure, and reads again after a pause while `complaint` finds something: shortly after a write, Azure may
 * not show it everywhere yet.
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
    log.info(`${complaint}; reading again in ${ms / 1000} s.`)
    await pause(ms, giveUp)
    seen = await options.look()
  }
  return seen
}
