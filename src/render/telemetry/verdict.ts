import { idKey } from '../../resources/id.ts'
import type { TargetTelemetry, Telemetry } from '../../telemetry/telemetry.ts'
import { countTargets, listed, plural, pointInTime, thousands } from '../text/words.ts'

/**
 * The headline: "**Telemetry arrives from 198 of 200 machines**; 2 have been silent since their
 * association changed (2026-01-02 10:01 UTC)." Counted by target: a target that is silent at any
 * destination counts as silent.
 */
export function renderTelemetryVerdict({ targets }: Telemetry): string {
  const expected = targets.filter((row) => row.state !== 'nothing-expected')
  const ids = unique(expected)
  if (ids.length === 0)
    return '**No telemetry is expected**: no data collection rule of the targets sends anything.'
  const silent = unique(expected.filter((row) => row.state === 'silent'))
  const silentKeys = new Set(silent.map(idKey))
  const unknown = unique(expected.filter((row) => row.state === 'unknown')).filter(
    (id) => !silentKeys.has(idKey(id)),
  )
  const sending = ids.length - silent.length - unknown.length
  const head =
    sending === ids.length
      ? `🟢 **Telemetry arrives from ${ids.length === 1 ? '' : 'all '}${describeTargets(ids)}.**`
      : `${silent.length > 0 ? '🔴' : '❔'} **Telemetry arrives from ${thousands(sending)} of ${describeTargets(ids)}**`
  const rest = [
    ...(silent.length > 0 ? [describeSilent(targets, silent.length)] : []),
    ...(unknown.length > 0
      ? [`${thousands(unknown.length)} ${unknown.length === 1 ? 'is' : 'are'} unknown`]
      : []),
  ]
  const ways = describePaths(targets)
  return [
    rest.length === 0 ? head : `${head}; ${listed(rest)}.`,
    ...(ways === '' ? [] : [ways]),
  ].join(' ')
}

/** `200 machines`, or `200 targets (198 machines and 2 clusters)`. */
function describeTargets(ids: readonly string[]): string {
  const sorts = countTargets(ids)
  return sorts.includes(' and ') ? `${plural(ids.length, 'target')} (${sorts})` : sorts
}

/**
 * The number of silent targets, with the change since which they are silent if all have the same
 * kind of change.
 */
function describeSilent(targets: readonly TargetTelemetry[], count: number): string {
  const rows = targets.filter((row) => row.state === 'silent')
  const sorts = rows.map((row) => sortOf(row.changedSince.at(-1)?.id))
  const [sort] = sorts
  const are = count === 1 ? 'is silent' : 'are silent'
  if (sort === undefined || !sorts.every((one) => one === sort)) return `${thousands(count)} ${are}`
  const first = rows.flatMap((row) => row.changedSince.at(-1)?.at ?? []).toSorted()[0] ?? ''
  const have = count === 1 ? 'has been silent since its' : 'have been silent since their'
  return `${thousands(count)} ${have} ${sort} changed (${pointInTime(first) ?? first})`
}

function sortOf(id: string | undefined): string | undefined {
  if (id === undefined) return undefined
  if (/\/datacollectionruleassociations\//i.test(id)) return 'association'
  if (/\/scopedresources\//i.test(id)) return 'link'
  if (/\/privatelinkscopes\//i.test(id)) return "scope's access modes"
  return /\/datacollectionrules\//i.test(id) ? 'data collection rule' : undefined
}

/** How many heartbeats arrived privately and publicly, if known. */
function describePaths(targets: readonly TargetTelemetry[]): string {
  const count = (path: TargetTelemetry['path']) =>
    targets.filter((row) => row.state === 'receiving' && row.path === path).length
  const [privately, publicly] = [count('private'), count('public')]
  if (privately + publicly === 0) return ''
  const parts = [
    ...(privately > 0 ? [`${thousands(privately)} arrived privately`] : []),
    ...(publicly > 0 ? [`${thousands(publicly)} from a public address`] : []),
  ]
  return `Newest heartbeats: ${parts.join(' and ')}.`
}

function unique(rows: readonly TargetTelemetry[]): readonly string[] {
  return [...new Map(rows.map((row) => [idKey(row.id), row.id])).values()]
}
