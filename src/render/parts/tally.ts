import type { Outcome, OutcomeResult } from '../../plan/schedule/outcome.ts'
import { duration } from '../text/durationText.ts'
import { code } from '../text/markdown.ts'
import type { View } from '../view.ts'
import { listed, thousands } from '../text/words.ts'

/** The progress of an apply, with a bar. */
export function describeProgress(view: View): string {
  const done = view.outcomes.size
  const total = Math.max(1, view.changes.length)
  const filled = Math.floor((10 * done) / total)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(10 - filled)}`
  const seconds = view.context.progress?.elapsedSeconds
  const time = seconds === undefined ? '' : `, after ${duration(seconds)}`
  return `${code(bar)} ${thousands(done)} of ${thousands(view.changes.length)}${time}. This comment is updated during the apply.`
}

function count(outcomes: Iterable<Outcome>, ...wanted: readonly OutcomeResult[]): number {
  return [...outcomes].filter((outcome) => wanted.includes(outcome.result)).length
}

/** How many changes are in place, written or found so. */
export function countDone(view: View): string {
  return thousands(count(view.outcomes.values(), 'done', 'already'))
}

/** `11 written and 1 already in place`. */
export function describeTally(view: View): string {
  const all = [...view.outcomes.values()]
  const already = count(all, 'already')
  const written = count(all, 'done')
  return listed([
    `${thousands(written)} written`,
    ...(already > 0 ? [`${thousands(already)} already in place`] : []),
  ])
}

/** `1 failed and 2 skipped`. */
export function describeUndone(view: View): string {
  const all = [...view.outcomes.values()]
  const part = (number: number, words: string) =>
    number > 0 ? [`${thousands(number)} ${words}`] : []
  const missing = view.changes.filter((change) => !view.outcomes.has(change.key)).length
  return (
    listed([
      ...part(count(all, 'failed'), 'failed'),
      ...part(count(all, 'changed'), 'changed in the meantime'),
      ...part(count(all, 'unfinished'), 'with unknown outcome'),
      ...part(count(all, 'skipped'), 'skipped'),
      ...part(count(all, 'cancelled') + missing, 'not started'),
    ]) || 'not confirmed'
  )
}
