import { GitHubError } from '../errors.ts'
import type { GitHubClient } from './client.ts'
import type { RunContext } from './event.ts'
import { listAt, numberAt, textAt } from './gitHubJson.ts'

/** A pull request that was merged into the default branch. */
export interface MergedPull {
  readonly number: number
  /** The head of its branch when it was merged. */
  readonly headSha: string
  /** The commit made by the merge, squash or rebase; empty when the event doesn't say. */
  readonly commit: string
}

/** Pauses between queries for a commit's pull requests: 20 s in all (contract section 7). */
const pausesMs = [1000, 2000, 3000, 4000, 5000, 5000]

/** How many commits of the file's history are read. */
const mostCommits = 30

/**
 * Finds the pull request that brought the run's commit into the default branch, or returns a sentence on why there
 * is none. With `isPatient`, waits some seconds for GitHub to show it.
 */
export async function findMergedPull(
  client: GitHubClient,
  run: RunContext,
  { isPatient = true }: { readonly isPatient?: boolean } = {},
): Promise<MergedPull | string> {
  const { defaultBranch } = run.repository
  const own = run.pullRequest
  if (own) {
    if (!own.merged) return `Pull request #${own.number} is not merged.`
    return own.baseRef === defaultBranch
      ? { number: own.number, headSha: own.headSha, commit: own.mergeCommit }
      : `Pull request #${own.number} was merged into ${own.baseRef}, not into ${defaultBranch}.`
  }
  const pulls = await (isPatient ? listPatiently : listPulls)(client, run.sha)
  const found = best(pulls, run.sha, defaultBranch)
  const where = defaultBranch || 'the default branch'
  if (found !== undefined) return found
  return pulls.length === 0
    ? `GitHub shows no pull request for commit ${run.sha.slice(0, 7)}. Either it was pushed directly to ${where}, or GitHub does not show it yet; then run the job again.`
    : `Commit ${run.sha.slice(0, 7)} did not reach ${where} through a pull request.`
}

/**
 * Yields the pull requests that brought earlier commits of the topology file into the default branch, newest
 * first: a push may contain several, and a run that was displaced by a newer one left its own unapplied. Lazy,
 * because each one costs requests.
 */
export async function* earlierPulls(
  client: GitHubClient,
  run: RunContext,
  file: string,
): AsyncGenerator<MergedPull> {
  const { defaultBranch } = run.repository
  const from = run.pullRequest === undefined ? run.sha : defaultBranch
  const history = await listHistory(client, file, from)
  const commits = new Set([...run.commits.slice(0, mostCommits), ...history.slice(0, mostCommits)])
  commits.delete(run.sha)
  const seen = new Set<number>()
  for (const sha of commits) {
    const pull = best(await listKnownPulls(client, sha), sha, defaultBranch)
    if (pull === undefined || seen.has(pull.number)) continue
    seen.add(pull.number)
    yield pull
  }
}

/** The commits that changed the file. Empty when GitHub refuses: fewer reviews are found then, which is safe. */
async function listHistory(
  client: GitHubClient,
  file: string,
  from: string,
): Promise<readonly string[]> {
  try {
    const { data } = await client.call('GET /repos/{owner}/{repo}/commits', {
      parameters: { path: file, sha: from, per_page: mostCommits },
      purpose: `read which commits changed ${file}`,
      permission: 'contents: read',
    })
    return listAt({ data }, 'data').flatMap((commit) => textAt(commit, 'sha') ?? [])
  } catch (error) {
    const isRefused = error instanceof GitHubError && refusals.includes(error.status ?? 0)
    if (isRefused) return []
    throw error
  }
}

/** Forbidden, not found, an empty repository, not a commit. */
const refusals = [403, 404, 409, 422]

/** Retries: GitHub may show a commit's pull request only seconds after the merge. */
async function listPatiently(client: GitHubClient, sha: string): Promise<readonly unknown[]> {
  let pulls = await listPulls(client, sha)
  for (const ms of pausesMs) {
    if (pulls.length > 0) break
    await client.pause(ms)
    pulls = await listPulls(client, sha)
  }
  return pulls
}

/** Returns no pull requests for a commit of the event that is no longer on any branch. */
async function listKnownPulls(client: GitHubClient, sha: string): Promise<readonly unknown[]> {
  try {
    return await listPulls(client, sha)
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 404 || error.status === 422)) return []
    throw error
  }
}

async function listPulls(client: GitHubClient, sha: string): Promise<readonly unknown[]> {
  return await client.list('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
    parameters: { commit_sha: sha },
    purpose: `find the pull request of commit ${sha}`,
    permission: 'pull-requests: read',
  })
}

function best(
  pulls: readonly unknown[],
  sha: string,
  defaultBranch: string,
): MergedPull | undefined {
  const merged = pulls
    .flatMap((pull) => readMergedPull(pull) ?? [])
    .filter((pull) => pull.base === defaultBranch)
  const [found] = merged.toSorted(
    (a, b) =>
      Number(b.commit === sha) - Number(a.commit === sha) ||
      Date.parse(b.mergedAt) - Date.parse(a.mergedAt) ||
      b.number - a.number,
  )
  return found && { number: found.number, headSha: found.headSha, commit: found.commit }
}

function readMergedPull(
  pull: unknown,
): (MergedPull & { readonly base: string; readonly mergedAt: string }) | undefined {
  const number = numberAt(pull, 'number')
  const mergedAt = textAt(pull, 'merged_at')
  if (number === undefined || mergedAt === undefined) return undefined
  return {
    number,
    mergedAt,
    base: textAt(pull, 'base', 'ref') ?? '',
    commit: textAt(pull, 'merge_commit_sha') ?? '',
    headSha: textAt(pull, 'head', 'sha') ?? '',
  }
}
