import type { Diagnostic } from '../diagnostics.ts'
import type { Failure } from '../errors.ts'
import type { Review, ReviewedPlan } from '../github/reviewedPlan.ts'
import type { Change, Plan } from '../plan/plan.ts'
import { saltedDigest } from '../render/carried/planData.ts'
import { findShownLines } from '../render/parts/shownLines.ts'
import type { ReviewComparison } from '../report.ts'

export interface Verdict {
  /** Absent when the plan may be applied. */
  readonly failure?: Failure
  readonly review?: ReviewComparison
  /** Warnings about what could not be confirmed and doesn't stop the apply. */
  readonly diagnostics?: readonly Diagnostic[]
}

/** True when these reviews approve every change of the plan. */
export function approvesAll(plan: Plan, reviews: readonly Review[]): boolean {
  return findUnreviewed(plan, reviews).length === 0
}

/**
 * Compares a plan with its reviews (contract section 4, promise 2): one of the reviews must show every change.
 * Fewer changes are fine; with anything new or different, nothing is applied.
 */
export function compareWithReview(plan: Plan, reviewed: ReviewedPlan, event = 'push'): Verdict {
  if (reviewed.state === 'not-found') {
    return { failure: notFound(event, reviewed.why, reviewed.remedy) }
  }
  const { reviews } = reviewed
  const [newest] = reviews
  const unreviewed = findUnreviewed(plan, reviews)
  const review: ReviewComparison = {
    pullRequest: newest.pullRequest,
    commentUrl: newest.commentUrl,
    unreviewed,
    gone: countGone(plan, reviews),
  }
  if (unreviewed.length === 0) return { review, diagnostics: reviews.flatMap(warnOf) }
  if (reviewed.without !== undefined) return { failure: notFound(event, reviewed.without) }
  const unsure = reviews.find((one) => one.unconfirmed !== undefined && isCut(one))
  if (unsure !== undefined) return { failure: cutAndUnsure(unsure) }
  return {
    review,
    failure: {
      reason: 'plan-changed',
      message: `${describeDifference(unreviewed, plan, reviews)}: Azure or the file changed since then. Nothing was applied.`,
      remedy:
        'Look at the new changes; then open a pull request (any edit of the file will do) to have them reviewed, or run the workflow by hand with command: apply.',
    },
  }
}

function findUnreviewed(plan: Plan, reviews: readonly Review[]): readonly Change[] {
  return reviews.reduce<readonly Change[]>((left, review) => {
    const approved = approvedBy(review, plan, left)
    return left.filter((change) => !approved.has(change.key))
  }, plan.changes)
}

/**
 * Keys of the changes that a review approves: those in the comment's hidden data that its visible text shows too
 * (contract section 7, "What a review is"). When a comment was too long to show all of them, GitHub must have
 * confirmed which run wrote it; the hidden changes then count up to the number that the comment states.
 */
function approvedBy(review: Review, plan: Plan, changes: readonly Change[]): ReadonlySet<string> {
  const { digests, salt, fingerprint } = review.plan
  if (review.unconfirmed !== undefined && isCut(review)) return new Set()
  if (digests === undefined) {
    const isMet = fingerprint === plan.fingerprint && showsNumberOf(review, plan)
    return new Set(isMet ? changes.map(({ key }) => key) : [])
  }
  const known = new Set(digests)
  const named = changes.filter(({ digest }) => known.has(saltedDigest(salt, digest)))
  const { lines, cut } = findShownLines(named, review.groups)
  return new Set([...lines.keys(), ...cut])
}

/** True when the comment of a plan that is too long to list states the same number of changes. */
function showsNumberOf({ groups }: Review, { changes }: Plan): boolean {
  const shown = groups.reduce((all, { lines, cut }) => all + lines.length + cut, 0)
  return shown === changes.length
}

/** True when the comment had to leave out changes. */
function isCut({ plan, groups }: Review): boolean {
  return plan.digests === undefined || groups.some(({ cut }) => cut > 0)
}

function countGone(plan: Plan, reviews: readonly Review[]): number {
  return reviews
    .map(({ plan: { salt, digests = [] } }) => {
      const now = new Set(plan.changes.map(({ digest }) => saltedDigest(salt, digest)))
      return digests.filter((digest) => !now.has(digest)).length
    })
    .reduce((all, count) => all + count, 0)
}

/** A plan whose comment could not list each change must match exactly. */
function describeDifference(
  unreviewed: readonly Change[],
  plan: Plan,
  reviews: readonly Review[],
): string {
  const numbers = reviews.map(({ pullRequest }) => `#${pullRequest}`).join(' or ')
  const isWhole = reviews.some(({ plan: { digests } }) => digests === undefined)
  return isWhole
    ? `The reviewed plan has too many changes to list in its comment, so the plan must match it exactly; the ${plan.changes.length} changes planned now differ from the plan that was reviewed on ${numbers}`
    : `${unreviewed.length} of ${plan.changes.length} changes were not in the plan that was reviewed on ${numbers}`
}

function notFound(event: string, why: string, remedy?: string): Failure {
  const isOfPull = /^pull_request/.test(event)
  const isUsual = event === 'push' || isOfPull
  const what = isOfPull ? 'pull request' : isUsual ? 'push' : `run of the event ${event}`
  return {
    reason: 'plan-not-found',
    message: `No reviewed plan was found for this ${what}: ${why}`,
    remedy:
      remedy ??
      (isUsual
        ? usualRemedy
        : `A run of ${event} approves nothing: apply on push to the default branch, or by hand (workflow_dispatch) with command: apply, which is its own approval.`),
  }
}

const usualRemedy =
  'Make the change through a pull request that gets the plan comment; or run the workflow by hand with command: apply, which is its own approval.'

function cutAndUnsure({ pullRequest, unconfirmed = '' }: Review): Failure {
  return {
    reason: 'plan-not-found',
    message: `The plan on #${pullRequest} has more changes than its comment could show, and GitHub could not confirm which run wrote it: ${unconfirmed}`,
    remedy: 'Give the job the permission actions: read, then run it again.',
  }
}

function warnOf({ pullRequest, unconfirmed }: Review): readonly Diagnostic[] {
  if (unconfirmed === undefined) return []
  return [
    {
      severity: 'warning',
      code: 'not-confirmed',
      message: `GitHub could not confirm which run wrote the plan comment on #${pullRequest}, so only its author was checked: ${unconfirmed}`,
      remedy: 'Give the job the permission actions: read.',
    },
  ]
}
