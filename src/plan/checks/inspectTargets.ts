import type { Diagnostic } from '../../diagnostics.ts'
import type { Rule } from '../../estate/estate.ts'
import type { ResolvedTarget } from '../../estate/resolved.ts'
import { idKey, nameOf } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'
import type { Topology } from '../../topology/topology.ts'

/** Warns about targets that can't send privately: no identity, no agent, or a destination that isn't linked. */
export function inspectTargets({ world: { topology, targets } }: Desired): readonly Diagnostic[] {
  const workspaces = [...topology.logAnalyticsWorkspaces, ...topology.azureMonitorWorkspaces]
  const unknownDestinationsOf = memoizeUnknownDestinations(
    new Set(workspaces.map((workspace) => workspace.id.key)),
  )
  return targets.flatMap((target) => inspectTarget(topology, target, unknownDestinationsOf))
}

/** Destinations of a rule that are not in the file. */
interface UnknownDestinations {
  readonly logs: readonly string[]
  readonly metrics: readonly string[]
}

/** Finds the destinations of a rule that are not in the file; cached, since many targets share one rule. */
function memoizeUnknownDestinations(
  known: ReadonlySet<string>,
): (rule: Rule) => UnknownDestinations {
  const found = new Map<Rule, UnknownDestinations>()
  const isUnknown = (destination: string) => !known.has(idKey(destination))
  return (rule) => {
    const unknown = found.get(rule) ?? {
      logs: rule.logDestinations.filter(isUnknown),
      metrics: rule.metricsDestinations.filter(isUnknown),
    }
    found.set(rule, unknown)
    return unknown
  }
}

function inspectTarget(
  topology: Topology,
  target: ResolvedTarget,
  unknownDestinationsOf: (rule: Rule) => UnknownDestinations,
): readonly Diagnostic[] {
  const { name } = target.target
  const place = { resource: target.target.id, ...pointAt(topology, target.at) }
  const diagnostics: Diagnostic[] = []
  if (target.target.hasIdentity === false) {
    diagnostics.push({
      severity: 'warning',
      code: 'identity-missing',
      message: `${name} has no managed identity, which the Azure Monitor agent needs to sign in.`,
      remedy: 'Assign one (az vm identity assign), then plan again.',
      ...place,
    })
  }
  if (target.target.hasAgent === false) {
    diagnostics.push({
      severity: 'warning',
      code: 'agent-missing',
      message: `${name} does not have the Azure Monitor agent, so nothing fetches its configuration.`,
      remedy: 'Install the extension AzureMonitorLinuxAgent or AzureMonitorWindowsAgent on it.',
      ...place,
    })
  }
  return [
    ...diagnostics,
    ...inspectDestinations(topology, target, unknownDestinationsOf),
    ...inspectAddons(topology, target),
  ]
}

/** Warns about add-ons of a cluster that send independently of its rules. */
function inspectAddons(topology: Topology, target: ResolvedTarget): readonly Diagnostic[] {
  const { name, id, addons = [] } = target.target
  if (addons.length === 0) return []
  const known = new Set(topology.logAnalyticsWorkspaces.map((workspace) => workspace.id.key))
  const sent = new Set(target.rules.flatMap((rule) => rule.logDestinations.map(idKey)))
  const at = pointAt(topology, target.at)
  return addons.flatMap(({ usesKey, workspaceId }): readonly Diagnostic[] => [
    ...(usesKey
      ? [
          {
            severity: 'warning' as const,
            code: 'addon-legacy-auth' as const,
            message: `The monitoring add-on of ${name} signs in with the workspace key (useAADAuth is false), so it ignores rules and associations: it sends to ${workspaceId === undefined ? 'its own workspace' : nameOf(workspaceId)}.`,
            remedy: `Disable the add-on and enable it again with managed identity (az aks disable-addons -a monitoring, then az aks enable-addons -a monitoring --enable-msi-auth-for-monitoring), which creates its rule, then plan again.`,
            resource: id,
            ...at,
          },
        ]
      : []),
    ...(workspaceId === undefined || known.has(idKey(workspaceId)) || sent.has(idKey(workspaceId))
      ? []
      : [
          {
            severity: 'warning' as const,
            code: 'destination-not-linked' as const,
            message: `The monitoring add-on of ${name} sends logs to ${nameOf(workspaceId)}, which is not in the file and therefore not linked.`,
            remedy:
              'Add that workspace under logAnalyticsWorkspaces, or configure another workspace for the add-on.',
            resource: workspaceId,
            ...at,
          },
        ]),
  ])
}

/** Warns about rules that send to workspaces outside the file: that data may not arrive under private link. */
function inspectDestinations(
  topology: Topology,
  target: ResolvedTarget,
  unknownDestinationsOf: (rule: Rule) => UnknownDestinations,
): readonly Diagnostic[] {
  const explain = (rule: Rule, what: string, destination: string, section: string): Diagnostic => ({
    severity: 'warning',
    code: 'destination-not-linked',
    message: `The rule ${rule.name} of ${target.target.name} sends ${what} to ${nameOf(destination)}, which is not in the file and therefore not linked.`,
    remedy: `Add that workspace under ${section}, or change the rule.`,
    resource: destination,
    ...pointAt(topology, target.at),
  })
  return target.rules.flatMap((rule) => {
    const { logs, metrics } = unknownDestinationsOf(rule)
    return [
      ...logs.map((to) => explain(rule, 'logs', to, 'logAnalyticsWorkspaces')),
      ...metrics.map((to) => explain(rule, 'metrics', to, 'azureMonitorWorkspaces')),
    ]
  })
}
