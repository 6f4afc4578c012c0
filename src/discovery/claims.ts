import type { Endpoint, Estate, MonitorWorkspace } from '../estate/estate.ts'
import { idKey, type ResourceId } from '../resources/id.ts'
import { machineEndpointName } from '../resources/names.ts'
import { defaultNames } from '../topology/templates.ts'
import type { FoundWorkspaces } from './destinations.ts'
import type { FoundTarget } from './findTargets.ts'
import { ownedEndpoints } from './marks.ts'

/**
 * Maps a machine's key to the workspace that it is assumed to send metrics to, because an ingestion
 * endpoint exists for it.
 */
export type Claims = ReadonlyMap<string, { readonly workspace: string; readonly endpoint: string }>

/**
 * Finds endpoints that we own, made for one machine's metrics, through which no rule sends yet. The
 * file that created them gave that machine `metrics`; a file without it would delete them.
 */
export function claimedIngestion(
  estate: Estate,
  topology: { readonly name: string; readonly scope: ResourceId },
  targets: readonly FoundTarget[],
  workspaces: FoundWorkspaces,
  used: ReadonlySet<string>,
): Claims {
  const waiting = ownedEndpoints(estate, topology.name, topology.scope).filter(
    ({ id }) => !used.has(idKey(id)),
  )
  const claims = new Map<string, { workspace: string; endpoint: string }>()
  if (waiting.length === 0) return claims
  const byName = new Map(waiting.map((endpoint) => [endpoint.name.toLowerCase(), endpoint]))
  for (const { key, kind, id } of targets) {
    if (kind !== 'machine') continue
    for (const region of new Set(waiting.map(({ location }) => location))) {
      const name = machineEndpointName(defaultNames.machineName, {
        topology: topology.name,
        region,
        machineId: id.key,
      })
      const endpoint = byName.get(name?.toLowerCase() ?? '')
      const workspace = endpoint === undefined ? undefined : workspaceIn(endpoint, workspaces)
      if (endpoint === undefined || workspace === undefined) continue
      claims.set(key, { workspace: workspace.id, endpoint: idKey(endpoint.id) })
    }
  }
  return claims
}

function workspaceIn(
  { location }: Endpoint,
  { monitor }: FoundWorkspaces,
): MonitorWorkspace | undefined {
  return [...monitor.values()].find((workspace) => workspace.location === location)
}
