import { attribute, code, link, text } from '../text/markdown.ts'
import { sha256Hex } from '../../resources/id.ts'
import { countNew, encodeShown } from './shown.ts'
import { type Shown } from './shownState.ts'
import { listed, plural } from '../text/words.ts'

/** Counts of new deletes, replacements and errors. */
export interface Worsening {
  readonly deletes: number
  readonly replaces: number
  readonly errors: number
}

/** Compares two records; `undefined` if nothing got worse. */
export function findWorsening(before: Shown, now: Shown): Worsening | undefined {
  const worsening = {
    deletes: countNew(before.deletes, now.deletes),
    replaces: countNew(before.replaces, now.replaces),
    errors: countNew(before.errors, now.errors),
  }
  return Object.values(worsening).some((count) => count > 0) ? worsening : undefined
}

/** What the short comment needs besides the counts. */
export interface WorseningContext {
  /** Name of the topology, or the path of its file. */
  readonly topology: string
  readonly now: Shown
  /** URL of the plan comment. */
  readonly commentUrl: string
  readonly commitSha?: string
}

/**
 * The short comment that a plan got worse. It is needed because the plan comment is edited in
 * place, and GitHub sends no notification for edits. Its first line is a marker, one per plan.
 */
export function renderWorsening(worsening: Worsening, context: WorseningContext): string {
  const { topology, now, commentUrl, commitSha } = context
  const counts = [
    ...(worsening.deletes > 0 ? [plural(worsening.deletes, 'new delete')] : []),
    ...(worsening.replaces > 0 ? [plural(worsening.replaces, 'new replacement')] : []),
    ...(worsening.errors > 0 ? [plural(worsening.errors, 'new error')] : []),
  ]
  const since = commitSha === undefined ? '' : ` with ${code(commitSha.slice(0, 7), 40)}`
  return [
    worseMarker(topology, now),
    `**${text(topology, 200)}**: the plan got worse${since}: **${listed(counts)}**.`,
    `See ${link('the updated plan', commentUrl)}.`,
  ].join('\n\n')
}

function worseMarker(topology: string, now: Shown): string {
  const key = sha256Hex(encodeShown({ ...now, situation: 'planned' }), 16)
  return `<!-- azure-monitor-private-link:worse topology="${attribute(topology)}" plan="${key}" -->`
}
