import { nameOf } from '../resources/id.ts'
import type { Verdict } from './judgement.ts'
import type { TelemetryState, UnknownCause } from './telemetry.ts'

/**
 * Counts the rows in each state, in one sentence: "198 of 200 expected streams of telemetry arrive;
 * 2 are silent."
 */
export function describeCounts(rows: readonly { readonly state: TelemetryState }[]): string {
  const count = (state: TelemetryState) => rows.filter((row) => row.state === state).length
  const expected = rows.length - count('nothing-expected')
  if (expected === 0) return 'No telemetry is expected: no data collection rule sends anything.'
  const [silent, unknown] = [count('silent'), count('unknown')]
  const parts = [
    `${count('receiving')} of ${expected} expected streams of telemetry arrive`,
    ...(silent > 0 ? [`${silent} ${silent === 1 ? 'is' : 'are'} silent`] : []),
    ...(unknown > 0 ? [`${unknown} ${unknown === 1 ? 'is' : 'are'} unknown`] : []),
  ]
  return `${parts.join('; ')}.`
}

/** The most names in a log line. */
const maxNames = 5

/** Which targets came back since the last round, and how many are still silent. */
export function describeReturned(before: readonly Verdict[], now: readonly Verdict[]): string {
  const keyOf = ({ expectation: { target, destination } }: Verdict) =>
    `${target.key} ${destination.key}`
  const silent = (rows: readonly Verdict[]) => rows.filter(({ state }) => state === 'silent')
  const still = new Set(silent(now).map(keyOf))
  const back = silent(before).filter((verdict) => !still.has(keyOf(verdict)))
  const names = back
    .slice(0, maxNames)
    .map(
      ({ expectation: { target, destination } }) =>
        `${nameOf(target.id)} at ${nameOf(destination.id)}`,
    )
  const more = back.length > maxNames ? ` and ${back.length - maxNames} more` : ''
  const returned = back.length === 0 ? 'none came back' : `${names.join(', ')}${more} came back`
  return `${returned}; ${still.size === 0 ? 'none is silent any more' : `${still.size} still silent`}.`
}

/** A cause in words for the user. */
export const causeWords: Readonly<Record<UnknownCause, string>> = {
  'network-restricted': 'the workspace refuses queries from this network',
  forbidden: 'no permission to query',
  throttled: 'too many queries',
  'partial-answer': 'partial answer',
  'ambiguous-name': 'ambiguous name',
  error: 'could not be checked',
}
