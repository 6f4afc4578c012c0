import { type Section } from '../text/limit.ts'
import { thousands } from '../text/words.ts'
import type { View } from '../view.ts'
import { markReviewed, type ShownGroup } from './changesIn.ts'
import { findShownLines } from './shownLines.ts'

/** Heading of the reviewed changes in a comment that now shows others. */
const title = 'Reviewed changes'

/** Second half of the comparison with the review: the changes that the reviewed comment showed. */
export function renderReviewed(view: View): Section[] {
  const { reviewedGroups = [] } = view.context
  if (view.situation !== 'plan-changed' || reviewedGroups.length === 0) return []
  return [{ type: 'whole', text: `### ${title}` }, ...markReviewed(reviewedGroups.map(renderGroup))]
}

/**
 * The reviewed changes that an apply's comment shows nowhere else. A re-run is checked against the
 * visible changes, so they must stay even after they were applied.
 */
export function renderReviewedToo(view: View): Section[] {
  const { reviewedGroups = [] } = view.context
  if (view.situation === 'plan-changed') return []
  const groups = isOfReview(view) ? without(view, reviewedGroups) : reviewedGroups
  if (groups.length === 0) return []
  return [
    { type: 'whole', text: `<details>\n<summary>${title}</summary>` },
    ...markReviewed(groups.map(renderGroup)),
    { type: 'whole', text: '</details>' },
  ]
}

/**
 * Whether the changes in an apply's comment passed the review check and may be read back as
 * reviewed.
 */
export function isOfReview({ situation, outcomes }: View): boolean {
  if (situation === 'failed' || situation === 'superseded') return outcomes.size > 0
  return situation === 'applying' || situation === 'applied' || situation === 'partial'
}

function without(view: View, groups: readonly ShownGroup[]): readonly ShownGroup[] {
  const shown = new Set(findShownLines(view.changes, groups).lines.values())
  return groups
    .map((group) => ({ ...group, lines: group.lines.filter((line) => !shown.has(line)) }))
    .filter(({ lines, cut }) => lines.length > 0 || cut > 0)
}

function renderGroup({ head, lines, cut }: ShownGroup): Section {
  const more =
    cut > 0 ? [`- … and ${thousands(cut)} more: see the earlier versions of this comment.`] : []
  return {
    type: 'list',
    head,
    items: [...lines, ...more],
    tail: head === '' ? '' : '</details>',
    weight: 3,
  }
}
