import type { Situation } from '../../report.ts'
import { code } from '../text/markdown.ts'
import type { View } from '../view.ts'

/** What to do next, in a line; empty where the verdict says all. */
export function sayNext({ situation, report }: View): string {
  const isNoReview = report.diagnostics.some(({ code: what }) => what === 'no-review')
  return situation === 'planned' && isNoReview
    ? '**To apply:** this plan is no review, as said below; have it planned by a run of the event pull_request first.'
    : (nexts[situation] ?? '')
}

/** How it goes on, where the lines above don't say so. */
const nexts: Partial<Record<Situation, string>> = {
  invalid: '**Next:** correct the file and push; this comment is updated.',
  unplanned: '**Next:** fix the cause, then re-run the job.',
  planned:
    '**To apply:** merge this pull request. Only what is shown here is applied; if Azure or the file is different by then, nothing is.',
  blocked:
    '**Next:** fix the errors, in the file or in Azure, then push or re-run the job. A blocked plan is never applied.',
  'plan-changed':
    '**Next:** review what is new in a pull request that plans it (any edit of the file is enough), then merge that.',
  imported:
    '**Next:** open a pull request with the file; the comment on it is the review of this plan.',
  drift: `**Next:** run the workflow by hand with ${code('command: apply')} to make Azure as the file says, or change the file to keep what Azure has.`,
}
