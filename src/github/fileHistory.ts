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
 * Reads when the topology file last changed on the branch that is checked out, and the changes that its pull
 * request applied, if its comment says that all of them were. `undefined` when the branch's history doesn't
 * contain the file.
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
  // The committer's date is when the commit reached the branch; the author's may be much older.
  const at = textAt(commit, 'commit', 'committer', 'date')
  if (sha === undefined || at === undefined) return undefined
  // It only makes the message more precise, and a drift-only job may not read pull requests.
  const applied = await findApplied(client, { ...run, sha }, topology).catch(ignoreRefusal)
  return { commit: sha, at, ...(applied && { applied }) }
}

/** The changes of the file's last pull request, if its comment says that all were applied. */
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
