import { sha256Hex } from '../../src/resources/id.ts'
import { defined, type JsonObject } from './json.ts'
import type { AzureState } from './state.ts'
import { guidFor, type Store, type StoredResource } from './store.ts'

/** The context for building an answer. */
export interface View {
  readonly store: Store
  readonly apiVersion: string
  /** The base of the query endpoints of Azure Monitor workspaces, if they are on this server. */
  readonly queryOrigin?: string
}

/** The view of a simulated Azure, or the lagging view of one of its parts. */
export function viewOf(
  { knobs, origin }: Pick<AzureState, 'knobs' | 'origin'>,
  store: Store,
  apiVersion: string,
): View {
  return {
    store,
    apiVersion,
    ...(knobs.queryEndpoints === 'self' ? { queryOrigin: origin } : {}),
  }
}

/** How the fields and their order differ between types. */
interface Presentation {
  readonly id?: string
  readonly type: string
  readonly properties: JsonObject
  /** Insights and Monitor resources carry `etag` and `systemData`, older providers neither. */
  readonly stamped?: boolean
}

/** The common fields of a resource, without absent ones. */
export function presentFields(resource: StoredResource, as: Presentation): JsonObject {
  return defined({
    id: as.id ?? resource.path.id,
    name: resource.path.name,
    type: as.type,
    location: resource.location,
    tags: resource.tags,
    kind: resource.kind,
    identity: resource.identity,
    sku: resource.sku,
    plan: resource.plan,
    zones: resource.zones,
    extendedLocation: resource.extendedLocation,
    managedBy: resource.managedBy,
    properties: as.properties,
    ...(as.stamped === true ? { etag: etagOf(resource), systemData: resource.systemData } : {}),
  })
}

/** An etag as these providers write it: the quotes are part of the value (quirk 19). */
export function etagOf(resource: StoredResource): string {
  const hex = sha256Hex(`${resource.path.key} ${resource.generation} ${resource.version}`)
  return `"${hex.slice(0, 8)}-0000-0700-0000-${hex.slice(8, 16)}0000"`
}

/** Four letters and digits, deterministic for each creation of each resource. */
export function shortHash(text: string): string {
  return parseInt(sha256Hex(text, 10), 16).toString(36).padStart(4, '0').slice(-4)
}

/** The links to a resource, for `privateLinkScopedResources`. */
export function presentLinks(resource: StoredResource, store: Store): JsonObject {
  const links = store
    .referrers(resource.path.key, 'microsoft.insights/privatelinkscopes/scopedresources')
    .filter((link) => (link.properties['provisioningState'] ?? 'Succeeded') === 'Succeeded')
    .map((link) => ({
      resourceId: lowerProviderPath(link.path.id),
      scopeId: scopeGuid(link.path.holder),
    }))
  return links.length === 0 ? {} : { privateLinkScopedResources: links }
}

/** The service's GUID of a private link scope, from the scope's key. */
export function scopeGuid(scopeKey: string): string {
  return guidFor(`scope ${scopeKey}`)
}

/** Keeps `resourceGroups` and names, lower-cases provider and types (quirk 2). */
export function lowerProviderPath(id: string): string {
  const segments = id.split('/')
  const provider = segments.findIndex((segment) => segment.toLowerCase() === 'providers')
  const isProviderOrType = (steps: number): boolean => steps === 1 || (steps > 0 && steps % 2 === 0)
  return segments
    .map((segment, index) =>
      provider >= 0 && isProviderOrType(index - provider) ? segment.toLowerCase() : segment,
    )
    .join('/')
}
