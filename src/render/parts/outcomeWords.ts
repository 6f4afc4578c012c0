import type { OutcomeResult } from '../../plan/schedule/outcome.ts'

/** What became of a change, as a sign. */
export const outcomeSigns: Record<OutcomeResult, string> = {
  done: '✅',
  already: '☑️',
  failed: '❌',
  changed: '⚠️',
  skipped: '⏭️',
  cancelled: '⏹️',
  unfinished: '❓',
}

/** The same in words. */
export const outcomeWords: Record<OutcomeResult, string> = {
  done: 'done',
  already: 'was so already',
  failed: 'failed',
  changed: 'changed meanwhile, left alone',
  skipped: 'left out',
  cancelled: 'not begun',
  unfinished: 'not known to have finished',
}
