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

/** The plan shown by the comment of one merged pull request. */
export interface Review {
  readonly pullRequest: number
  readonly commentUrl: string
  readonly plan: PlanData
  /** The changes as the comment displays them. */
  readonly groups: readonly ShownGroup[]
  /** Why GitHub could not confirm the comment's origin; absent when it did. */
  readonly unconfirmed?: string
  /** The comment says that everything was applied. */
  readonly isApplied: boolean
}

/** The reviews that were not applied since, or why there are none. */
export type ReviewedPlan =
  | {
      readonly state: 'found'
      /** Newest first; the comment of the newest reports progress and result. */
      readonly reviews: readonly [Review, ...Review[]]
      /** Why the commit's own pull request is not among them, if it isn't. */
      readonly without?: string
    }
  | {
      readonly state: 'not-found'
      /** One sentence, or two. */
      readonly why: string
      /** What to do, if it differs from the usual remedy. */
      readonly remedy?: string
      /** The pull request that was searched. */
      readonly pullRequest?: number
    }

/** The file to find reviews of, and when enough are found. */
export interface ReviewSearch {
  readonly topology: string
  readonly file: string
  /** By default the review of the commit's own pull request is enough. */
  readonly isEnough?: (reviews: readonly Review[]) => boolean
  /** False: doesn't wait for a pull request that GitHub doesn't show yet. */
  readonly isPatient?: boolean
}

/**
 * Finds the plan comment of the pull request that brought the run's commit into the default branch, and those of
 * earlier pull requests that were not applied since (contract section 4, promise 2).
 *
 * A comment counts when this account wrote it, no other account edited it, GitHub confirms that a run of this
 * workflow made it, it is for this topology, and its plan was not blocked. Only the newest comment of a pull
 * request counts; an older one never replaces it.
 *
 * @throws GitHubError when GitHub can't be reached, which is not the same as no review.
 */
export async function findReviewedPlan(
  client: GitHubClient,
  run: RunContext,
  search: ReviewSearch,
): Promise<ReviewedPlan> {
  const own = await findMergedPull(client, run, search)
  // A pull request that isn't merged is never applied, whatever was reviewed earlier.
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
  if (!history) return { why: `The plan comment on ${where} was deleted while it was being read.` }
  if (!wasWrittenBy(history, self)) {
    return { why: `The plan comment on ${where} was not written by ${self.login}.` }
  }
  if (wasEditedByOthers(history, self)) {
    const editor = history.editor?.login ?? 'an unknown account'
    return {
      why: `The plan comment on ${where} was edited by ${editor} after this action wrote it.`,
    }
  }
  const body = history.body ?? comment.body
  const plan = decodePlanData(body)
  const groups = changesIn(body)
  if (!plan || !groups) {
    return { why: `The plan comment on ${where} holds no readable plan.` }
  }
  if (plan.topology !== topology) {
    return {
      why: `The plan comment on ${where} is for topology ${plan.topology}, not ${topology}.`,
    }
  }
  if (plan.blocked) {
    return {
      why: `The plan on ${where} was blocked, and a blocked plan does not count as a review.`,
    }
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
  'Find out who wrote it (see the edit history in its menu), then open a pull request that plans the change again (any edit of the file will do), or run the workflow by hand with command: apply.'

/** Explains why there is no comment; names the author of one that another token wrote. */
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
    why: `Pull request #${pullRequest} has a plan comment by ${shown}; this job's token writes as ${showActor(self)} and trusts only its own comments.`,
    remedy:
      'Use the same github-token for the plan and the apply, then plan again in a pull request; or run the workflow by hand with command: apply.',
  }
}
