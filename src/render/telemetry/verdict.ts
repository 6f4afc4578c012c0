import { idKey } from '../../resources/id.ts'
import type { TargetTelemetry, Telemetry } from '../../telemetry/telemetry.ts'
import { countTargets, listed, plural, pointInTime, thousands } from '../text/words.ts'

/**
 * The counts on top: "**198 of 200 machines send**; 2 have been silent since their association was
 * changed (2026-01-02 10:01 UTC)." Counted by target: one that is silent anywhere is silent.
 */
export function renderTelemetryVerdict({ targets }: Telemetry): string {
  const expected = targets.filter((row) => row.state !== 'nothing-expected')
  const ids = unique(expected)
  if (ids.length === 0)
    return '**Nothing is expected to arrive**: no rule of a target sends anything.'
  const silent = unique(expected.filter((row) => row.state === 'silent'))
  const silentKeys = new Set(silent.map(idKey))
  const unknown = unique(expected.filter((row) => row.state === 'unknown')).filter(
    (id) => !silentKeys.has(idKey(id)),
  )
  const sending = ids.length - silent.length - unknown.length
  const head =
    sending === ids.length
      ? `🟢 **All ${countTargets(ids)} send.**`
      : `${silent.length > 0 ? '🔴' : '❔'} **${thousands(sending)} of ${sayTargets(ids)} send**`
  const rest = [
    ...(silent.length > 0 ? [saySilent(targets, silent.length)] : []),
    ...(unknown.length > 0
      ? [`${thousands(unknown.length)} ${unknown.length === 1 ? 'is' : 'are'} unknown`]
      : []),
  ]
  const ways = sayWays(targets)
  return [
    rest.length === 0 ? head : `${head}; ${listed(rest)}.`,
    ...(ways === '' ? [] : [ways]),
  ].join(' ')
}

/** `200 machines`, or `200 targets (198 machines and 2 clusters)`. */
function sayTargets(ids: readonly string[]): string {
  const sorts = countTargets(ids)
  return sorts.includes(' and ') ? `${plural(ids.length, 'target')} (${sorts})` : sorts
}

/** With what changed, where all that are silent have a change of one sort to thank for it. */
function saySilent(targets: readonly TargetTelemetry[], count: number): string {
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

/** How many heartbeats came which way, where any tells. */
function sayWays(targets: readonly TargetTelemetry[]): string {
  const count = (path: TargetTelemetry['path']) =>
    targets.filter((row) => row.state === 'receiving' && row.path === path).length
  const [privately, publicly] = [count('private'), count('public')]
  if (privately + publicly === 0) return ''
  const parts = [
    ...(privately > 0 ? [`${thousands(privately)} privately`] : []),
    ...(publicly > 0 ? [`${thousands(publicly)} by a public address`] : []),
  ]
  return `By their newest heartbeat, logs of ${parts.join(' and ')}.`
}

function unique(rows: readonly TargetTelemetry[]): readonly string[] {
  return [...new Map(rows.map((row) => [idKey(row.id), row.id])).values()]
}
