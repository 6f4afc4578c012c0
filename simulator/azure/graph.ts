import { viewOf } from './present.ts'
import type { Principal } from '../entra/tokens.ts'
import { presentGroup, presentSubscription, groupsOf } from './containers.ts'
import { type JsonObject, mapTexts, objectAt } from './json.ts'
import type { Kinds } from './kinds.ts'
import type { Knobs } from './knobs.ts'
import { scopedResourceType } from './kinds/links.ts'
import { zoneGroupRecords, zoneGroupType } from './kinds/networkRecords.ts'
import { ordered } from './lists.ts'
import type { AzureState } from './state.ts'
import { Store, type StoredResource } from './store.ts'

/** The rows of Resource Graph's tables, by the tables' names in lower case. */
export type GraphTables = Record<string, readonly Record<string, unknown>[]>

const zoneType = 'microsoft.network/privatednszones'
const newestVersion = '9999-12-31'

/** Resource Graph's view of the store, which lags. */
export class GraphView {
  readonly #azure: AzureState
  readonly #kinds: Kinds
  readonly #store = new Store()
  #seen = 0
  #kept: { readonly key: string; readonly tables: GraphTables } | undefined

  /** Starts with everything in the store. */
  constructor(azure: AzureState, kinds: Kinds) {
    this.#azure = azure
    this.#kinds = kinds
    for (const resource of azure.store.resources.values()) this.#store.set(resource)
  }

