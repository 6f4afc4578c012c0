import { idKey, nameOf } from '../resources/id.ts'
import { presentState } from '../plan/capabilities.ts'
import type { ChainChange, TargetTelemetry } from '../telemetry/telemetry.ts'
import { causeWords } from '../telemetry/words.ts'
import { broken, type Finding, ok, together, unknown } from './chain.ts'
import type { Subject } from './facts.ts'

/** Records of it arrive (contract section 9). */
export function telemetryLink(subject: Subject): Finding {
  const { telemetry, gone } = subject
  if (!telemetry.asked) return unknown(telemetry.why, telemetry.remedy)
  if (gone !== undefined) return unknown('Nothing was asked of a target that was not read.')
  const expected = telemetry.rows.filter(({ state }) => state !== 'nothing-expected')
  if (expected.length === 0)
    return unknown('Nothing is expected to arrive: no rule of it sends anything.')
  const { links } = presentState(subject.estate)
  return together(expected.map((row) => findingOf(row, telemetry, links)))
}

type Asked = Extract<Subject['telemetry'], { readonly asked: true }>

function findingOf(row: TargetTelemetry, asked: Asked, linked: ReadonlySet<string>): Finding {
  const where = `${row.kind === 'logs' ? 'Logs' : 'Metrics'} in ${nameOf(row.destination)}`
  switch (row.state) {
    case 'receiving':
      return sayReceiving(row, where, linked)
    case 'silent':
      return sayIllness(row, where, asked)
    case 'unknown':
      return sayUnknown(row, where, asked)
    case 'nothing-expected':
      return ok(`${where}: none are expected.`)
  }
}

function sayReceiving(
  { path, destination, lastSeen, address }: TargetTelemetry,
  where: string,
  linked: ReadonlySet<string>,
): Finding {
  const last = lastSeen === undefined ? '' : `, the last at ${sayTime(lastSeen)}`
  const from = address === undefined ? '' : ` (${address})`
  if (path === 'public' && linked.has(idKey(destination))) {
    return unknown(
      `${where} arrive${last}, and the newest heartbeat came from a public address${from} although the workspace is linked: evidence that they leave by the public way.`,
      'Look at what resolves names on it: run check-network in its network.',
    )
  }
  const way = path === 'private' ? ' and came privately' : ''
  return ok(`${where} arrive${last}${way}.`)
}

function sayIllness(
  { lastSeen, notes, changedSince }: TargetTelemetry,
  where: string,
  { windowMinutes }: Asked,
): Finding {
  const seen =
    lastSeen === undefined
      ? 'there is none of the last 24 hours'
      : `the last came at ${sayTime(lastSeen)}`
  const changes = changedSince.slice(0, 3).map(sayChange)
  return broken(
    [`${where}: no record within ${windowMinutes} minutes; ${seen}.`, ...notes, ...changes].join(
      ' ',
    ),
    changes.length > 0
      ? 'Put that back, or wait some minutes if it is right: agents read their configuration about every five.'
      : 'Fix what is broken above first. Where nothing is: restart the agent, and run check-network in its network.',
  )
}

function sayUnknown(
  { cause, notes, destination }: TargetTelemetry,
  where: string,
  asked: Asked,
): Finding {
  const why = cause === undefined ? '' : `: ${causeWords[cause]}`
  const reach = asked.destinations.find(({ id }) => idKey(id) === idKey(destination))
  const told = new Set([
    ...notes,
    ...(reach === undefined || reach.detail === '' ? [] : [reach.detail]),
  ])
  return unknown(
    `Whether ${where.toLowerCase().replace(/ in .*/, '')} arrive in ${nameOf(destination)} is unknown${why}. ${[...told].join(' ')}`.trim(),
  )
}

function sayChange({ id, at, by }: ChainChange): string {
  return `${nameOf(id)} was changed at ${sayTime(at)} by ${by}.`
}

/** `2026-01-02 13:05 UTC` of a time in ISO 8601. */
function sayTime(iso: string): string {
  return iso.replace(/^([\d-]+)T(\d\d:\d\d)[\d:.]*Z$/, '$1 $2 UTC')
}
