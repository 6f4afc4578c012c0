import type { Situation } from '../../report.ts'

/**
 * A hidden record of what a comment shows, so that the next run can detect whether the plan got
 * worse. It approves nothing; the plan data do.
 */
export interface Shown {
  readonly formatVersion: 1
  readonly situation: Situation
  readonly deletes: Alarms
  readonly replaces: Alarms
  readonly errors: Alarms
}

/** The alarms of one kind: their number, and the first hundred short digests. */
export interface Alarms {
  readonly count: number
  readonly digests: readonly string[]
}
