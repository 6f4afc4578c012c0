import type { Job } from '../../simulator/job/job.ts'
import type { GitHubSeed } from '../../simulator/github/state.ts'
import type { Simulator } from '../../simulator/simulator.ts'

/** The repository of a test, and the events of a pull request's life. */
export const repository = { owner: 'octo-org', name: 'platform', defaultBranch: 'main' } as const

const fullName = `${repository.owner}/${repository.name}`
export const githubToken = 'ghs_notARealToken0123456789'
export const topologyFile = '.github/azure-monitor-private-link.yml'

export const commits = {
  head: 'a'.repeat(40),
  base: 'b'.repeat(40),
  merge: 'c'.repeat(40),
  /** Pushed without a pull request. */
  stray: 'd'.repeat(40),
} as const

export const pullNumber = 7

type Files = Readonly<Record<string, string>>

/** A GitHub with pull request 7 open, whose base branch has these files. */
export function seedGitHub(base: Files = { 'README.md': 'x' }): GitHubSeed {
  return {
    repository,
    token: githubToken,
    pulls: [
      {
        number: pullNumber,
        head: { ref: 'feature', sha: commits.head },
        base: { ref: repository.defaultBranch, sha: commits.base },
      },
    ],
    files: { [commits.base]: base },
  }
}

/** The payload's pull request; a fork's head is in another repository. */
function pullRequest(options: { readonly merged?: boolean; readonly fork?: boolean } = {}): object {
  const { merged = false, fork = false } = options
  const head = fork ? 'somebody/platform' : fullName
  return {
    number: pullNumber,
    merged,
    merge_commit_sha: merged ? commits.merge : null,
    head: { ref: 'feature', sha: commits.head, repo: { full_name: head } },
    base: { ref: repository.defaultBranch, sha: commits.base, repo: { full_name: fullName } },
    user: { login: fork ? 'somebody' : 'octocat' },
  }
}

/** A pull request was opened: its merge commit is checked out. */
export function opened(files: Files, more: Partial<Job> & { readonly fork?: boolean } = {}): Job {
  const { fork = false, ...rest } = more
  return {
    event: 'pull_request',
    ref: `refs/pull/${pullNumber}/merge`,
    payload: { action: 'opened', number: pullNumber, pull_request: pullRequest({ fork }) },
    files,
    ...rest,
  }
}

/** The pull request was closed by merging it. */
export function closedByMerge(files: Files, more: Partial<Job> = {}): Job {
  return {
    event: 'pull_request',
    sha: commits.merge,
    payload: {
      action: 'closed',
      number: pullNumber,
      pull_request: pullRequest({ merged: true }),
    },
    files,
    ...more,
  }
}

/** The merge commit reached the default branch. */
export function pushed(files: Files, more: Partial<Job> = {}): Job {
  return { event: 'push', sha: commits.merge, payload: { after: commits.merge }, files, ...more }
}

/** A manual run. */
export function dispatched(files: Files, more: Partial<Job> = {}): Job {
  return { event: 'workflow_dispatch', payload: { inputs: {} }, files, ...more }
}

/** Merges the pull request at GitHub. */
export function merge(simulator: Simulator): void {
  const { github } = simulator
  const pull = github?.pulls.find(({ number }) => number === pullNumber)
  if (github === undefined || pull === undefined) throw new Error('there is no pull request 7')
  pull.state = 'closed'
  pull.mergedAt = '2026-01-02T00:00:00Z'
  pull.mergeCommitSha = commits.merge
  github.state.commitPulls[commits.merge] = [pullNumber]
}
