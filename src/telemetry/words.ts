import { nameOf } from '../resources/id.ts'
import type { Verdict } from './judgement.ts'
import type { TelemetryState, UnknownCause } from './telemetry.ts'

/** How many rows there are of each state, in one sentence: "198 of 200 send; 2 are silent." */
export function sayCounts(rows: readonly { readonly state: TelemetryState }[]): string {
  const count = (state: TelemetryState) => rows.filter((row) => row.state === state).length
  const expected = rows.length - count('nothing-expected')
  if (expected === 0) return 'Nothing is expected to arrive: no rule sends anything.'
  const [silent, unknown] = [count('silent'), count('unknown')]
  const parts = [
    `${count('receiving')} of ${expected} expected streams of telemetry arrive`,
    ...(silent > 0 ? [`${silent} ${silent === 1 ? 'is' : 'are'} silent`] : []),
    ...(unknown > 0 ? [`${unknown} ${unknown === 1 ? 'is' : 'are'} unknown`] : []),
  ]
  return `${parts.join('; ')}.`
}

/** Most names in a line of the log. */
const mostNames = 5

/** Who came back since the last round, and how many are still silent. */
export function sayReturned(before: readonly Verdict[], now: readonly Verdict[]): string {
  const keyOf = ({ expectation: { target, destination } }: Verdict) =>
    `${target.key} ${destination.key}`
  const silent = (rows: readonly Verdict[]) => rows.filter(({ state }) => state === 'silent')
  const still = new Set(silent(now).map(keyOf))
  const back = silent(before).filter((verdict) => !still.has(keyOf(verdict)))
  const names = back
    .slice(0, mostNames)
    .map(
      ({ expectation: { target, destination } }) =>
        `${nameOf(target.id)} at ${nameOf(destination.id)}`,
    )
  const more = back.length > mostNames ? ` and ${back.length - mostNames} more` : ''
  const returned = back.length === 0 ? 'nobody came back' : `${names.join(', ')}${more} came back`
  return `${returned}; ${still.size === 0 ? 'nothing is silent any more' : `${still.size} still silent`}.`
}

/** What a cause is called for people. */
export const causeWords: Readonly<Record<UnknownCause, string>> = {
  'network-restricted': 'the workspace takes no queries from this network',
  forbidden: 'no role to ask',
  throttled: 'too many queries',
  'partial-answer': 'half an answer',
  'ambiguous-name': 'two share a name',
  error: 'could not be asked',
}
