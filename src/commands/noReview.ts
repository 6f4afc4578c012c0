import type { Diagnostic } from '../diagnostics.ts'
import type { RunContext } from '../github/event.ts'

/**
 * A warning on a plan that can't count as a review (contract section 7, "What a review is"): only runs of
 * `pull_request` count, because `pull_request_target` takes its workflow from the base branch.
 */
export function warnOfNoReview({ event, command, pullRequest }: RunContext): readonly Diagnostic[] {
  if (event !== 'pull_request_target' || command !== 'plan' || pullRequest?.merged !== false) {
    return []
  }
  return [
    {
      severity: 'warning',
      code: 'no-review',
      message:
        'This plan comes from a run of the event pull_request_target, and only runs of pull_request count as a review: after the merge, this plan approves nothing.',
      remedy:
        'Run the plan on pull_request; or, after the merge, run the workflow by hand (workflow_dispatch) with command: apply, which is its own approval.',
    },
  ]
}