  /** The tables as the principal may see them, for the given subscriptions or all. */
  tables(principal: Principal, subscriptions: readonly string[] | undefined): GraphTables {
    this.#catchUp()
    const { access, knobs, seed } = this.#azure
    const asked = (subscriptions ?? seed.subscriptions).map((id) => id.toLowerCase())
    const { casing, shuffle, graphLinks, graphScoped } = knobs
    const turned = [casing, shuffle, graphLinks, graphScoped]
    const key = JSON.stringify([this.#seen, principal, asked, turned])
    if (this.#kept?.key === key) return this.#kept.tables
    const readable = [...this.#store.resources.values()].filter(
      ({ path }) =>
        asked.includes(path.subscription) &&
        (access.isOpen ||
          access.allows(principal, `${path.namespace}/${path.typePath}/read`, path.key)),
    )
    readable.sort((a, b) => (a.path.key < b.path.key ? -1 : 1))
    const tables: Record<string, Record<string, unknown>[]> = {
      resources: [],
      insightsresources: [],
      kubernetesconfigurationresources: [],
      resourcecontainers: this.#containers(principal, asked),
      dnsresources: this.#records(readable),
    }
    for (const resource of ordered(readable, knobs.shuffle)) {
      tables[this.#tableOf(resource.path.type)]?.push(this.#row(resource))
    }
    this.#kept = { key, tables }
    return tables
  }

  /** Records that zone groups maintain in readable zones; manual records are resources. */
  #records(readable: readonly StoredResource[]): Record<string, unknown>[] {
    const zones = new Set(
      readable.filter(({ path }) => path.type === zoneType).map(({ path }) => path.key),
    )
    if (zones.size === 0) return []
    const groups = [...this.#store.resources.values()].filter(
      ({ path }) => path.type === zoneGroupType,
    )
    const rows = [...zoneGroupRecords(groups, this.#store).values()]
    return rows
      .filter((row) => zones.has(String(row['managedBy']).toLowerCase()))
      .map((row) =>
        this.#cased({
          ...row,
          type: `${zoneType}/a`,
          tenantId: this.#azure.tenant,
          location: 'global',
        }),
      )
  }

  /** The table of a type; empty for a type that is in no table. */
  #tableOf(type: string): string {
    const isShown = this.#azure.knobs.graphScoped === 'resources' && type === scopedResourceType
    return isShown ? 'resources' : (this.#kinds.get(type)?.graphTable ?? 'resources')
  }

  /** Applies every change that is older than the lag. */
  #catchUp(): void {
    const { changes, knobs } = this.#azure
    const until = Date.now() - knobs.resourceGraphLagMs
    for (;;) {
      const change = changes[this.#seen]
      if (!change || change.at > until) return
      if (change.resource) this.#store.set(change.resource)
      else this.#store.delete(change.key)
      this.#seen += 1
    }
  }

  #row(resource: StoredResource): Record<string, unknown> {
    const kind = this.#kinds.get(resource.path.type)
    const view = viewOf(this.#azure, this.#store, newestVersion)
    const shown: JsonObject = kind ? kind.present(resource, view) : { ...resource }
    const { path } = resource
    const { privateLinkScopedResources: links, ...unlinked } = objectAt(shown, 'properties')
    const isShown = links !== undefined && this.#azure.knobs.graphLinks === 'shown'
    return this.#cased({
      id: path.id,
      name: path.name,
      type: path.type,
      tenantId: this.#azure.tenant,
      kind: resource.kind ?? '',
      location: resource.location === undefined ? '' : (shown['location'] ?? resource.location),
      resourceGroup: path.resourceGroup.toLowerCase(),
      subscriptionId: path.subscription,
      // For a record, its zone (facts-2, D.2).
      managedBy: resource.managedBy ?? (path.type === `${zoneType}/a` ? path.holder : ''),
      sku: resource.sku ?? null,
      plan: resource.plan ?? null,
      properties: isShown ? { ...unlinked, privateLinkScopedResources: links } : unlinked,
      tags: resource.tags ?? null,
      identity: resource.identity ?? null,
      zones: resource.zones ?? null,
      extendedLocation: resource.extendedLocation ?? null,
    })
  }

  #containers(principal: Principal, asked: readonly string[]): Record<string, unknown>[] {
    const azure = this.#azure
    const may = (action: string, id: string): boolean =>
      azure.access.allows(principal, `Microsoft.Resources/${action}/read`, id.toLowerCase())
    const common = { tenantId: azure.tenant, kind: '', managedBy: '', sku: null, plan: null }
    const bare = { tags: null, identity: null, zones: null, extendedLocation: null }
    const subscriptions = azure.seed.subscriptions
      .filter(
        (id) => asked.includes(id.toLowerCase()) && may('subscriptions', `/subscriptions/${id}`),
      )
      .map((id) => ({
        id: `/subscriptions/${id}`,
        name: presentSubscription(azure, id)['displayName'],
        type: 'microsoft.resources/subscriptions',
        location: '',
        resourceGroup: '',
        subscriptionId: id,
        properties: { state: 'Enabled' },
        ...common,
        ...bare,
      }))
    const groups = asked
      .flatMap((id) => groupsOf(azure, id))
      .filter((group) => may('subscriptions/resourceGroups', group.id))
      .map((group) => ({
        id: group.id,
        name: group.name,
        type: 'microsoft.resources/subscriptions/resourcegroups',
        location: group.location,
        resourceGroup: group.name.toLowerCase(),
        subscriptionId: group.subscription,
        properties: presentGroup(group)['properties'],
        ...common,
        ...bare,
      }))
    return [...subscriptions, ...groups].map((row) => this.#cased(row))
  }

  #cased(row: JsonObject): Record<string, unknown> {
    const { casing } = this.#azure.knobs
    return casing === 'azure' ? { ...row } : { ...(scrambleIds(row, casing) as JsonObject) }
  }
}

/**
 * Renames the table of associations in a query to the evaluator's name. Which of the two documented names Azure
 * supports is an open point: with the knob on the other one, the evaluator's own name is unknown.
 */
export function withKnownTable(knobs: Knobs, body: JsonObject): JsonObject {
  const { query } = body
  if (knobs.associationTable === 'insightsresources' || typeof query !== 'string') return body
  const swapped = query.replace(/\binsights?resources\b/gi, (name) =>
    /insightsr/i.test(name) ? 'insightresources' : 'insightsresources',
  )
  return { ...body, query: swapped }
}

/** Writes every id of a value in capitals or small letters. */
export function scrambleIds(value: unknown, casing: 'upper' | 'lower'): unknown {
  const isId = (text: string): boolean => /^\/subscriptions\//i.test(text)
  const change = (text: string): string =>
    casing === 'upper' ? text.toUpperCase() : text.toLowerCase()
  return mapTexts(value, (text) => (isId(text) ? change(text) : text))
}
