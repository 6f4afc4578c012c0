import type { PlayedRun } from './playReport.ts'

/** By name of the report: the checks of its EXPECTED.md for each run of the action, in order. */
export type Judges = Readonly<Record<string, (runs: readonly PlayedRun[]) => void>>
