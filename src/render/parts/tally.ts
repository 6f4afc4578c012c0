import type { Outcome, OutcomeResult } from '../../plan/schedule/outcome.ts'
import { duration } from '../text/durationText.ts'
import { code } from '../text/markdown.ts'
import type { View } from '../view.ts'
import { listed, thousands } from '../text/words.ts'

/** How far an apply is, with a bar. */
export function sayProgress(view: View): string {
  const done = view.outcomes.size
  const total = Math.max(1, view.changes.length)
  const filled = Math.floor((10 * done) / total)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(10 - filled)}`
  const seconds = view.context.progress?.elapsedSeconds
  const time = seconds === undefined ? '' : `, after ${duration(seconds)}`
  return `${code(bar)} ${thousands(done)} of ${thousands(view.changes.length)}${time}. This comment is updated as it goes on.`
}

function count(outcomes: Iterable<Outcome>, ...wanted: readonly OutcomeResult[]): number {
  return [...outcomes].filter((outcome) => wanted.includes(outcome.result)).length
}

/** How many changes are as they should be, written or not. */
export function countDone(view: View): string {
  return thousands(count(view.outcomes.values(), 'done', 'already'))
}

/** `11 written and 1 found as wanted already`. */
export function sayTally(view: View): string {
  const all = [...view.outcomes.values()]
  const already = count(all, 'already')
  const written = count(all, 'done')
  return listed([
    `${thousands(written)} written`,
    ...(already > 0 ? [`${thousands(already)} found as wanted already`] : []),
  ])
}

/** `1 failed and 2 left out`. */
export function sayUndone(view: View): string {
  const all = [...view.outcomes.values()]
  const tell = (number: number, words: string) =>
    number > 0 ? [`${thousands(number)} ${words}`] : []
  const missing = view.changes.filter((change) => !view.outcomes.has(change.key)).length
  return (
    listed([
      ...tell(count(all, 'failed'), 'failed'),
      ...tell(count(all, 'changed'), 'changed meanwhile'),
      ...tell(count(all, 'unfinished'), 'not known to have finished'),
      ...tell(count(all, 'skipped'), 'left out'),
      ...tell(count(all, 'cancelled') + missing, 'not begun'),
    ]) || 'not confirmed'
  )
}
