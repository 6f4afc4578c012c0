import type { Result } from '../report.ts'

/** How a result ends the process: well, with something found, or failed. */
const endings: Record<Result, 'nothing' | 'found' | 'failed'> = {
  'no-changes': 'nothing',
  clean: 'nothing',
  validated: 'nothing',
  changes: 'found',
  applied: 'found',
  drift: 'found',
  partial: 'failed',
  failed: 'failed',
}

/** The exit code of a run: its worst result's (contract section 12). */
export function exitCodeOf(
  results: readonly Result[],
  options: { readonly detailed: boolean; readonly failOnDrift: boolean },
): 0 | 1 | 2 {
  const ends = results.map((result) => endings[result])
  if (ends.includes('failed')) return 1
  if (options.detailed) return ends.includes('found') ? 2 : 0
  return options.failOnDrift && results.includes('drift') ? 1 : 0
}
