import type { Situation } from '../../report.ts'
import { code } from '../text/markdown.ts'
import type { View } from '../view.ts'

/** The next step, in one line; empty if the verdict says it already. */
export function nextStep({ situation, report }: View): string {
  const isNoReview = report.diagnostics.some(({ code: what }) => what === 'no-review')
  return situation === 'planned' && isNoReview
    ? '**To apply:** this plan does not count as a review (see below). Have a run of the event pull_request plan it first.'
    : (nexts[situation] ?? '')
}

const nexts: Partial<Record<Situation, string>> = {
  invalid: '**Next:** correct the file and push; this comment is updated.',
  unplanned: '**Next:** fix the cause, then re-run the job.',
  planned:
    '**To apply:** merge this pull request. Only the changes shown here are applied. If others are needed by then, nothing is applied.',
  blocked:
    '**Next:** fix the errors, in the file or in Azure, then push or re-run the job. A blocked plan is never applied.',
  'plan-changed':
    '**Next:** open a pull request that plans the new changes (any edit of the file is enough), review it and merge it.',
  imported: '**Next:** open a pull request with the file. Its plan comment is the review.',
  drift: `**Next:** run the workflow by hand with ${code('command: apply')} to make Azure match the file, or change the file to keep what Azure has.`,
}
