import { decodePlanData, type PlanData } from '../render/carried/planData.ts'
import { changesShownIn } from '../render/parts/reviewedChanges.ts'
import { findSelf } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { findComments } from './ownComments.ts'
import { readCommentHistory, wasEditedByOthers, wasWrittenBy } from './commentHistory.ts'
import type { RunContext } from './event.ts'
import { numberAt, textAt } from './gitHubJson.ts'

/** The plan that was reviewed on the merged pull request, or why there is none to rely on. */
export type ReviewedPlan =
  | {
      readonly state: 'found'
      readonly pullRequest: number
      readonly commentUrl: string
      readonly plan: PlanData
      /** The changes as the comment shows them, Markdown of ours; absent where it shows none. */
      readonly changes?: string
    }
  | {
      readonly state: 'not-found'
      /** One sentence. */
      readonly why: string
      /** Where it was looked for. */
      readonly pullRequest?: number
    }

/**
 * Looks for the plan comment of the pull request that brought the run's commit into the default branch
 * (contract section 4, promise 2).
 *
 * It is believed when this account wrote it, nobody else edited it since, it is for this topology, and
 * the plan in it was not blocked. The newest comment decides; an older one never stands in for it.
 *
 * @throws GitHubError when GitHub can't be asked: that is not the same as no review.
 */
export async function findReviewedPlan(
  client: GitHubClient,
  run: RunContext,
  topology: string,
): Promise<ReviewedPlan> {
  const merged = await findMergedPullRequest(client, run)
  if (typeof merged === 'string') return { state: 'not-found', why: merged }
  const plan = await readReview(client, merged, topology)
  return typeof plan === 'string'
    ? { state: 'not-found', why: plan, pullRequest: merged }
    : { state: 'found', pullRequest: merged, ...plan }
}

async function readReview(
  client: GitHubClient,
  pullRequest: number,
  topology: string,
): Promise<{ commentUrl: string; plan: PlanData; changes?: string } | string> {
  const where = `pull request #${pullRequest}`
  const self = await findSelf(client)
  const comment = (await findComments(client, pullRequest, topology, self)).at(-1)
  if (!comment)
    return `Pull request #${pullRequest} has no plan comment of this action for topology ${topology}.`
  const history = await readCommentHistory(client, comment.nodeId)
  if (!history) return `The plan comment on ${where} was deleted while we read it.`
  if (!wasWrittenBy(history, self))
    return `The plan comment on ${where} was not written by ${self.login}.`
  if (wasEditedByOthers(history, self))
    return `The plan comment on ${where} was edited by ${history.editor?.login ?? 'someone unknown'} after this action wrote it.`
  const body = history.body ?? comment.body
  const plan = decodePlanData(body)
  if (!plan) return `The plan comment on ${where} carries no plan that can be read.`
  if (plan.topology !== topology)
    return `The plan comment on ${where} is for topology ${plan.topology}, not ${topology}.`
  if (plan.blocked) return `The plan on ${where} was blocked, and a blocked plan is no review.`
  const changes = changesShownIn(body)
  return { commentUrl: comment.url, plan, ...(changes !== undefined && { changes }) }
}

/** Number of the pull request, or a sentence on why there is none. */
export async function findMergedPullRequest(
  client: GitHubClient,
  run: RunContext,
): Promise<number | string> {
  const { defaultBranch } = run.repository
  const own = run.pullRequest
  if (own) {
    if (!own.merged) return `Pull request #${own.number} is not merged.`
    return own.baseRef === defaultBranch
      ? own.number
      : `Pull request #${own.number} was merged into ${own.baseRef}, not into ${defaultBranch}.`
  }
  const pulls = await client.list('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
    parameters: { commit_sha: run.sha },
    purpose: `find the pull request of commit ${run.sha}`,
    permission: 'pull-requests: read',
  })
  const merged = pulls
    .flatMap((pull) => readMergedPull(pull) ?? [])
    .filter((pull) => pull.base === defaultBranch)
  const [best] = merged.toSorted(
    (a, b) =>
      Number(b.commit === run.sha) - Number(a.commit === run.sha) ||
      Date.parse(b.mergedAt) - Date.parse(a.mergedAt) ||
      b.number - a.number,
  )
  return (
    best?.number ??
    `Commit ${run.sha.slice(0, 7)} did not come into ${defaultBranch || 'the default branch'} by a pull request.`
  )
}

interface MergedPull {
  readonly number: number
  readonly base: string
  /** The commit that the merge, squash or rebase made of it. */
  readonly commit: string
  readonly mergedAt: string
}

function readMergedPull(pull: unknown): MergedPull | undefined {
  const number = numberAt(pull, 'number')
  const mergedAt = textAt(pull, 'merged_at')
  if (number === undefined || mergedAt === undefined) return undefined
  return {
    number,
    mergedAt,
    base: textAt(pull, 'base', 'ref') ?? '',
    commit: textAt(pull, 'merge_commit_sha') ?? '',
  }
}
