import { renderAttention, renderFolded } from './parts/attention.ts'
import { renderChange } from './parts/changeLine.ts'
import { markReviewed } from './parts/changesIn.ts'
import { renderChanges } from './parts/changes.ts'
import { renderDiagram } from './parts/diagram.ts'
import { renderRemarks } from './parts/remarks.ts'
import { renderIds } from './parts/ids.ts'
import { renderLosses } from './parts/losses.ts'
import type { Section } from './text/limit.ts'
import type { Situation } from '../report.ts'
import { renderNetwork } from './parts/network.ts'
import { isOfReview, renderReviewed, renderReviewedToo } from './parts/reviewedChanges.ts'
import { renderSelects } from './parts/selects.ts'
import { renderSteps } from './parts/steps.ts'
import { renderVerdict } from './parts/verdict.ts'
import type { View } from './view.ts'

/** What comes next is only told while it hasn't happened. */
const ahead: readonly Situation[] = ['planned', 'blocked', 'applying', 'not-converged', 'drift']

/** The document of a view but for its footer, top down: what a person needs first comes first. */
export function documentOf(view: View, where: 'page' | 'terminal' = 'page'): Section[] {
  // What is planned is what is to be reviewed; what an apply lists was reviewed, where it says so.
  const counts = where === 'page' && (view.situation === 'planned' || isOfReview(view))
  return [
    { type: 'whole', text: renderVerdict(view) },
    ...renderSelects(view),
    ...renderLosses(view),
    ...renderRemarks(view),
    ...renderAttention(view),
    ...renderUnreviewed(view),
    ...renderReviewed(view),
    ...(counts ? markReviewed(renderChanges(view)) : renderChanges(view)),
    ...renderNetwork(view),
    ...(where === 'page' ? renderDiagram(view) : []),
    ...(ahead.includes(view.situation) ? renderSteps(view) : []),
    ...renderFolded(view),
    ...renderReviewedToo(view),
    ...(where === 'page' ? renderIds(view) : []),
  ]
}

/** Reviewed beside now, first half: the changes that the reviewed comment did not show. */
function renderUnreviewed(view: View): Section[] {
  const { review } = view.report
  if (review === undefined || review.unreviewed.length === 0) return []
  return [
    {
      type: 'list',
      head: '### Not in the reviewed plan',
      items: review.unreviewed.map((change) => renderChange(change, view)),
      tail: '',
      weight: 4,
    },
  ]
}
