import { GitHubError } from '../errors.ts'
import type { Run } from '../run.ts'

/** Writes on GitHub, one thing after another. What GitHub refuses is a warning and no more, once for each reason. */
export interface CommentQueue {
  /** Does it once what came before is done; not at all when GitHub refused something before. */
  add(work: () => Promise<void>): void
  /** The same, and waits for it; also when GitHub refused before, since at the end it may work again. */
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
      if (!refusals.has(error.message)) sayWhy(error, run)
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

/** Why there is no comment. */
function sayWhy(error: GitHubError, { context, log, traits }: Run): void {
  // The token of a fork or of Dependabot only reads unless the workflow says otherwise: to be expected.
  const isForeign = context.isFork || context.isDependabot
  const lacks = isForeign && error.status === 403
  if (context.isDependabot && lacks) log.info(error.message)
  else if (lacks && traits.comment === 'writes') {
    log.warning(
      `${error.message} This pull request comes from a fork, whose token may not write: it has no plan comment, so its merge will need a plan of its own (push the branch to this repository, or apply by hand).`,
    )
  } else log.warning(`${error.message} ${error.remedy}`)
}
