import type { Situation } from '../../report.ts'

/**
 * What a comment tells of, kept hidden in it, so that the next run can tell whether things got worse.
 * It approves nothing: that is what the plan data are for.
 */
export interface Shown {
  readonly formatVersion: 1
  readonly situation: Situation
  readonly deletes: Alarms
  readonly replaces: Alarms
  readonly errors: Alarms
}

/** How many there are of one sort, and which: the first hundred short digests. */
export interface Alarms {
  readonly count: number
  readonly digests: readonly string[]
}
