import { groupBy } from '../resources/group.ts'
import { idKey } from '../resources/id.ts'
import { maskAddress, pathOf } from './address.ts'
import type { Answer, LogRow } from './answers.ts'
import type { Expectation } from './expected.ts'
import { mayBeAsked, operations } from './logQuery.ts'
import { hiddenRule, partialAnswer, untold, type Verdict } from './judgement.ts'
import { presenceTables } from './streams.ts'
import type { Witness } from './telemetry.ts'

/** A record that is stamped later than the service's own clock by more than this has a clock of its own. */
const skewMs = 5 * 60_000

/** What the answer of a Log Analytics workspace says of the targets that were asked for. */
export function judgeLogs(
  expectations: readonly Expectation[],
  answer: Answer<LogRow>,
  windowMinutes: number,
): readonly Verdict[] {
  if (answer.state === 'refused') {
    return expectations.map((one) => untold(one, answer.reach, [answer.detail]))
  }
  const rows = groupBy(answer.rows, (row) => idKey(row.resource))
  const cap = answer.rows.find((row) => row.table === operations)?.lastSeen
  return expectations.map((one) => {
    if (!mayBeAsked(one.target.key)) return untold(one, 'error', [oddId])
    const found = (rows.get(one.target.key) ?? []).filter((row) => one.tables.includes(row.table))
    return judge(one, found, { ...answer, windowMinutes, cap })
  })
}

const oddId = 'Its resource id has characters that no query may hold, so it was not asked for.'
const nothingToAsk =
  'Its rules bring only tables whose queries are billed by the gigabyte (ContainerLogV2, custom tables), which are not asked; in the others there is no record.'

interface Circumstances {
  readonly at: string
  readonly partial: boolean
  readonly windowMinutes: number
  /** When the daily cap stopped the workspace, if it did. */
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
    const notes = [...sayAhead(newest, now), ...sayHeartbeatOnly(one, witnesses)]
    return { ...common, state: 'receiving', notes }
  }
  if (partial)
    return { ...common, state: 'unknown', cause: 'partial-answer', notes: [partialAnswer] }
  const isBlind = !one.promised.some((table) => one.tables.includes(table))
  if (isBlind) return { ...common, state: 'unknown', cause: 'error', notes: [nothingToAsk] }
  if (one.expected === 'unknown') {
    return { ...common, state: 'unknown', cause: 'forbidden', notes: [hiddenRule] }
  }
  return { ...common, state: 'silent', notes: cap === undefined ? [] : [sayCap(cap)] }
}

function sayCap(at: string): string {
  return `The likely cause is the daily cap of the workspace: it was reached (${at}), and the workspace takes nothing more until the cap is reset. Raise the cap, or wait.`
}

/** Agents stamp their records by their own clock. */
function sayAhead(newest: string | undefined, now: number): readonly string[] {
  const ahead = newest === undefined ? 0 : Date.parse(newest) - now
  if (ahead <= skewMs) return []
  const minutes = Math.round(ahead / 60_000)
  return [
    `Its clock is about ${minutes} minutes ahead of Azure's: that it falls silent shows so much later.`,
  ]
}

/** "Heartbeats were flowing but nothing else" is how many outages look (facts, section 5). */
function sayHeartbeatOnly(one: Expectation, witnesses: readonly Witness[]): readonly string[] {
  const steady = one.promised.filter((table) => steadyTables.includes(table))
  const isAlone = witnesses.every(({ name }) => name === presenceTables.machine[0])
  if (steady.length === 0 || !isAlone) return []
  return [
    `Only heartbeats arrive: its rules bring ${steady.join(' and ')} too, and none came within 24 hours.`,
  ]
}

/** Tables that get something every few minutes from whoever sends to them; of Syslog and Event that can't be said. */
const steadyTables: readonly string[] = ['InsightsMetrics', 'Perf']

function witnessOf({ table, lastSeen, records }: LogRow): Witness {
  return { name: table, lastSeen, records }
}

function newestOf(rows: readonly LogRow[]): string | undefined {
  return rows.map((row) => row.lastSeen).toSorted((a, b) => Date.parse(b) - Date.parse(a))[0]
}
