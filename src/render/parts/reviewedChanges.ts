import { type Section } from '../text/limit.ts'
import { thousands } from '../text/words.ts'
import type { View } from '../view.ts'
import { markReviewed, type ShownGroup } from './changesIn.ts'
import { findStanding } from './standsIn.ts'

/** Heads the changes that were reviewed where a comment has come to tell of others. */
const title = 'What was reviewed'

/** Reviewed beside now, second half: what the comment showed before this one took its place. */
export function renderReviewed(view: View): Section[] {
  const { reviewedGroups = [] } = view.context
  if (view.situation !== 'plan-changed' || reviewedGroups.length === 0) return []
  return [{ type: 'whole', text: `### ${title}` }, ...markReviewed(reviewedGroups.map(renderGroup))]
}

/**
 * What was reviewed and stands nowhere else in a comment that an apply writes: a re-run is held against what
 * people can see, so that must not go away with what was done.
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

/** Whether the changes that an apply's comment lists passed the review, so that they are read back as reviewed. */
export function isOfReview({ situation, outcomes }: View): boolean {
  if (situation === 'failed' || situation === 'superseded') return outcomes.size > 0
  return situation === 'applying' || situation === 'applied' || situation === 'partial'
}

function without(view: View, groups: readonly ShownGroup[]): readonly ShownGroup[] {
  const shown = new Set(findStanding(view.changes, groups).lines.values())
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
