import type { Reach } from './telemetry.ts'

/** What a workspace answered to one query, made of its JSON by `azure/query/`. */
export type Answer<Row> =
  | {
      readonly state: 'answered'
      readonly rows: readonly Row[]
      /** Said by the service beside the rows: what has no row may only be missing. */
      readonly partial: boolean
      /** ISO 8601, by the clock of the service. */
      readonly at: string
    }
  | {
      readonly state: 'refused'
      readonly reach: Exclude<Reach, 'yes'>
      /** One sentence or two: what happened and what to do. */
      readonly detail: string
    }

/** One row of a log query: a resource in a table. */
export interface LogRow {
  /** Resource id in lower case; empty for the daily cap. */
  readonly resource: string
  readonly table: string
  /** ISO 8601. */
  readonly lastSeen: string
  readonly address: string
  readonly records: number
}

/** One series of a metrics query. */
export interface MetricRow {
  /** Resource id as the label has it; empty where the series carries none. */
  readonly resource: string
  /** Empty where there is none. */
  readonly cluster: string
  /** ISO 8601; absent where it came in the window, and no more is known. */
  readonly lastSeen?: string
}
