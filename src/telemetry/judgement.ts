import type { Expectation } from './expected.ts'
import type { TargetTelemetry, UnknownCause } from './telemetry.ts'

/** The finding for one target at one destination, before the changes in its chain are added. */
export interface Verdict extends Omit<
  TargetTelemetry,
  'id' | 'destination' | 'kind' | 'changedSince'
> {
  readonly expectation: Expectation
}

/** The verdict when nothing proves that the target sends or is silent. */
export function unknownVerdict(
  expectation: Expectation,
  cause: UnknownCause,
  notes: readonly string[],
): Verdict {
  return { expectation, state: 'unknown', cause, notes, witnesses: [], path: 'unknown' }
}

/**
 * The verdict for a target that needs no query: nothing is expected of it, or Azure has no such
 * target.
 */
export function judgeWithoutQuery(expectation: Expectation): Verdict | undefined {
  const { absent, expected, destination } = expectation
  if (absent === 'missing') return unknownVerdict(expectation, 'error', [missing])
  if (absent === 'unreadable') return unknownVerdict(expectation, 'forbidden', [unreadable])
  if (expected !== 'no') return undefined
  const notes = [destination.kind === 'logs' ? noLogs : noMetrics]
  return { expectation, state: 'nothing-expected', notes, witnesses: [], path: 'unknown' }
}

const missing =
  'Azure has no such resource. Correct the id in the topology file, or remove the entry.'
const unreadable =
  'This identity cannot read the resource, so what it should send is unknown. Give the identity the Reader role on it.'
const noLogs =
  'No data collection rule of this target sends logs to this workspace. Associate one that does, or remove the workspace from its entry.'
const noMetrics =
  'No data collection rule of this target sends metrics to this workspace. Associate one that does, or remove the workspace from its entry.'

export const partialAnswer =
  'The workspace returned a partial answer that does not include this target. Run again.'
export const hiddenRule =
  'This identity cannot read a data collection rule of this target, so whether anything should arrive is unknown. Give the identity the Reader role on the rule.'
