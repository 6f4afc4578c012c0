import { context } from '@actions/github'
import type { Command } from '../report.ts'
import type { RunName } from '../render/carried/planData.ts'
import { at, listAt, numberAt, textAt } from './gitHubJson.ts'

/** What GitHub tells about this run: the event, what it asks for, and whom it comes from. */
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
  /** Who set the run off. */
  readonly actor: string
  /** Of the events that come with one; a merge queue's has none, so its plan goes without a comment. */
  readonly pullRequest?: EventPullRequest
  /** A pull request from another repository: it gets a token that only reads, and no sign-in. */
  readonly isFork: boolean
  /** Set off by Dependabot: GitHub treats it like a fork. */
  readonly isDependabot: boolean
  /** Page of this run attempt. */
  readonly runUrl: string
  /** This run as GitHub can be asked about it; absent outside of GitHub Actions. */
  readonly run?: RunName
  /** Path of the workflow's file, `.github/workflows/x.yml`; empty where the runner doesn't tell. */
  readonly workflow: string
  /** Other commits that a push brought, as its event tells them, the newest first. */
  readonly commits: readonly string[]
}

/**
 * Whose yes an apply needs (contract section 4, promise 2): the `reviewed` plan of a merged pull
 * request, its `own` because the workflow says `command: apply` for this event, or none.
 */
export type Approval = 'reviewed' | 'own' | 'none needed'

export interface Repository {
  readonly owner: string
  readonly repo: string
  /** Empty when the event doesn't tell. */
  readonly defaultBranch: string
}

export interface EventPullRequest {
  readonly number: number
  readonly headSha: string
  readonly headRef: string
  /** Head of the base branch when the event happened. */
  readonly baseSha: string
  readonly baseRef: string
  readonly merged: boolean
  /** The commit that its merge made; empty before. */
  readonly mergeCommit: string
  readonly fork: boolean
  readonly author: string
}

/** What the run context is read from: the environment and the event's payload, as GitHub gives them. */
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
 * The run context of an event. Nothing in the payload is taken for granted: what is missing makes
 * the run a plan, never an apply.
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

/** The event of this job, from `GITHUB_EVENT_PATH` and its neighbours. */
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
  // That no review is needed is for pushes: a pull request's event comes from whoever opened it.
  return requireReviewedPlan || event !== 'push' ? 'reviewed' : 'none needed'
}

function readRepository({ payload, repository }: EventSource): Repository {
  const full = repository || (textAt(payload, 'repository', 'full_name') ?? '')
  const [owner = '', repo = ''] = full.split('/')
  // Pushes of old GitHub Enterprise servers name it `master_branch`.
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
 * GitHub always tells the head's repository, and `null` for one that was deleted: not ours, so a fork. Tools that
 * run workflows at home write events without it.
 */
function isFork(headRepository: unknown, ours: string): boolean {
  if (headRepository === undefined) return false
  return (textAt(headRepository, 'full_name') ?? '').toLowerCase() !== ours.toLowerCase()
}

/** The file of `owner/name/.github/workflows/x.yml@ref`, or of a run's path, which may lack either end. */
export function workflowPath(ref: string): string {
  return /(?:^|\/)(\.github\/workflows\/[^@]+)/.exec(ref)?.[1] ?? ''
}

function runUrl(source: EventSource): string {
  const run = `${source.serverUrl}/${source.repository}/actions/runs/${source.runId}`
  return source.runAttempt > 1 ? `${run}/attempts/${source.runAttempt}` : run
}
