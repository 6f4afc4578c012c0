import type { OutcomeResult } from '../../plan/schedule/outcome.ts'

/** The result of a change as a sign. */
export const outcomeSigns: Record<OutcomeResult, string> = {
  done: '✅',
  already: '☑️',
  failed: '❌',
  changed: '⚠️',
  skipped: '⏭️',
  cancelled: '⏹️',
  unfinished: '❓',
}

/** The result of a change in words. */
export const outcomeWords: Record<OutcomeResult, string> = {
  done: 'done',
  already: 'already in place',
  failed: 'failed',
  changed: 'changed in the meantime, left alone',
  skipped: 'skipped',
  cancelled: 'not started',
  unfinished: 'outcome unknown',
}
