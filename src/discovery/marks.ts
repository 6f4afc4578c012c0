import type { ConfigurationAssociation, Endpoint, Link } from '../estate/estate.ts'
import { idKey, sha256Hex } from '../resources/id.ts'
import { linkName } from '../resources/names.ts'
// STAND-IN until ownership marks land on main.
export const ownershipTag = 'azure-monitor-private-link'
export function markOf(name: string, scopeKey: string): string {
  return `${name}/${sha256Hex(idKey(scopeKey), 8)}`
}
export function nameIn(mark: string): string {
  return mark.split('/')[0] ?? mark
}
export function isOfScope(mark: string, scopeKey: string): boolean {
  return mark === markOf(nameIn(mark), scopeKey)
}
export function endpointMark(endpoint: Pick<Endpoint, 'tags'>): string | undefined {
  return Object.entries(endpoint.tags).find(([name]) => name.toLowerCase() === ownershipTag)?.[1]
}
export function associationMark({
  description = '',
}: Pick<ConfigurationAssociation, 'description'>): string | undefined {
  return /^Managed by azure-monitor-private-link \(([a-z0-9-]+\/[0-9a-f]{8})\)$/.exec(
    description,
  )?.[1]
}
export function linkMark(link: Link): string | undefined {
  const rest = linkName('', link.linkedResourceId).toLowerCase()
  const name = link.name.toLowerCase()
  if (!name.endsWith(rest)) return undefined
  const topology = name.slice(0, name.length - rest.length)
  return topologyName.test(topology) ? topology : undefined
}
export const topologyName = /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/
import type { Estate } from '../estate/estate.ts'
import { compareText, type ResourceId } from '../resources/id.ts'
/** The endpoints that carry the mark of this topology, in order of id. */
export function ownedEndpoints(
  estate: Estate,
  name: string,
  scope: ResourceId,
): readonly Endpoint[] {
  const own = markOf(name, scope.key)
  return [...estate.endpoints.values()]
    .flatMap((reading) => (reading.state === 'found' ? [reading.value] : []))
    .filter((endpoint) => endpointMark(endpoint) === own)
    .toSorted((a, b) => compareText(idKey(a.id), idKey(b.id)))
}
