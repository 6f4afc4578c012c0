import { objectAt, textAt, type JsonObject } from '../json.ts'
import { parseArmPath } from '../path.ts'
import type { Store, StoredResource } from '../store.ts'
import { guidFor } from '../store.ts'
import { dataCollectionEndpoints } from './dataCollectionEndpoints.ts'
import { scopedResourceType } from './links.ts'

export const zoneGroupType = 'microsoft.network/privateendpoints/privatednszonegroups'
export const interfaceType = 'microsoft.network/networkinterfaces'
export const privateEndpointType = 'microsoft.network/privateendpoints'

/** A name that a private endpoint answers for, with its address. */
export interface Member {
  /** The public zone: `ods.opinsights.azure.com`. */
  readonly domain: string
  readonly name: string
  readonly address: string
}

/** The shared names of every private endpoint of a scope (facts-2, B.3): seven in the monitor zone, one in the blob zone. */
const shared: readonly (readonly [string, string])[] = [
  ...[
    ...['api', 'diagservices-query', 'global.handler.control', 'global.in.ai', 'live'],
    ...['profiler', 'snapshot'],
  ].map((name) => ['monitor.azure.com', name] as const),
  ['blob.core.windows.net', 'scadvisorcontentpl'],
]

/**
 * The names of a private endpoint of a scope: the shared ones, and those of the linked resources in the order of
 * linking. They follow the links, as in Azure; addresses are assigned in that order.
 */
export function membersOf(endpoint: StoredResource, store: Store): readonly Member[] {
  const scope = scopeOf(endpoint)
  if (scope === undefined) return []
  const names = [...shared, ...linkedNames(scope, store)]
  const base = baseOf(endpoint, store)
  return names.map(([domain, name], index) => ({
    domain,
    name,
    address: addressAt(base + 4 + index),
  }))
}

/** Key of the scope that a private endpoint connects to. */
function scopeOf(endpoint: StoredResource): string | undefined {
  const connections = [
    ...listAt(endpoint.properties['privateLinkServiceConnections']),
    ...listAt(endpoint.properties['manualPrivateLinkServiceConnections']),
  ]
  return connections
    .map((one) => textAt(one, 'properties', 'privateLinkServiceId')?.toLowerCase())
    .find((id) => id?.includes('/privatelinkscopes/'))
}

function linkedNames(scope: string, store: Store): readonly (readonly [string, string])[] {
  const links = store
    .members(scopedResourceType, scope)
    .filter((link) => (link.properties['provisioningState'] ?? 'Succeeded') === 'Succeeded')
    .toSorted((a, b) => (a.systemData.createdAt < b.systemData.createdAt ? -1 : 1))
  return links.flatMap((link): readonly (readonly [string, string])[] => {
    const key = textAt(link.properties, 'linkedResourceId')?.toLowerCase() ?? ''
    const linked = store.get(key)
    if (linked === undefined) return []
    if (linked.path.type === 'microsoft.operationalinsights/workspaces') {
      const customer = textAt(linked.properties, 'customerId') ?? guidFor(`customer ${key}`)
      return [
        ['ods.opinsights.azure.com', customer],
        ['oms.opinsights.azure.com', customer],
        ['agentsvc.azure-automation.net', customer],
      ] as const
    }
    if (linked.path.type !== 'microsoft.insights/datacollectionendpoints') return []
    const shown = dataCollectionEndpoints.present(linked, { store, apiVersion: '2023-03-11' })
    return ['configurationAccess', 'logsIngestion'].map((which) => {
      const host = textAt(objectAt(shown, 'properties'), which, 'endpoint') ?? ''
      return [
        'monitor.azure.com',
        host.replace('https://', '').replace('.monitor.azure.com', ''),
      ] as const
    })
  })
}

