import { context } from '@actions/github'
import type { Command } from '../report.ts'
import type { RunName } from '../render/carried/planData.ts'
import { at, listAt, numberAt, textAt } from './gitHubJson.ts'

/** What GitHub says about this run: its event, its command and its origin. */
export interface RunContext {
  /** `pull_request`, `push`, … */
  readonly event: string
  /** The event's activity: `opened`, `closed`, …; empty when it has none. */
  readonly action: string
  readonly command: Command
  readonly approval: Approval
  readonly repository: Repository
  /** The commit that is checked out. */
  readonly sha: string
  /** `refs/heads/main`, `refs/pull/7/merge`, … */
  readonly ref: string
  /** The account that triggered the run. */
  readonly actor: string
  /** For events that have one; a merge queue's has none, so its plan gets no comment. */
  readonly pullRequest?: EventPullRequest
  /** A pull request from another repository: it gets a read-only token and no sign-in. */
  readonly isFork: boolean
  /** Triggered by Dependabot: GitHub treats it like a fork. */
  readonly isDependabot: boolean
  /** The page of this run attempt. */
  readonly runUrl: string
  /** The id of this run in GitHub's API; absent outside GitHub Actions. */
  readonly run?: RunName
  /** The path of the workflow file, `.github/workflows/x.yml`; empty when the runner doesn't say. */
  readonly workflow: string
  /** The other commits of a push, from its event, newest first. */
  readonly commits: readonly string[]
}

/**
 * The approval that an apply needs (contract section 4, promise 2): the `reviewed` plan of a merged pull request,
 * its `own` because the workflow says `command: apply` for this event, or none.
 */
export type Approval = 'reviewed' | 'own' | 'none needed'

export interface Repository {
  readonly owner: string
  readonly repo: string
  /** Empty when the event doesn't say. */
  readonly defaultBranch: string
}

export interface EventPullRequest {
  readonly number: number
  readonly headSha: string
  readonly headRef: string
  /** The head of the base branch at the time of the event. */
  readonly baseSha: string
  readonly baseRef: string
  readonly merged: boolean
  /** The commit made by the merge; empty before it. */
  readonly mergeCommit: string
  readonly fork: boolean
  readonly author: string
}

/** The source of the run context: the environment and the event's payload. */
export interface EventSource {
  readonly eventName: string
  readonly payload: unknown
  readonly sha: string
  readonly ref: string
  readonly actor: string
  /** `owner/name` */
  readonly repository: string
  readonly serverUrl: string
  readonly runId: number
  readonly runAttempt: number
  /** `owner/name/.github/workflows/x.yml@refs/heads/main` */
  readonly workflowRef: string
}

/**
 * Reads the run context of an event. Makes no assumptions about the payload: with anything missing, the run is a
 * plan, never an apply.
 */
export function readRunContext(
  choice: 'auto' | Command,
  requireReviewedPlan: boolean,
  source: EventSource = currentEvent(),
): RunContext {
  const repository = readRepository(source)
  const pullRequest = readPullRequest(source.payload, repository)
  const command =
    choice === 'auto' ? commandOf(source, repository.defaultBranch, pullRequest) : choice
  return {
    event: source.eventName,
    action: textAt(source.payload, 'action') ?? '',
    command,
    approval: approvalOf(command, source.eventName, requireReviewedPlan),
    repository,
    sha: source.sha,
    ref: source.ref,
    actor: source.actor,
    ...(pullRequest && { pullRequest }),
    isFork: pullRequest?.fork ?? false,
    isDependabot: source.actor === 'dependabot[bot]',
    runUrl: runUrl(source),
    ...(source.runId > 0 && { run: { id: source.runId, attempt: Math.max(1, source.runAttempt) } }),
    workflow: workflowPath(source.workflowRef),
    commits: listAt(source.payload, 'commits')
      .flatMap((commit) => textAt(commit, 'id') ?? [])
      .toReversed(),
  }
}

