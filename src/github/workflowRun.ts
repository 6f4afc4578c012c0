import { GitHubError } from '../errors.ts'
import type { RunName } from '../render/carried/planData.ts'
import type { GitHubClient } from './client.ts'
import { workflowPath } from './event.ts'
import { numberAt, textAt } from './gitHubJson.ts'

/** A workflow run, as GitHub describes it. */
export interface WorkflowRun {
  /** `pull_request`, `push`, … */
  readonly event: string
  /** `.github/workflows/x.yml` */
  readonly workflow: string
  /** For a pull request, the head of its branch, not the merge commit that is checked out. */
  readonly headSha: string
  readonly headBranch: string
  /** When this attempt ended, ISO 8601; absent while it runs. */
  readonly endedAt?: string
}

/** GitHub's answer to a query for a run. */
export type RunAnswer =
  | { readonly state: 'found'; readonly run: WorkflowRun }
  /** The run doesn't exist. */
  | { readonly state: 'missing' }
  /** The token may not read runs; `why` is one sentence. */
  | { readonly state: 'forbidden'; readonly why: string }

/**
 * Reads one attempt of a run.
 *
 * GitHub also answers 404 when the token may not see runs. Only when it shows this very run does a 404 mean that
 * the other one doesn't exist.
 *
 * @throws GitHubError when GitHub can't be reached, which is not the same as no run.
 */
export async function readRun(
  client: GitHubClient,
  name: RunName,
  own: RunName | undefined,
): Promise<RunAnswer> {
  const last = await ask(client, `/actions/runs/${name.id}`)
  if (last.state === 'forbidden') return last
  if (last.state === 'missing') {
    const known = own === undefined ? last : await ask(client, `/actions/runs/${own.id}`)
    if (known.state === 'found') return { state: 'missing' }
    return { state: 'forbidden', why: 'GitHub shows no workflow runs to this token.' }
  }
  const attempts = numberAt(last.data, 'run_attempt') ?? name.attempt
  if (attempts === name.attempt) return { state: 'found', run: readAnswer(last.data) }
  if (attempts < name.attempt) return { state: 'missing' }
  // A run shows its last attempt, which ends later than an earlier one.
  const attempt = await ask(client, `/actions/runs/${name.id}/attempts/${name.attempt}`)
  return attempt.state === 'found' ? { state: 'found', run: readAnswer(attempt.data) } : attempt
}

type Answer =
  | { readonly state: 'found'; readonly data: unknown }
  | { readonly state: 'missing' }
  | { readonly state: 'forbidden'; readonly why: string }

async function ask(client: GitHubClient, path: string): Promise<Answer> {
  try {
    const { data } = await client.call(`GET /repos/{owner}/{repo}${path}`, {
      purpose: 'read which run wrote the plan comment',
      permission: 'actions: read',
    })
    return { state: 'found', data }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    if (error.status === 404) return { state: 'missing' }
    if (error.status === 403) return { state: 'forbidden', why: `${error.message} ${error.remedy}` }
    throw error
  }
}

function readAnswer(data: unknown): WorkflowRun {
  const endedAt = textAt(data, 'status') === 'completed' ? textAt(data, 'updated_at') : undefined
  return {
    event: textAt(data, 'event') ?? '',
    workflow: workflowPath(textAt(data, 'path') ?? ''),
    headSha: textAt(data, 'head_sha') ?? '',
    headBranch: textAt(data, 'head_branch') ?? '',
    ...(endedAt !== undefined && { endedAt }),
  }
}
