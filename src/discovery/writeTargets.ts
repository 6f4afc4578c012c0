import { sendsPrometheus } from '../rules/clusterIngestion.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { WrittenTarget } from '../topology/print/written.ts'
import type { Claims } from './claims.ts'
import type { FoundWorkspaces } from './destinations.ts'
import type { FoundTarget } from './findTargets.ts'
import { listed, type Notebook } from './notebook.ts'
import type { Sender } from './settings.ts'

/** Writes the targets as file entries: where each sends, by alias, according to its rules. */
export function writeTargets(
  targets: readonly FoundTarget[],
  aliases: ReadonlyMap<string, string>,
  claims: Claims,
  { remarks, shortId }: Notebook,
): readonly WrittenTarget[] {
  const torn: Record<FoundTarget['kind'], string[]> = { cluster: [], machine: [] }
  const written = targets.map((target) => {
    const metrics = metricsOf(target, aliases, claims)
    if (metrics.length > 1) torn[target.kind].push(shortId(target.id.text))
    return writeTarget(target, metrics[0], aliases)
  })
  for (const [kind, place] of [
    ['cluster', 'clusters'],
    ['machine', 'machines'],
  ] as const) {
    if (torn[kind].length === 0) continue
    const they = torn[kind].length === 1 ? 'sends' : 'send'
    remarks[place].push(
      `${listed(torn[kind])} ${they} metrics to more than one workspace. An entry can name only one, so it names the first.`,
    )
  }
  return written
}

function metricsOf(
  { key, kind, rules }: FoundTarget,
  aliases: ReadonlyMap<string, string>,
  claims: Claims,
): readonly string[] {
  // For a cluster, `metrics` covers managed Prometheus only.
  const metering = kind === 'cluster' ? rules.filter(sendsPrometheus) : rules
  const names = namesOf(
    metering.flatMap((rule) => rule.metricsDestinations),
    aliases,
  )
  const claimed = claims.get(key)?.workspace
  return names.length > 0 || claimed === undefined ? names : namesOf([claimed], aliases)
}

function writeTarget(
  { id, kind, rules }: FoundTarget,
  metrics: string | undefined,
  aliases: ReadonlyMap<string, string>,
): WrittenTarget {
  const logs = namesOf(
    rules.flatMap((rule) => rule.logDestinations),
    aliases,
  )
  return { kind, id, ...(metrics === undefined ? {} : { metrics }), logs }
}

/** The aliases of those workspaces that are in the file, sorted. */
function namesOf(ids: readonly string[], aliases: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set(ids.flatMap((id) => aliases.get(idKey(id)) ?? []))].toSorted(compareText)
}

/** The machines that send metrics, each with the workspace that receives them. */
export function sendersOf(
  machines: readonly WrittenTarget[],
  workspaces: FoundWorkspaces,
  aliases: ReadonlyMap<string, string>,
): readonly Sender[] {
  const byAlias = new Map(
    [...workspaces.monitor].map(([key, workspace]) => [aliases.get(key) ?? '', workspace]),
  )
  return machines.flatMap(({ id, metrics }) => {
    const workspace = metrics === undefined ? undefined : byAlias.get(metrics)
    return workspace === undefined ? [] : [{ id, workspace }]
  })
}
