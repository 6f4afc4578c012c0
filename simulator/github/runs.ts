import { json, problem, type GitHubAnswer } from './answer.ts'
import type { RestContext } from './restContext.ts'
import type { GitHubState, StoredRun } from './state.ts'

/**
 * A workflow run, or one of its attempts (https://docs.github.com/rest/actions/workflow-runs). A run shows its
 * last attempt; there is no field for its end, but `updated_at` doesn't change after it.
 */
export function readRun(
  { state, knobs, apiUrl }: RestContext,
  id = '',
  attempt = '',
): GitHubAnswer | undefined {
  if (!knobs.actions) return problem(403, 'Resource not accessible by integration')
  const run = state.runs.find((candidate) => candidate.id === Number(id))
  if (!run) return undefined
  const number = attempt === '' ? run.attempts.length : Number(attempt)
  return run.attempts[number - 1] && json(200, showRun(state, run, number, apiUrl))
}

function showRun(state: GitHubState, run: StoredRun, number: number, apiUrl: string): unknown {
  const attempt = run.attempts[number - 1]
  const repository = `${state.owner}/${state.name}`
  return {
    id: run.id,
    name: 'private link',
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    run_number: 1,
    run_attempt: number,
    event: run.event,
    status: (attempt?.endedAt ?? null) === null ? 'in_progress' : 'completed',
    conclusion: attempt?.conclusion ?? null,
    url: `${apiUrl}/repos/${repository}/actions/runs/${run.id}`,
    html_url: `https://github.com/${repository}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.attempts[0]?.startedAt,
    run_started_at: attempt?.startedAt,
    updated_at: attempt?.endedAt ?? attempt?.startedAt,
  }
}
