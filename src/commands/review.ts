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
  /** What could not be made sure of, and doesn't stop it. */
  readonly diagnostics?: readonly Diagnostic[]
}

/** Whether these reviews approve every change of a plan. */
export function approvesAll(plan: Plan, reviews: readonly Review[]): boolean {
  return findUnreviewed(plan, reviews).length === 0
}

/**
 * Holds a plan against what was reviewed (contract section 4, promise 2): every change must have been shown by
 * one of the reviews; fewer is fine; anything new or different, and nothing is applied.
 */
export function holdAgainstReview(plan: Plan, reviewed: ReviewedPlan, event = 'push'): Verdict {
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
      message: `${sayWhatDiffers(unreviewed, plan, reviews)}: Azure or the file changed since. Nothing was applied.`,
      remedy:
        'Look at what is new; then open a pull request (any edit of the file will do) to have it reviewed, or run the workflow by hand with command: apply.',
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
 * Keys of the changes that a review approves: named by what its comment hides, and shown by what people see
 * of it (contract section 7, "What a review is"). Where a comment was too long to show them all, GitHub must
 * have said where it is from, and the rest is believed up to the number that it tells.
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

/** A plan of more changes than a comment can name shows at least how many there are. */
function showsNumberOf({ groups }: Review, { changes }: Plan): boolean {
  const shown = groups.reduce((all, { lines, cut }) => all + lines.length + cut, 0)
  return shown === changes.length
}

/** Whether a comment had to leave out changes. */
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

/** A comment that could not name each change can only be met exactly. */
function sayWhatDiffers(
  unreviewed: readonly Change[],
  plan: Plan,
  reviews: readonly Review[],
): string {
  const numbers = reviews.map(({ pullRequest }) => `#${pullRequest}`).join(' or ')
  const isWhole = reviews.some(({ plan: { digests } }) => digests === undefined)
  return isWhole
    ? `The plan has more changes than its comment could name one by one, so it must be met exactly; the ${plan.changes.length} changes of now are not exactly the plan that was reviewed on ${numbers}`
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
        : `An event like ${event} approves nothing: let the apply run on push to the default branch, or by hand (workflow_dispatch) with command: apply, which is its own approval.`),
  }
}

const usualRemedy =
  'Change things through a pull request that gets the plan comment; or run the workflow by hand with command: apply, which is its own approval.'

function cutAndUnsure({ pullRequest, unconfirmed = '' }: Review): Failure {
  return {
    reason: 'plan-not-found',
    message: `The plan on #${pullRequest} has more changes than its comment could show, and GitHub could not be asked which run wrote it: ${unconfirmed}`,
    remedy: 'Give the job the permission actions: read, then run it again.',
  }
}

function warnOf({ pullRequest, unconfirmed }: Review): readonly Diagnostic[] {
  if (unconfirmed === undefined) return []
  return [
    {
      severity: 'warning',
      code: 'not-confirmed',
      message: `GitHub could not be asked which run wrote the plan comment on #${pullRequest}, so its author alone is trusted: ${unconfirmed}`,
      remedy: 'Give the job the permission actions: read.',
    },
  ]
}