/** The event of this job, from `GITHUB_EVENT_PATH` and the other variables of the runner. */
export function currentEvent(): EventSource {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const count = (value: number) => (Number.isSafeInteger(value) ? value : 0)
  return {
    eventName: text(context.eventName),
    payload: context.payload,
    sha: text(context.sha),
    ref: text(context.ref),
    actor: text(context.actor),
    repository: text(process.env.GITHUB_REPOSITORY),
    serverUrl: context.serverUrl,
    runId: count(context.runId),
    runAttempt: count(context.runAttempt),
    workflowRef: text(process.env.GITHUB_WORKFLOW_REF),
  }
}

/** What `command: auto` means for an event (contract section 3). */
function commandOf(
  source: EventSource,
  defaultBranch: string,
  pullRequest: EventPullRequest | undefined,
): Command {
  switch (source.eventName) {
    case 'pull_request': {
      const closed = textAt(source.payload, 'action') === 'closed'
      const intoDefault = defaultBranch !== '' && pullRequest?.baseRef === defaultBranch
      return closed && pullRequest?.merged === true && intoDefault ? 'apply' : 'plan'
    }
    case 'push': {
      const onDefault = defaultBranch !== '' && source.ref === `refs/heads/${defaultBranch}`
      return onDefault && at(source.payload, 'deleted') !== true ? 'apply' : 'plan'
    }
    case 'schedule':
      return 'drift'
    default:
      return 'plan'
  }
}

function approvalOf(command: Command, event: string, requireReviewedPlan: boolean): Approval {
  if (command !== 'apply') return 'none needed'
  if (event === 'workflow_dispatch' || event === 'schedule') return 'own'
  // Only pushes can skip the review: a pull request's event comes from its author.
  return requireReviewedPlan || event !== 'push' ? 'reviewed' : 'none needed'
}

function readRepository({ payload, repository }: EventSource): Repository {
  const full = repository || (textAt(payload, 'repository', 'full_name') ?? '')
  const [owner = '', repo = ''] = full.split('/')
  // Old GitHub Enterprise Servers call it `master_branch` in push events.
  const defaultBranch =
    textAt(payload, 'repository', 'default_branch') ??
    textAt(payload, 'repository', 'master_branch') ??
    ''
  return { owner, repo, defaultBranch }
}

function readPullRequest(
  payload: unknown,
  { owner, repo }: Repository,
): EventPullRequest | undefined {
  const pull = at(payload, 'pull_request')
  const number = numberAt(pull, 'number')
  if (number === undefined) return undefined
  return {
    number,
    headSha: textAt(pull, 'head', 'sha') ?? '',
    headRef: textAt(pull, 'head', 'ref') ?? '',
    baseSha: textAt(pull, 'base', 'sha') ?? '',
    baseRef: textAt(pull, 'base', 'ref') ?? '',
    merged: at(pull, 'merged') === true,
    mergeCommit: textAt(pull, 'merge_commit_sha') ?? '',
    fork: isFork(at(pull, 'head', 'repo'), `${owner}/${repo}`),
    author: textAt(pull, 'user', 'login') ?? '',
  }
}

/**
 * GitHub always states the head's repository, and `null` for a deleted one: not ours, so a fork. Tools that run
 * workflows locally leave it out.
 */
function isFork(headRepository: unknown, ours: string): boolean {
  if (headRepository === undefined) return false
  return (textAt(headRepository, 'full_name') ?? '').toLowerCase() !== ours.toLowerCase()
}

/** The file in `owner/name/.github/workflows/x.yml@ref`, or in a run's path, which may lack either end. */
export function workflowPath(ref: string): string {
  return /(?:^|\/)(\.github\/workflows\/[^@]+)/.exec(ref)?.[1] ?? ''
}

function runUrl(source: EventSource): string {
  const run = `${source.serverUrl}/${source.repository}/actions/runs/${source.runId}`
  return source.runAttempt > 1 ? `${run}/attempts/${source.runAttempt}` : run
}
