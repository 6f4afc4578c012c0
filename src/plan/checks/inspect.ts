import type { Diagnostic } from '../../diagnostics.ts'
import { explainReading } from '../../estate/reading.ts'
import { idKey, nameOf } from '../../resources/id.ts'
import { isMarkedOurs, isOurEndpoint } from '../../estate/ownership.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'
import { foundEndpoint } from '../../estate/live.ts'
import { inspectCustomMetrics } from './customMetrics.ts'
import { inspectTargets } from './inspectTargets.ts'
import { inspectPrivateEndpoints } from './privateEndpoints.ts'
import type { Change } from '../plan.ts'

/** Checks the estate for conditions that keep private link from working, independent of the plan's changes. */
export function inspect(desired: Desired, changes: readonly Change[]): readonly Diagnostic[] {
  return [
    ...inspectScope(desired),
    ...inspectPrivateEndpoints(desired, changes),
    ...inspectTargets(desired),
    ...inspectCustomMetrics(desired),
    ...inspectWorkspaces(desired),
    ...inspectPublicEndpoints(desired),
    ...inspectContested(desired, changes),
  ]
}

/** The scope must exist, be readable and be `Succeeded`; a `Provisioning` scope was waited for before. */
function inspectScope({ world: { topology, estate } }: Desired): readonly Diagnostic[] {
  const { id, at } = topology.privateLinkScope
  if (estate.scope.state !== 'found') {
    const what = `private link scope "${id.name}"`
    const remedy =
      'Create it first (az monitor private-link-scope create; the article requires an existing scope), or correct the reference.'
    const { file } = topology
    return [explainReading(estate.scope, { what, id: id.text, file, at, remedy })]
  }
  const { provisioningState } = estate.scope.value
  if (provisioningState.toLowerCase() === 'succeeded') return []
  return [
    {
      severity: 'error',
      code: 'scope-not-ready',
      message: `Private link scope "${id.name}" is in state ${provisioningState}; it cannot take links in this state.`,
      remedy:
        'Check the scope and its private endpoints in the portal, bring it back to Succeeded, then run again.',
      resource: id.text,
      ...pointAt(topology, at),
    },
  ]
}

function inspectWorkspaces({
  world: { topology, monitorWorkspaces, logWorkspaces },
}: Desired): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const { alias, entry, workspace } of monitorWorkspaces) {
    const place = { resource: workspace.id, ...pointAt(topology, entry.at) }
    if (isEnabled(workspace.publicNetworkAccess)) {
      diagnostics.push({
        severity: 'warning',
        code: 'workspace-public',
        message: `Azure Monitor workspace ${workspace.name} (${alias}) accepts queries from public networks.`,
        remedy:
          'Set its publicNetworkAccess to Disabled when all clients that query it have a private path.',
        ...place,
      })
    }
    if (!workspace.hasQueryPrivateEndpoint) {
      diagnostics.push({
        severity: 'warning',
        code: 'no-query-private-endpoint',
        message: `Azure Monitor workspace ${workspace.name} (${alias}) has no approved private endpoint of group prometheusMetrics, so it can't be queried privately.`,
        remedy: 'Create one, as described in the prerequisites of the article.',
        ...place,
      })
    }
  }
  for (const { alias, entry, workspace } of logWorkspaces) {
    const open = [
      ...(isEnabled(workspace.publicNetworkAccessForIngestion) ? ['ingestion'] : []),
      ...(isEnabled(workspace.publicNetworkAccessForQuery) ? ['queries'] : []),
    ]
    if (open.length === 0) continue
    diagnostics.push({
      severity: 'warning',
      code: 'workspace-public',
      message: `Log Analytics workspace ${workspace.name} (${alias}) accepts ${open.join(' and ')} from public networks.`,
      remedy:
        'Disable public access that is not needed. Note that queries through the portal and Resource Manager never use private link.',
      resource: workspace.id,
      ...pointAt(topology, entry.at),
    })
  }
  return diagnostics
}

function isEnabled(value: string | undefined): boolean {
  return value?.toLowerCase() === 'enabled'
}

/** Warns about linked endpoints with public network access, as they are after the plan. */
function inspectPublicEndpoints(desired: Desired): readonly Diagnostic[] {
  const { topology, estate } = desired.world
  const diagnostics: Diagnostic[] = []
  let ours = 0
  for (const want of desired.wants.values()) {
    if (want.resource.kind === 'dataCollectionEndpoint') ours++
    if (want.resource.kind !== 'scopedResource') continue
    const endpoint = foundEndpoint(estate, want.resource.linkedResourceId)
    if (endpoint === undefined || isOurEndpoint(endpoint, topology)) continue
    if (endpoint.publicNetworkAccess === 'Enabled') {
      diagnostics.push({
        severity: 'warning',
        code: 'endpoint-public',
        message: `Endpoint ${endpoint.name}, which this topology uses, is also reachable from public networks.`,
        remedy: `Set its publicNetworkAccess to Disabled when all its users reach it privately. It isn't ours, so this action doesn't change it.`,
        resource: endpoint.id,
        ...pointAt(topology, topology.endpoints.at),
      })
    }
  }
  if (topology.endpoints.publicNetworkAccess === 'Enabled' && ours > 0) {
    diagnostics.push({
      severity: 'warning',
      code: 'endpoint-public',
      message: `The file sets publicNetworkAccess of its own endpoints (${ours}) to Enabled.`,
      remedy: 'Remove dataCollectionEndpoints.publicNetworkAccess; the default is Disabled.',
      ...pointAt(topology, topology.endpoints.at),
    })
  }
  return diagnostics
}

/** Warns about replaced associations that a policy or another tool wrote last, and will write again (facts, section 7). */
function inspectContested(desired: Desired, changes: readonly Change[]): readonly Diagnostic[] {
  const { topology, estate, targets } = desired.world
  const places = new Map(targets.map((t) => [t.key, t.at]))
  return changes.flatMap((change) => {
    if (change.kind !== 'association' || change.action !== 'replace') return []
    const key = idKey(change.before.target)
    const live = estate.associations.get(key)
    const type = change.changed?.type ?? ''
    if (live === undefined || isMarkedOurs(live, topology)) return []
    if (!/^(managedidentity|application)$/i.test(type)) return []
    return [
      {
        severity: 'warning' as const,
        code: 'association-contested' as const,
        message: `The association of ${nameOf(change.before.target)} was last written by ${type} ${change.changed?.by ?? ''}, probably a policy or another tool, which may write it again.`,
        remedy:
          'Find the policy assignment or tool, and exempt this target from it or configure the same endpoint there. Otherwise the two will keep undoing each other.',
        resource: change.before.target,
        ...pointAt(topology, places.get(key) ?? topology.privateLinkScope.at),
      },
    ]
  })
}
