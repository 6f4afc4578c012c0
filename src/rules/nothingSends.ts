import type { Diagnostic } from '../diagnostics.ts'
import { heldRuleOf } from '../estate/heldRule.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { compareText, idKey } from '../resources/id.ts'
import { sendsPrometheus } from './clusterIngestion.ts'
import { type Derived, pointAt, type World } from './world.ts'

/**
 * Not a rule of derivation: tells of each target for which the file names a workspace that no rule of it
 * sends to, so that nothing arrives, however private the way is (contract section 5, `nothing-sends`).
 */
export function nothingSends(world: World): Derived {
  const diagnostics: Diagnostic[] = []
  for (const target of world.targets) {
    const silent = silentAliases(world, target)
    if (silent.length === 0) continue
    diagnostics.push(explain(world, target, silent))
  }
  // Resource Graph may lag behind an association; for a warning nothing is read once more.
  return { wants: [], diagnostics, questions: [] }
}

/** Aliases that the file names for a target and nothing of it sends to; none while one of its rules is hidden. */
function silentAliases(world: World, target: ResolvedTarget): readonly string[] {
  if (target.hasHiddenRule || (target.logs.length === 0 && target.metrics === undefined)) return []
  const held = heldRuleOf(target, world.estate)?.rule
  const rules = held === undefined ? target.rules : [...target.rules, held]
  const byKey = (target.target.addons ?? []).filter(({ usesKey }) => usesKey)
  const reached = new Set([
    ...rules.flatMap((rule) => [...rule.logDestinations, ...rule.metricsDestinations]).map(idKey),
    ...byKey.flatMap(({ workspaceId }) => (workspaceId === undefined ? [] : [idKey(workspaceId)])),
  ])
  const logs = target.logs.filter((alias) => {
    const key = world.logKeys.get(alias)
    return key !== undefined && !reached.has(key)
  })
  return [...logs.toSorted(compareText), ...silentMetrics(world, target, { rules, reached })]
}

/** A cluster without a Prometheus rule is told of by `prometheus-not-enabled`. */
function silentMetrics(
  { topology }: World,
  { kind, metrics }: ResolvedTarget,
  sent: { readonly rules: ResolvedTarget['rules']; readonly reached: ReadonlySet<string> },
): readonly string[] {
  if (metrics === undefined || (kind === 'cluster' && !sent.rules.some(sendsPrometheus))) return []
  const workspace = topology.azureMonitorWorkspaces.find(({ alias }) => alias === metrics)
  return workspace === undefined || sent.reached.has(workspace.id.key) ? [] : [metrics]
}

function explain(world: World, target: ResolvedTarget, aliases: readonly string[]): Diagnostic {
  const { name, id, addons = [] } = target.target
  const named = aliases.join(', ')
  const waits = addons.some(({ usesKey }) => !usesKey)
  const why = waits
    ? ' Its monitoring add-on is on, and without a rule it has nothing to send.'
    : ''
  return {
    severity: 'warning',
    code: 'nothing-sends',
    message: `The file names ${named} for ${name}, and no rule of ${name} sends there: nothing arrives.${why}`,
    remedy: `Associate a data collection rule that sends to ${named} with ${name} (az monitor data-collection rule association create), or take ${named} out of its entry.`,
    resource: id,
    ...pointAt(world.topology, target.at),
  }
}
