import type { Diagnostic } from '../diagnostics.ts'
import type { RunContext } from '../github/event.ts'

/**
 * What a plan says that will never count as a review (contract section 7, "What a review is"): only a run of
 * `pull_request` makes one, since that of `pull_request_target` takes its workflow from elsewhere than the pull request.
 */
export function sayNoReview({ event, command, pullRequest }: RunContext): readonly Diagnostic[] {
  if (event !== 'pull_request_target' || command !== 'plan' || pullRequest?.merged !== false) {
    return []
  }
  return [
    {
      severity: 'warning',
      code: 'no-review',
      message:
        'This plan was made by a run of the event pull_request_target, and only one of pull_request counts as a review: after the merge nothing is applied because of it.',
      remedy:
        'Let the workflow plan on pull_request; or, after the merge, apply it by hand (workflow_dispatch) with command: apply, which is its own approval.',
    },
  ]
}
