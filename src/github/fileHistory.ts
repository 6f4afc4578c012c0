import { GitHubError } from '../errors.ts'
import { decodePlanData } from '../render/carried/planData.ts'
import { decodeShown } from '../render/carried/shown.ts'
import type { FileHistory } from '../render/driftCauses.ts'
import { findSelf } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { findComments } from './ownComments.ts'
import type { RunContext } from './event.ts'
import { listAt, textAt } from './gitHubJson.ts'
import { findMergedPull } from './mergedPulls.ts'

/**
 * When the topology file last changed on the branch that is checked out, and what the pull request
 * that brought it there has applied, where its comment says that all of it was. `undefined` when
 * the branch's history doesn't hold the file.
 *
 * @throws GitHubError when GitHub can't be asked.
 */
export async function readFileHistory(
  client: GitHubClient,
  run: RunContext,
  { file, topology }: { readonly file: string; readonly topology: string },
): Promise<FileHistory | undefined> {
  const { data } = await client.call('GET /repos/{owner}/{repo}/commits', {
    parameters: { path: file, sha: run.sha, per_page: 1 },
    purpose: `read when ${file} was changed last`,
    permission: 'contents: read',
  })
  const [commit] = listAt({ data }, 'data')
  const sha = textAt(commit, 'sha')
  // The committer's date is when it came to be as it is; the author's may be much older.
  const at = textAt(commit, 'commit', 'committer', 'date')
  if (sha === undefined || at === undefined) return undefined
  // Only finer words hang on it, and a job of drift alone may not read pull requests.
  const applied = await findApplied(client, { ...run, sha }, topology).catch(ignoreRefusal)
  return { commit: sha, at, ...(applied && { applied }) }
}

/** The changes that the file's last pull request made in full, as its comment tells. */
async function findApplied(
  client: GitHubClient,
  run: RunContext,
  topology: string,
): Promise<FileHistory['applied']> {
  const pull = await findMergedPull(client, run, { isPatient: false })
  if (typeof pull === 'string') return undefined
  const pullRequest = pull.number
  const comment = (await findComments(client, pullRequest, topology, await findSelf(client))).at(-1)
  if (comment === undefined || decodeShown(comment.body)?.situation !== 'applied') return undefined
  const { salt = '', digests = [] } = decodePlanData(comment.body) ?? {}
  return { pullRequest, url: comment.url, salt, digests }
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof GitHubError)) throw error
  return undefined
}
