import { groupBy } from '../resources/group.ts'
import { idKey } from '../resources/id.ts'
import { maskAddress, pathOf } from './address.ts'
import type { Answer, LogRow } from './answers.ts'
import type { Expectation } from './expected.ts'
import { isSafeInQuery, operations } from './logQuery.ts'
import { hiddenRule, partialAnswer, unknownVerdict, type Verdict } from './judgement.ts'
import { presenceTables } from './streams.ts'
import type { Witness } from './telemetry.ts'

/**
 * A record stamped further ahead of the service's clock than this comes from a machine whose clock
 * is wrong.
 */
const skewMs = 5 * 60_000

/** Judges the queried targets by a Log Analytics workspace's answer. */
export function judgeLogs(
  expectations: readonly Expectation[],
  answer: Answer<LogRow>,
  windowMinutes: number,
): readonly Verdict[] {
  if (answer.state === 'refused') {
    return expectations.map((one) => unknownVerdict(one, answer.reach, [answer.detail]))
  }
  const rows = groupBy(answer.rows, (row) => idKey(row.resource))
  const cap = answer.rows.find((row) => row.table === operations)?.lastSeen
  return expectations.map((one) => {
    if (!isSafeInQuery(one.target.key)) return unknownVerdict(one, 'error', [oddId])
    const found = (rows.get(one.target.key) ?? []).filter((row) => one.tables.includes(row.table))
    return judge(one, found, { ...answer, windowMinutes, cap })
  })
}

const oddId =
  'Its resource id contains characters that are not allowed in a query, so it was not checked.'
const nothingToAsk =
  'Its rules fill only tables whose queries are billed by the gigabyte (ContainerLogV2, custom tables), so these were not queried; the other tables have no record of it.'

interface Circumstances {
  readonly at: string
  readonly partial: boolean
  readonly windowMinutes: number
  /** When the daily cap stopped ingestion, if it did. */
  readonly cap: string | undefined
}

function judge(
  one: Expectation,
  rows: readonly LogRow[],
  { at, partial, windowMinutes, cap }: Circumstances,
): Verdict {
  const now = Date.parse(at)
  const newest = newestOf(rows)
  const isFresh = newest !== undefined && Date.parse(newest) > now - windowMinutes * 60_000
  const witnesses = rows.map(witnessOf).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const heartbeat = rows.find((row) => row.table === 'Heartbeat')
  const address = heartbeat === undefined ? undefined : maskAddress(heartbeat.address)
  const common = {
    expectation: one,
    witnesses,
    path: heartbeat === undefined ? ('unknown' as const) : pathOf(heartbeat.address),
    ...(newest === undefined ? {} : { lastSeen: newest }),
    ...(address === undefined ? {} : { address }),
  }
  if (isFresh) {
    const notes = [...clockNote(newest, now), ...heartbeatOnlyNote(one, witnesses)]
    return { ...common, state: 'receiving', notes }
  }
  if (partial)
    return { ...common, state: 'unknown', cause: 'partial-answer', notes: [partialAnswer] }
  const isBlind = !one.promised.some((table) => one.tables.includes(table))
  if (isBlind) return { ...common, state: 'unknown', cause: 'error', notes: [nothingToAsk] }
  if (one.expected === 'unknown') {
    return { ...common, state: 'unknown', cause: 'forbidden', notes: [hiddenRule] }
  }
  return { ...common, state: 'silent', notes: cap === undefined ? [] : [capNote(cap)] }
}

function capNote(at: string): string {
  return `The likely cause is the workspace's daily cap: it was reached (${at}), and the workspace ingests nothing until the cap resets. Raise the cap, or wait.`
}

/** Agents stamp records with their machine's clock. */
function clockNote(newest: string | undefined, now: number): readonly string[] {
  const ahead = newest === undefined ? 0 : Date.parse(newest) - now
  if (ahead <= skewMs) return []
  const minutes = Math.round(ahead / 60_000)
  return [
    `Its clock is about ${minutes} minutes ahead of Azure's, so a silence shows that much later.`,
  ]
}

/** Many outages look like this: "Heartbeats were flowing but nothing else" (facts, section 5). */
function heartbeatOnlyNote(one: Expectation, witnesses: readonly Witness[]): readonly string[] {
  const steady = one.promised.filter((table) => steadyTables.includes(table))
  const isAlone = witnesses.every(({ name }) => name === presenceTables.machine[0])
  if (steady.length === 0 || !isAlone) return []
  return [
    `Only heartbeats arrive: its rules also collect ${steady.join(' and ')}, but no such record came within 24 hours.`,
  ]
}

/** Tables that every sender writes to every few minutes, unlike Syslog and Event. */
const steadyTables: readonly string[] = ['InsightsMetrics', 'Perf']

function witnessOf({ table, lastSeen, records }: LogRow): Witness {
  return { name: table, lastSeen, records }
}

function newestOf(rows: readonly LogRow[]): string | undefined {
  return rows.map((row) => row.lastSeen).toSorted((a, b) => Date.parse(b) - Date.parse(a))[0]
}
