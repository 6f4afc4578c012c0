import { nameOf, parseResourceId } from '../../resources/id.ts'
import type {
  ChainChange,
  TargetTelemetry,
  Telemetry,
  TelemetryState,
} from '../../telemetry/telemetry.ts'
import { causeWords } from '../../telemetry/words.ts'
import { code, table, text } from '../text/markdown.ts'
import { pointInTime, thousands } from '../text/words.ts'

/** How a row is rendered. */
export interface RowWords {
  /** A short name as Markdown, possibly linked. */
  readonly show: (id: string) => string
  /** ISO 8601: the reference time for ages. Left out if the text must not change between runs. */
  readonly now?: string
}

const signs: Readonly<Record<TelemetryState, string>> = {
  silent: '🔴 silent',
  unknown: '❔ unknown',
  receiving: '🟢 receiving',
  'nothing-expected': '⚪ nothing expected',
}

/** The table of one destination: rows in the order of the telemetry, silent ones first. */
export function telemetryTable(rows: readonly TargetTelemetry[], words: RowWords): string {
  const head = ['Target', 'State', 'Last seen', 'Witnesses', 'Path', 'Cause and what to do']
  return table(
    head,
    rows.map((row) => [
      words.show(row.id),
      signs[row.state],
      describeLastSeen(row, words),
      describeWitnesses(row),
      describePath(row),
      describeCause(row),
    ]),
  )
}

/** `2026-01-02 13:05 UTC, 59 min ago`, or that nothing was found. */
export function describeLastSeen(
  { lastSeen, state }: Pick<TargetTelemetry, 'lastSeen' | 'state'>,
  { now }: Pick<RowWords, 'now'>,
): string {
  if (lastSeen !== undefined) {
    const at = pointInTime(lastSeen) ?? text(lastSeen, 40)
    return now === undefined ? at : `${at}, ${age(lastSeen, now)}`
  }
  if (state === 'silent') return 'nothing found'
  return state === 'receiving' ? 'within the window' : '–'
}

function age(lastSeen: string, now: string): string {
  const minutes = Math.round((Date.parse(now) - Date.parse(lastSeen)) / 60_000)
  if (minutes < 1) return 'now'
  return minutes < 120 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`
}

function describeWitnesses({ witnesses }: TargetTelemetry): string {
  return witnesses.length === 0
    ? '–'
    : witnesses.map(({ name, records }) => `${code(name, 80)} ${thousands(records)}`).join(', ')
}

function describePath({ path, address }: TargetTelemetry): string {
  if (path === 'unknown') return '–'
  return address === undefined ? path : `${path} (${code(address, 60)})`
}

/** Why a row is silent or unknown, what changed, and what to do. */
export function describeCause(row: TargetTelemetry): string {
  const cause = row.cause === undefined ? [] : [`**${causeWords[row.cause]}**:`]
  const changes = row.changedSince.slice(0, 3).map(describeChainChange)
  const more = row.changedSince.length > 3 ? [`${row.changedSince.length - 3} more changed.`] : []
  const notes = row.notes.map((note) => text(note, 600))
  const known = [...cause, ...notes, ...changes, ...more]
  if (row.state !== 'silent') return known.length === 0 ? '–' : known.join(' ')
  return [...known, silentRemedy(row)].join(' ')
}

function silentRemedy({ kind, notes, changedSince }: TargetTelemetry): string {
  // The note names a likely cause and what to do about it.
  if (notes.length > 0) return ''
  const look =
    kind === 'logs'
      ? 'the agent, its rules, and whether its network resolves the private names (check-network)'
      : 'the collector, its rule and ingestion endpoint, and whether its network resolves the private names (check-network)'
  return changedSince.length > 0
    ? 'Revert the change or, if it is intended, wait a few minutes: agents read their configuration about every five minutes.'
    : `Nothing in its chain has changed in Azure since. Check ${look}.`
}

/** `Its association was changed on 2026-01-02 10:01 UTC by alice.` */
export function describeChainChange({ id, at, by }: ChainChange): string {
  return `${nounOf(id)} was changed on ${pointInTime(at) ?? text(at, 40)} by ${code(by, 120)}.`
}

/** The type and name of a changed object. */
function nounOf(id: string): string {
  const type = parseResourceId(id)?.type ?? ''
  const name = text(nameOf(id), 80)
  if (type.endsWith('/datacollectionruleassociations') || /ruleassociations\/[^/]+$/i.test(id)) {
    return `Its association ${name}`
  }
  if (type === 'microsoft.insights/datacollectionrules') return `Its rule ${name}`
  if (type === 'microsoft.insights/privatelinkscopes/scopedresources') return `The link ${name}`
  if (type === 'microsoft.insights/privatelinkscopes') return `The scope ${name} (access modes)`
  return name
}

/** Groups rows by destination, keeping their order. */
export function byDestination(
  { destinations, targets }: Telemetry,
  rows: readonly TargetTelemetry[] = targets,
): readonly {
  readonly id: string
  readonly kind: TargetTelemetry['kind']
  readonly rows: readonly TargetTelemetry[]
  readonly detail: string
}[] {
  const groups = new Map<string, TargetTelemetry[]>()
  for (const row of rows) {
    const key = `${row.kind} ${row.destination.toLowerCase()}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups].map(([key, group]) => {
    const { destination: id = '', kind = 'logs' } = group[0] ?? {}
    const reach = destinations.find((one) => `${one.kind} ${one.id.toLowerCase()}` === key)
    return { id, kind, rows: group, detail: reach?.detail ?? '' }
  })
}