/** The record sets of one zone of a zone group: those of the seed, else those that Azure maintains. */
export function recordSetsOf(
  endpoint: StoredResource,
  config: unknown,
  store: Store,
): readonly unknown[] {
  const given = objectAt(config, 'properties')['recordSets']
  if (Array.isArray(given)) return given
  const zone = (textAt(config, 'properties', 'privateDnsZoneId') ?? '').split('/').at(-1) ?? ''
  const domain = zone.toLowerCase().replace(/^privatelink\./, '')
  return membersOf(endpoint, store)
    .filter((member) => member.domain === domain)
    .map(({ name, address }) => ({
      recordType: 'A',
      recordSetName: name,
      fqdn: `${name}.${zone.toLowerCase()}`,
      ttl: 10,
      provisioningState: 'Succeeded',
      ipAddresses: [address],
    }))
}

/** A records that zone groups maintain, as rows of Resource Graph's `dnsresources`. */
export function zoneGroupRecords(
  groups: readonly StoredResource[],
  store: Store,
): ReadonlyMap<string, JsonObject> {
  const rows = new Map<string, JsonObject>()
  for (const group of groups) {
    const endpoint = store.get(group.path.holder)
    if (endpoint === undefined) continue
    for (const config of listAt(group.properties['privateDnsZoneConfigs'])) {
      const zoneId = textAt(config, 'properties', 'privateDnsZoneId') ?? ''
      const zone = store.get(zoneId.toLowerCase())
      if (zone === undefined) continue
      for (const set of recordSetsOf(endpoint, config, store)) {
        const name =
          textAt(set, 'recordSetName') ??
          (textAt(set, 'fqdn') ?? '').split('.privatelink.')[0] ??
          ''
        const id = `${zone.path.id}/A/${name}`
        rows.set(id.toLowerCase(), {
          id,
          name,
          managedBy: zone.path.id,
          subscriptionId: zone.path.subscription,
          resourceGroup: zone.path.resourceGroup.toLowerCase(),
          properties: {
            ttl: 10,
            fqdn: `${name}.${zone.path.name}.`,
            records: listAt(objectAt(set)['ipAddresses']).map((ipv4Address) => ({ ipv4Address })),
          },
        })
      }
    }
  }
  return rows
}

/** The first address of a private endpoint; private endpoints in one subnet are 64 addresses apart. */
function baseOf(endpoint: StoredResource, store: Store): number {
  const subnetId = textAt(endpoint.properties, 'subnet', 'id')?.toLowerCase()
  const subnet = subnetId === undefined ? undefined : store.get(subnetId)
  const prefixes = listAt(subnet?.properties['addressPrefixes'])
  const all = [textAt(subnet?.properties, 'addressPrefix'), ...prefixes]
  const isIpv4 = (one: unknown): one is string => typeof one === 'string' && one.includes('.')
  const prefix = all.find(isIpv4) ?? '10.0.0.0/24'
  const [first = ''] = prefix.split('/')
  const base = first.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const sharing = store
    .members(privateEndpointType, `/subscriptions/${endpoint.path.subscription}`)
    .filter((one) => textAt(one.properties, 'subnet', 'id')?.toLowerCase() === subnetId)
  const place = sharing.findIndex((one) => one.path.key === endpoint.path.key)
  return base + Math.max(0, place) * 64
}

function addressAt(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

export function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Ids of the IP configurations that use an address of a subnet: those of interfaces and of private endpoints. */
export function takenIn(subnet: StoredResource, store: Store): readonly JsonObject[] {
  const holder = `/subscriptions/${subnet.path.subscription}`
  const ofInterfaces = store.members(interfaceType, holder).flatMap((one) =>
    listAt(one.properties['ipConfigurations'])
      .filter((config) => {
        const id = textAt(config, 'properties', 'subnet', 'id')
        return id?.toLowerCase() === subnet.path.key
      })
      .map(
        (config, index) =>
          `${one.path.id}/ipConfigurations/${textAt(config, 'name') ?? `ip${index}`}`,
      ),
  )
  const ofEndpoints = store
    .members(privateEndpointType, holder)
    .filter((one) => textAt(one.properties, 'subnet', 'id')?.toLowerCase() === subnet.path.key)
    .flatMap((one) =>
      membersOf(one, store).map(({ name }) => {
        const id = parseArmPath(one.path.id)?.id ?? one.path.id
        return `${id}/ipConfigurations/${name}`
      }),
    )
  return [...ofInterfaces, ...ofEndpoints].map((id) => ({ id }))
}
