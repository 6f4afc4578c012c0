import { GitHubError } from '../errors.ts'
import type { Run } from '../run.ts'

/** Runs writes to GitHub one at a time. A refusal by GitHub becomes a warning, once per reason. */
export interface CommentQueue {
  /** Queues the work; it is skipped if GitHub refused an earlier write. */
  add(work: () => Promise<void>): void
  /** Queues the work and waits for it; runs even after a refusal, because GitHub may accept writes again by then. */
  last<T>(work: () => Promise<T>): Promise<T | undefined>
}

export function makeCommentQueue(run: Run): CommentQueue {
  const refusals = new Set<string>()
  let tail: Promise<unknown> = Promise.resolve()
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
      if (!refusals.has(error.message)) warnOfRefusal(error, run)
      refusals.add(error.message)
      return undefined
    }
  }
  return {
    add: (work) => {
      tail = tail.then(async () => (refusals.size === 0 ? await attempt(work) : undefined))
    },
    last: async (work) => {
      await tail
      return await attempt(work)
    },
  }
}

/** Logs why there is no comment. */
function warnOfRefusal(error: GitHubError, { context, log, traits }: Run): void {
  // Expected: by default the token of a fork or of Dependabot is read-only.
  const isForeign = context.isFork || context.isDependabot
  const lacks = isForeign && error.status === 403
  if (context.isDependabot && lacks) log.info(error.message)
  else if (lacks && traits.comment === 'writes') {
    log.warning(
      `${error.message} This pull request comes from a fork, whose token is read-only, so it has no plan comment and its merge applies nothing: push the branch to this repository to get a reviewable plan, or apply by hand.`,
    )
  } else log.warning(`${error.message} ${error.remedy}`)
}
