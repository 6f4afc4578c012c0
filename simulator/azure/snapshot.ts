import { compareText } from '../../src/resources/id.ts'
import { defined, type JsonObject, without } from './json.ts'
import type { EstateSeed, SeedResource } from './seed.ts'
import type { AzureState } from './state.ts'
import type { StoredResource } from './store.ts'

/** Properties that differ between runs, or that the service derives. */
const madeUp = [
  ...['immutableId', 'configurationAccess', 'logsIngestion', 'metricsIngestion', 'scopeId'],
  ...['privateLinkScopedResources'],
]

/** The state as a seed: sorted by id, keys in a fixed order, without anything that differs between runs. */
export function snapshotOf(azure: AzureState): EstateSeed {
  const rest = without({ ...azure.seed }, 'resources', 'resourceGroups')
  const resources = [...azure.store.resources.values()]
    .sort((a, b) => compareText(a.path.key, b.path.key))
    .map(snapshotResource)
  const used = new Set([...azure.store.resources.values()].map(({ path }) => groupKey(path)))
  const empty = [...azure.store.groups.values()]
    .filter((group) => !used.has(group.key))
    .map((group) => group.id)
    .sort((a, b) => compareText(a.toLowerCase(), b.toLowerCase()))
  return {
    ...rest,
    subscriptions: azure.seed.subscriptions,
    resources,
    ...(empty.length === 0 ? {} : { resourceGroups: empty }),
  }
}

function groupKey(path: { subscription: string; resourceGroup: string }): string {
  return `/subscriptions/${path.subscription}/resourcegroups/${path.resourceGroup.toLowerCase()}`
}

function snapshotResource(resource: StoredResource): SeedResource {
  const { provisioningState, ...properties } = without(resource.properties, ...madeUp)
  const isSettled = provisioningState === undefined || provisioningState === 'Succeeded'
  const shown = isSettled ? properties : { ...properties, provisioningState }
  return defined({
    id: resource.path.id,
    location: resource.location,
    kind: resource.kind,
    tags: resource.tags ? sorted(resource.tags) : undefined,
    sku: resource.sku,
    plan: resource.plan,
    identity: resource.identity,
    zones: resource.zones,
    extendedLocation: resource.extendedLocation,
    managedBy: resource.managedBy,
    properties: Object.keys(shown).length === 0 ? undefined : sorted(shown),
  }) as unknown as SeedResource
}

function sorted(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)))
}
