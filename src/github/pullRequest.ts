import { GitHubError } from '../errors.ts'
import type { GitHubClient } from './client.ts'
import type { EventPullRequest } from './event.ts'
import { at, textAt } from './gitHubJson.ts'

/** Whether the comment of a pull request is still this run's to write. */
export type Standing =
  | { readonly current: true }
  | {
      readonly current: false
      /** One sentence. */
      readonly why: string
    }

/**
 * Asks GitHub whether a plan made for this event may still be shown on its pull request.
 *
 * Not when it was merged meanwhile: the comment then is what was reviewed, and a job that is run again
 * must not put a plan there that nobody saw. Not when it was closed: nothing will come of the plan. Not
 * when there are newer commits: their plan is newer too.
 *
 * Where GitHub doesn't show the pull request (404) its comments decide: writing them fails, or doesn't.
 *
 * @throws GitHubError when GitHub can't be asked.
 */
export async function checkStanding(
  client: GitHubClient,
  { number, headSha }: EventPullRequest,
): Promise<Standing> {
  const data = await readPull(client, number)
  if (at(data, 'merged') === true)
    return {
      current: false,
      why: `Pull request #${number} is merged; its plan comment stays as it was reviewed.`,
    }
  if (textAt(data, 'state') === 'closed')
    return {
      current: false,
      why: `Pull request #${number} is closed; its plan comment stays as it is.`,
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
