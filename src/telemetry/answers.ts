import type { Reach } from './telemetry.ts'

/** A workspace's answer to one query, parsed from its JSON by `azure/query/`. */
export type Answer<Row> =
  | {
      readonly state: 'answered'
      readonly rows: readonly Row[]
      /** The service reported an error beside the rows: a target without a row may still send. */
      readonly partial: boolean
      /** ISO 8601, by the service's clock. */
      readonly at: string
    }
  | {
      readonly state: 'refused'
      readonly reach: Exclude<Reach, 'yes'>
      /** One or two sentences: what happened and what to do. */
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
  /** Empty if the series has no such label. */
  readonly cluster: string
  /** ISO 8601; absent if all we know is that the series arrived within the window. */
  readonly lastSeen?: string
}
