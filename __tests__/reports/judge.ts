import type { PlayedRun } from './playReport.ts'

/** By name of the report, what its EXPECTED.md says of the runs of the action in it, in order. */
export type Judges = Readonly<Record<string, (runs: readonly PlayedRun[]) => void>>
