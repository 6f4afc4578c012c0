import type { Expectation } from './expected.ts'
import type { TargetTelemetry, UnknownCause } from './telemetry.ts'

/** What was found of one target at one destination, before it is known what of the chain changed. */
export interface Verdict extends Omit<
  TargetTelemetry,
  'id' | 'destination' | 'kind' | 'changedSince'
> {
  readonly expectation: Expectation
}

/** It could not be told. */
export function untold(
  expectation: Expectation,
  cause: UnknownCause,
  notes: readonly string[],
): Verdict {
  return { expectation, state: 'unknown', cause, notes, witnesses: [], path: 'unknown' }
}

/** What needs no question to be told: nothing is expected, or there is no such target. */
export function judgeUnasked(expectation: Expectation): Verdict | undefined {
  const { absent, expected, destination } = expectation
  if (absent === 'missing') return untold(expectation, 'error', [missing])
  if (absent === 'unreadable') return untold(expectation, 'forbidden', [unreadable])
  if (expected !== 'no') return undefined
  const notes = [destination.kind === 'logs' ? noLogs : noMetrics]
  return { expectation, state: 'nothing-expected', notes, witnesses: [], path: 'unknown' }
}

const missing = 'Azure has no such resource. Correct the id in the topology file, or take it out.'
const unreadable =
  'The resource may not be read by this identity, so it is not known what it should send. Give it Reader there.'
const noLogs =
  'No data collection rule of this target sends logs to this workspace. Associate one that does, or take the workspace out of its entry.'
const noMetrics =
  'No data collection rule of this target sends metrics to this workspace. Associate one that does, or take the workspace out of its entry.'

export const partialAnswer =
  'The workspace answered in part only, and this target is not in that part. Run again.'
export const hiddenRule =
  'A data collection rule of this target may not be read, so it is not known whether anything should come. Give the identity Reader on it.'
