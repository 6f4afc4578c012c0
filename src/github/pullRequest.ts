import { GitHubError } from '../errors.ts'
import type { GitHubClient } from './client.ts'
import type { EventPullRequest } from './event.ts'
import { at, textAt } from './gitHubJson.ts'

/** Whether this run may still write the comment of a pull request. */
export type Writable =
  | { readonly current: true }
  | {
      readonly current: false
      /** One sentence. */
      readonly why: string
    }

/**
 * Checks whether a plan made for this event may still be shown on its pull request.
 *
 * Not after the merge: the comment is the review, and a re-run job must not replace it with an unreviewed plan.
 * Not after it was closed: the plan is moot. Not when there are newer commits: their run writes a newer plan.
 *
 * When GitHub doesn't show the pull request (404), returns `current`: writing the comment then succeeds or fails.
 *
 * @throws GitHubError when GitHub can't be reached.
 */
export async function checkWritable(
  client: GitHubClient,
  { number, headSha }: EventPullRequest,
): Promise<Writable> {
  const data = await readPull(client, number)
  if (at(data, 'merged') === true)
    return {
      current: false,
      why: `Pull request #${number} is merged, and its plan comment is the review.`,
    }
  if (textAt(data, 'state') === 'closed')
    return {
      current: false,
      why: `Pull request #${number} is closed.`,
    }
  const head = textAt(data, 'head', 'sha')
  if (head !== undefined && headSha !== '' && head !== headSha)
    return {
      current: false,
      why: `Pull request #${number} has newer commits; their run writes the plan comment.`,
    }
  return { current: true }
}

async function readPull(client: GitHubClient, number: number): Promise<unknown> {
  try {
    const { data } = await client.call('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      parameters: { pull_number: number },
      purpose: `read pull request #${number}`,
      permission: 'pull-requests: read',
    })
    return data
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined
    throw error
  }
}
