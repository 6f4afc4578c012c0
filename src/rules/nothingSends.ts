import type { Diagnostic } from '../diagnostics.ts'
import { heldRuleOf } from '../estate/heldRule.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { compareText, idKey } from '../resources/id.ts'
import { sendsPrometheus } from './clusterIngestion.ts'
import { type Derived, pointAt, type World } from './world.ts'

/**
 * Not a derivation rule: warns about each target whose rules don't send to a workspace that the file
 * names for it (contract section 5, `nothing-sends`).
 */
export function nothingSends(world: World): Derived {
  const diagnostics: Diagnostic[] = []
  for (const target of world.targets) {
    const silent = silentAliases(world, target)
    if (silent.length === 0) continue
    diagnostics.push(explain(world, target, silent))
  }
  // Resource Graph may lag behind a new association; a warning isn't worth another read.
  return { wants: [], diagnostics, questions: [] }
}

/** Aliases in the file to which nothing of the target sends; empty while one of its rules is unreadable. */
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

/** The metrics alias if no rule sends there. `prometheus-not-enabled` reports clusters without a Prometheus rule. */
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
  const hasIdleAddon = addons.some(({ usesKey }) => !usesKey)
  const why = hasIdleAddon
    ? ' Its monitoring add-on is enabled, but sends nothing without a rule.'
    : ''
  return {
    severity: 'warning',
    code: 'nothing-sends',
    message: `The file names ${named} for ${name}, but no rule of ${name} sends there, so no data arrives.${why}`,
    remedy: `Associate a data collection rule that sends to ${named} with ${name} (az monitor data-collection rule association create), or remove ${named} from its entry.`,
    resource: id,
    ...pointAt(world.topology, target.at),
  }
}
