import { idKey, nameOf } from '../resources/id.ts'
import { presentState } from '../plan/capabilities.ts'
import type { ChainChange, TargetTelemetry } from '../telemetry/telemetry.ts'
import { causeWords } from '../telemetry/words.ts'
import { broken, type Finding, ok, mergeFindings, unknown } from './chain.ts'
import type { Subject } from './facts.ts'

/** Checks that its records arrive (contract section 9). */
export function telemetryLink(subject: Subject): Finding {
  const { telemetry, gone } = subject
  if (!telemetry.asked) return unknown(telemetry.why, telemetry.remedy)
  if (gone !== undefined) {
    return unknown('Telemetry was not queried, because the target was not read.')
  }
  const expected = telemetry.rows.filter(({ state }) => state !== 'nothing-expected')
  if (expected.length === 0)
    return unknown('No telemetry is expected: none of its rules sends anything.')
  const { links } = presentState(subject.estate)
  return mergeFindings(expected.map((row) => findingOf(row, telemetry, links)))
}

type Asked = Extract<Subject['telemetry'], { readonly asked: true }>

function findingOf(row: TargetTelemetry, asked: Asked, linked: ReadonlySet<string>): Finding {
  const where = `${row.kind === 'logs' ? 'Logs' : 'Metrics'} in ${nameOf(row.destination)}`
  switch (row.state) {
    case 'receiving':
      return describeReceiving(row, where, linked)
    case 'silent':
      return describeSilence(row, where, asked)
    case 'unknown':
      return describeUnknown(row, where, asked)
    case 'nothing-expected':
      return ok(`${where}: none are expected.`)
  }
}

function describeReceiving(
  { path, destination, lastSeen, address }: TargetTelemetry,
  where: string,
  linked: ReadonlySet<string>,
): Finding {
  const last = lastSeen === undefined ? '' : `, the last at ${formatTime(lastSeen)}`
  const from = address === undefined ? '' : ` (${address})`
  if (path === 'public' && linked.has(idKey(destination))) {
    return unknown(
      `${where} arrive${last}, but the latest heartbeat came from a public address${from} although the workspace is linked: they probably take the public path.`,
      'Check how names resolve there: run check-network in its network.',
    )
  }
  const way = path === 'private' ? ' and came privately' : ''
  return ok(`${where} arrive${last}${way}.`)
}

function describeSilence(
  { lastSeen, notes, changedSince }: TargetTelemetry,
  where: string,
  { windowMinutes }: Asked,
): Finding {
  const seen =
    lastSeen === undefined
      ? 'there is none from the last 24 hours'
      : `the last one arrived at ${formatTime(lastSeen)}`
  const changes = changedSince.slice(0, 3).map(describeChange)
  return broken(
    [`${where}: no record within ${windowMinutes} minutes; ${seen}.`, ...notes, ...changes].join(
      ' ',
    ),
    changes.length > 0
      ? 'Revert that change. If it is intended, wait a few minutes: agents read their configuration about every five minutes.'
      : 'First fix the broken links above. If there are none, restart the agent, and run check-network in its network.',
  )
}

function describeUnknown(
  { cause, notes, destination }: TargetTelemetry,
  where: string,
  asked: Asked,
): Finding {
  const why = cause === undefined ? '' : `: ${causeWords[cause]}`
  const reach = asked.destinations.find(({ id }) => idKey(id) === idKey(destination))
  const details = new Set([
    ...notes,
    ...(reach === undefined || reach.detail === '' ? [] : [reach.detail]),
  ])
  return unknown(
    `It is unknown whether ${where.toLowerCase().replace(/ in .*/, '')} arrive in ${nameOf(destination)}${why}. ${[...details].join(' ')}`.trim(),
  )
}

function describeChange({ id, at, by }: ChainChange): string {
  return `${nameOf(id)} was changed at ${formatTime(at)} by ${by}.`
}

/** Formats an ISO 8601 time as `2026-01-02 13:05 UTC`. */
function formatTime(iso: string): string {
  return iso.replace(/^([\d-]+)T(\d\d:\d\d)[\d:.]*Z$/, '$1 $2 UTC')
}
