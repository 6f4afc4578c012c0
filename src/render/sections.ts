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

/** Situations in which the changes are still to be made. */
const ahead: readonly Situation[] = ['planned', 'blocked', 'applying', 'not-converged', 'drift']

/** The document of a view without its footer, most important part first. */
export function documentOf(view: View, where: 'page' | 'terminal' = 'page'): Section[] {
  // A plan's changes are up for review, and those of an apply usually were reviewed: mark both for
  // later runs.
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

/**
 * First half of the comparison with the review: the changes that the reviewed comment did not show.
 */
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
