import { GitHubError } from '../errors.ts'
import { readBaseFile } from './baseFile.ts'
import type { GitHubClient } from './client.ts'
import type { RunContext } from './event.ts'
import { listAt, textAt } from './gitHubJson.ts'

/** Whether the branch still has the version of the topology file that this run uses. */
export type Currency =
  | { readonly state: 'current' }
  /** `newer` is the commit that last changed the branch's file, if it could be read. */
  | { readonly state: 'superseded'; readonly branch: string; readonly newer: string | undefined }
  /** The branch can't be read; `why` is one sentence. */
  | { readonly state: 'unknown'; readonly why: string }

/** The branch of a run; for a pull request, its base branch. */
export function branchOf({ ref, pullRequest, repository }: RunContext): string | undefined {
  if (pullRequest !== undefined) return pullRequest.baseRef || repository.defaultBranch
  return /^refs\/heads\/(.+)$/.exec(ref)?.[1]
}

/**
 * Checks whether the branch still has this topology file (contract section 4, promise 2): a job that was re-run or
 * waited in a queue must not undo what a newer commit changed.
 *
 * @throws GitHubError when GitHub can't be reached or this token may not read the file.
 */
export async function checkCurrency(
  client: GitHubClient,
  run: RunContext,
  { file, text }: { readonly file: string; readonly text: string },
): Promise<Currency> {
  const branch = branchOf(run)
  // A tag doesn't move.
  if (branch === undefined) return { state: 'current' }
  const now = await readBaseFile(client, file, branch)
  if (now.state === 'unknown') {
    if (now.error !== undefined && now.error.status !== 404) throw now.error
    return { state: 'unknown', why: now.why }
  }
  if (now.state === 'found' && tidy(now.text) === tidy(text)) return { state: 'current' }
  return { state: 'superseded', branch, newer: await findNewer(client, branch, file) }
}

/** Ignores line endings, which depend on the checkout (`core.autocrlf`), and the BOM, which the API read drops. */
function tidy(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
}

async function findNewer(
  client: GitHubClient,
  branch: string,
  file: string,
): Promise<string | undefined> {
  try {
    const { data } = await client.call('GET /repos/{owner}/{repo}/commits', {
      parameters: { path: file, sha: branch, per_page: 1 },
      purpose: `read when ${file} was changed last on ${branch}`,
      permission: 'contents: read',
    })
    return textAt(listAt({ data }, 'data')[0], 'sha')
  } catch (error) {
    // Only the commit's name in the message is lost.
    if (error instanceof GitHubError) return undefined
    throw error
  }
}
