import { decodePlanData, type PlanData } from '../render/carried/planData.ts'
import { decodeShown } from '../render/carried/shown.ts'
import { changesIn, type ShownGroup } from '../render/parts/changesIn.ts'
import { findSelf, showActor } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { readCommentHistory, wasEditedByOthers, wasWrittenBy } from './commentHistory.ts'
import type { RunContext } from './event.ts'
import { earlierPulls, findMergedPull, type MergedPull } from './mergedPulls.ts'
import { findComments, findStrangers } from './ownComments.ts'
import { checkProvenance } from './provenance.ts'

/** The plan that one merged pull request's comment showed. */
export interface Review {
  readonly pullRequest: number
  readonly commentUrl: string
  readonly plan: PlanData
  /** The changes as people see them in the comment. */
  readonly groups: readonly ShownGroup[]
  /** Why GitHub could not be asked where the comment is from; absent where it was, and agreed. */
  readonly unconfirmed?: string
  /** The comment says that all of it was applied. */
  readonly isApplied: boolean
}

/** What was reviewed and not applied since, or why there is nothing to rely on. */
export type ReviewedPlan =
  | {
      readonly state: 'found'
      /** The newest first; the comment of that one tells what becomes of it. */
      readonly reviews: readonly [Review, ...Review[]]
      /** Why the commit's own pull request is not among them, where it isn't. */
      readonly without?: string
    }
  | {
      readonly state: 'not-found'
      /** One sentence, or two. */
      readonly why: string
      /** What to do, where it isn't the usual. */
      readonly remedy?: string
      /** Where it was looked for. */
      readonly pullRequest?: number
    }

/** Which file is looked for, and when enough of its reviews are found. */
export interface ReviewSearch {
  readonly topology: string
  readonly file: string
  /** Without it the commit's own pull request is enough. */
  readonly isEnough?: (reviews: readonly Review[]) => boolean
  /** False: what GitHub doesn't know yet isn't waited for. */
  readonly isPatient?: boolean
}

/**
 * Looks for the plan comments of the pull requests that brought the run's commit into the default branch, and
 * earlier ones that were not applied since (contract section 4, promise 2).
 *
 * A comment is believed when this account wrote it, nobody else edited it since, GitHub says that a run of this
 * workflow made it, it is for this topology, and the plan in it was not blocked. The newest of a pull request
 * decides; an older one never stands in for it.
 *
 * @throws GitHubError when GitHub can't be asked: that is not the same as no review.
 */
export async function findReviewedPlan(
  client: GitHubClient,
  run: RunContext,
  search: ReviewSearch,
): Promise<ReviewedPlan> {
  const own = await findMergedPull(client, run, search)
  // An event of a pull request that isn't merged is nobody's to apply, whatever was reviewed before.
  if (typeof own === 'string' && run.pullRequest !== undefined) {
    return { state: 'not-found', why: own }
  }
  const first = typeof own === 'string' ? { why: own } : await readReview(client, run, own, search)
  const reviews: Review[] = 'why' in first ? [] : [first]
  const isEnough = search.isEnough ?? (() => true)
  if (!isEnough(reviews) && reviews[0]?.isApplied !== true) {
    const number = typeof own === 'string' ? undefined : own.number
    for await (const pull of earlierPulls(client, run, search.file)) {
      if (pull.number === number) continue
      const review = await readReview(client, run, pull, search)
      if ('why' in review) continue
      if (review.isApplied) break
      reviews.push(review)
      if (isEnough(reviews)) break
    }
  }
  const [newest, ...others] = reviews
  if (newest === undefined) {
    const nothing = 'why' in first ? first : { why: '' }
    const pullRequest = typeof own === 'string' ? {} : { pullRequest: own.number }
    return { state: 'not-found', ...nothing, ...pullRequest }
  }
  return {
    state: 'found',
    reviews: [newest, ...others],
    ...('why' in first && { without: first.why }),
  }
}

interface NoReview {
  readonly why: string
  readonly remedy?: string
}

async function readReview(
  client: GitHubClient,
  run: RunContext,
  pull: MergedPull,
  { topology }: ReviewSearch,
): Promise<Review | NoReview> {
  const where = `pull request #${pull.number}`
  const self = await findSelf(client)
  const comment = (await findComments(client, pull.number, topology, self)).at(-1)
  if (!comment) return await explainAbsence(client, pull.number, topology)
  const history = await readCommentHistory(client, comment.nodeId)
  if (!history) return { why: `The plan comment on ${where} was deleted while we read it.` }
  if (!wasWrittenBy(history, self)) {
    return { why: `The plan comment on ${where} was not written by ${self.login}.` }
  }
  if (wasEditedByOthers(history, self)) {
    const editor = history.editor?.login ?? 'someone unknown'
    return {
      why: `The plan comment on ${where} was edited by ${editor} after this action wrote it.`,
    }
  }
  const body = history.body ?? comment.body
  const plan = decodePlanData(body)
  const groups = changesIn(body)
  if (!plan || !groups) {
    return { why: `The plan comment on ${where} carries no plan that can be read.` }
  }
  if (plan.topology !== topology) {
    return {
      why: `The plan comment on ${where} is for topology ${plan.topology}, not ${topology}.`,
    }
  }
  if (plan.blocked) {
    return { why: `The plan on ${where} was blocked, and a blocked plan is no review.` }
  }
  const lastEdit = history.lastEdit ?? comment.createdAt
  const provenance = await checkProvenance(client, run, { plan, pull, lastEdit })
  if (provenance.state === 'refused') {
    return { why: `The plan comment on ${where} ${provenance.why}.`, remedy: rewritten }
  }
  return {
    pullRequest: pull.number,
    commentUrl: comment.url,
    plan,
    groups,
    ...(provenance.state === 'unconfirmed' && { unconfirmed: provenance.why }),
    isApplied: decodeShown(body)?.situation === 'applied',
  }
}

const rewritten =
  'Find out who wrote it (its edits are in its menu), then open a pull request that plans the change again (any edit of the file will do), or run the workflow by hand with command: apply.'

/** A comment that another token wrote is not ours to believe, but it is worth a word. */
async function explainAbsence(
  client: GitHubClient,
  pullRequest: number,
  topology: string,
): Promise<NoReview> {
  const self = await findSelf(client)
  const strangers = await findStrangers(client, pullRequest, topology, self)
  const names = [...new Set(strangers.map(showActor))]
  if (names.length === 0) {
    return {
      why: `Pull request #${pullRequest} has no plan comment of this action for topology ${topology}.`,
    }
  }
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and others` : names.join(', ')
  return {
    why: `Pull request #${pullRequest} has a plan comment by ${shown}; the token of this job writes as ${showActor(self)}, and trusts only its own.`,
    remedy:
      'Give the plan and the apply the same github-token, then plan again in a pull request; or run the workflow by hand with command: apply.',
  }
}
