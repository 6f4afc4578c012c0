import type { Job } from '../job/job.ts'
import type { GitHubSeed, Simulator } from '../simulator.ts'
import { topology, topologyFile } from './estate.ts'

/** The demo's repository: one open pull request, and the jobs that GitHub would run for it. */

const headSha = 'a'.repeat(40)
const baseSha = 'b'.repeat(40)
const mergeSha = 'c'.repeat(40)
const number = 7
const files = { [topologyFile]: topology }

export const repository: GitHubSeed = {
  repository: { owner: 'octo-org', name: 'platform', defaultBranch: 'main' },
  token: 'the-token-of-the-job',
  pulls: [
    { number, head: { ref: 'private-link', sha: headSha }, base: { ref: 'main', sha: baseSha } },
  ],
  files: { [baseSha]: { 'README.md': 'The platform.\n' } },
}

const repo = { full_name: 'octo-org/platform' }

/** The job of the pull request. */
export const planJob: Job = {
  event: 'pull_request',
  files,
  payload: {
    action: 'opened',
    number,
    pull_request: {
      number,
      merged: false,
      head: { ref: 'private-link', sha: headSha, repo },
      base: { ref: 'main', sha: baseSha, repo },
      user: { login: 'octocat' },
    },
  },
}

/** The job of the merge's push. */
export const applyJob: Job = { event: 'push', sha: mergeSha, files }

/** A job started by hand afterwards. */
export const planAgainJob: Job = { event: 'workflow_dispatch', sha: mergeSha, files }

/** The job after the apply: does telemetry arrive? */
export const verifyJob: Job = { ...applyJob, inputs: { command: 'verify' } }

/** Merges the pull request, as the merge button does. */
export function merge(simulator: Simulator): void {
  const { github } = simulator
  const pull = github?.pulls[0]
  if (github === undefined || pull === undefined) {
    throw new Error('The demo has no pull request: start the simulator with its repository.')
  }
  Object.assign(pull, {
    state: 'closed',
    mergedAt: github.state.now(),
    mergeCommitSha: mergeSha,
  })
  github.state.commitPulls[mergeSha] = [pull.number]
  github.state.files['main'] = { 'README.md': 'The platform.\n', ...files }
}
