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

/** What a row is shown with. */
export interface RowWords {
  /** A short name as Markdown, linked where that is of use. */
  readonly show: (id: string) => string
  /** ISO 8601: what ages are counted from; left out where a text is to stay the same. */
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
      sayLastSeen(row, words),
      sayWitnesses(row),
      sayPath(row),
      sayCause(row),
    ]),
  )
}

/** `2026-01-02 13:05 UTC, 59 min ago`, or that there is nothing. */
export function sayLastSeen(
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

function sayWitnesses({ witnesses }: TargetTelemetry): string {
  return witnesses.length === 0
    ? '–'
    : witnesses.map(({ name, records }) => `${code(name, 80)} ${thousands(records)}`).join(', ')
}

function sayPath({ path, address }: TargetTelemetry): string {
  if (path === 'unknown') return '–'
  return address === undefined ? path : `${path} (${code(address, 60)})`
}

/** Why a row is not well, what changed, and what to do. */
export function sayCause(row: TargetTelemetry): string {
  const cause = row.cause === undefined ? [] : [`**${causeWords[row.cause]}**:`]
  const changes = row.changedSince.slice(0, 3).map(sayChange)
  const more = row.changedSince.length > 3 ? [`${row.changedSince.length - 3} more changed.`] : []
  const notes = row.notes.map((note) => text(note, 600))
  const known = [...cause, ...notes, ...changes, ...more]
  if (row.state !== 'silent') return known.length === 0 ? '–' : known.join(' ')
  return [...known, silentRemedy(row)].join(' ')
}

function silentRemedy({ kind, notes, changedSince }: TargetTelemetry): string {
  // A likely cause is the whole advice.
  if (notes.length > 0) return ''
  const look =
    kind === 'logs'
      ? 'the agent, its rules, and whether its network resolves the private names (check-network)'
      : 'the collector, its rule and ingestion endpoint, and whether its network resolves the private names (check-network)'
  return changedSince.length > 0
    ? 'Put that back, or wait some minutes if it is right: agents read their configuration about every five.'
    : `Nothing of its chain changed in Azure since. Look at ${look}.`
}

/** `Its association was changed on 2026-01-02 10:01 UTC by alice.` */
export function sayChange({ id, at, by }: ChainChange): string {
  return `${nounOf(id)} was changed on ${pointInTime(at) ?? text(at, 40)} by ${code(by, 120)}.`
}

/** What a changed object is, with its name where that tells something. */
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

/** The rows by destination, in order. */
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
