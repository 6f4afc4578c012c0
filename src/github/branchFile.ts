import { GitHubError } from '../errors.ts'
import { readBaseFile } from './baseFile.ts'
import type { GitHubClient } from './client.ts'
import type { RunContext } from './event.ts'
import { listAt, textAt } from './gitHubJson.ts'

/** Whether the branch still holds the topology file that a run has. */
export type Currency =
  | { readonly state: 'current' }
  /** `newer` says which commit the branch's file is of, where that could be read. */
  | { readonly state: 'superseded'; readonly branch: string; readonly newer: string | undefined }
  /** GitHub shows nothing of the branch; `why` is one sentence. */
  | { readonly state: 'unknown'; readonly why: string }

/** The branch that a run stands for: of a pull request the one that it was merged into. */
export function branchOf({ ref, pullRequest, repository }: RunContext): string | undefined {
  if (pullRequest !== undefined) return pullRequest.baseRef || repository.defaultBranch
  return /^refs\/heads\/(.+)$/.exec(ref)?.[1]
}

/**
 * Asks GitHub whether the branch's topology file is still this one (contract section 4, promise 2): a job that is
 * run again, or was long in a queue, must not bring back what a newer commit has changed.
 *
 * @throws GitHubError when GitHub can't be asked, or this token may not read the file.
 */
export async function checkCurrency(
  client: GitHubClient,
  run: RunContext,
  { file, text }: { readonly file: string; readonly text: string },
): Promise<Currency> {
  const branch = branchOf(run)
  // A tag stays what it is.
  if (branch === undefined) return { state: 'current' }
  const now = await readBaseFile(client, file, branch)
  if (now.state === 'unknown') {
    if (now.error !== undefined && now.error.status !== 404) throw now.error
    return { state: 'unknown', why: now.why }
  }
  if (now.state === 'found' && tidy(now.text) === tidy(text)) return { state: 'current' }
  return { state: 'superseded', branch, newer: await findNewer(client, branch, file) }
}

/** Line ends are the checkout's affair (`core.autocrlf`); the mark of UTF-8 is lost where an answer is read. */
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
    // Only a name is missing then.
    if (error instanceof GitHubError) return undefined
    throw error
  }
}
