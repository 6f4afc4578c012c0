import type { ReviewedPlan } from '../github/reviewedPlan.ts'
import type { Plan } from '../plan/plan.ts'
import { shortDigest } from '../render/carried/planData.ts'
import type { ReviewComparison } from '../report.ts'
import type { Failure } from '../errors.ts'

export interface Verdict {
  /** Absent when the plan may be applied. */
  readonly failure?: Failure
  readonly review?: ReviewComparison
}

/**
 * Holds a plan against what was reviewed (contract section 4, promise 2): every change must have been
 * shown; fewer is fine; anything new or different, and nothing is applied.
 */
export function holdAgainstReview(plan: Plan, reviewed: ReviewedPlan): Verdict {
  if (reviewed.state === 'not-found') {
    return {
      failure: {
        reason: 'plan-not-found',
        message: `No reviewed plan was found for this push: ${reviewed.why}`,
        remedy:
          'Change things through a pull request that gets the plan comment; or run the workflow by hand with command: apply, which is its own approval.',
      },
    }
  }
  const { digests, fingerprint } = reviewed.plan
  const unreviewed =
    digests === undefined
      ? fingerprint === plan.fingerprint
        ? []
        : plan.changes
      : missing(plan, new Set(digests))
  const now = new Set(plan.changes.map((change) => shortDigest(change.digest)))
  const review: ReviewComparison = {
    pullRequest: reviewed.pullRequest,
    commentUrl: reviewed.commentUrl,
    unreviewed,
    gone: (digests ?? []).filter((digest) => !now.has(digest)).length,
  }
  if (unreviewed.length === 0) return { review }
  return {
    review,
    failure: {
      reason: 'plan-changed',
      message: `${sayWhatDiffers(unreviewed.length, plan, digests === undefined)} #${reviewed.pullRequest}: Azure or the file changed since. Nothing was applied.`,
      remedy:
        'Look at what is new; then open a pull request (any edit of the file will do) to have it reviewed, or run the workflow by hand with command: apply.',
    },
  }
}

/** A comment that could not name each change can only be met exactly. */
function sayWhatDiffers(unreviewed: number, plan: Plan, isWhole: boolean): string {
  return isWhole
    ? `The plan has more changes than its comment could name one by one, so it must be met exactly; the ${plan.changes.length} changes of now are not exactly the plan that was reviewed on`
    : `${unreviewed} of ${plan.changes.length} changes were not in the plan that was reviewed on`
}

function missing(plan: Plan, digests: ReadonlySet<string>): Plan['changes'] {
  return plan.changes.filter((change) => !digests.has(shortDigest(change.digest)))
}
