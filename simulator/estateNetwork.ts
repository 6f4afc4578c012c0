import type { JsonObject } from './azure/json.ts'
import type { SeedResource } from './azure/seed.ts'

/**
 * The network of an estate in short form. The default, if the scope has an approved private endpoint, is what
 * Microsoft recommends: one virtual network `rg-net/vnet-hub` with the private endpoint and the targets, and the
 * five zones in `rg-dns`, all in the private endpoint's zone group and linked to the network.
 */
export interface NetworkSketch {
  /** Roles of the zones in the zone groups; default all five. */
  readonly groupZones?: readonly ZoneRole[]
  /** `false`: the private endpoints have no zone group at all. */
  readonly zoneGroup?: boolean
  /** Prefix of the private endpoints' subnet; default `10.0.0.0/24`. */
  readonly subnetPrefix?: string
  /** Addresses of that subnet that are already taken. */
  readonly taken?: number
  /** Virtual networks by reference; those of targets exist in any case. */
  readonly virtualNetworks?: Readonly<Record<string, VirtualNetworkSketch>>
}

/** The part of an estate that determines its network. */
export interface Surroundings {
  readonly subscription: string
  readonly network?: NetworkSketch
  readonly scope?: { readonly privateEndpoints?: Readonly<Record<string, string>> }
}

export interface VirtualNetworkSketch {
  readonly dnsServers?: readonly string[]
  /** Roles of the zones that the network is linked to; default all, `[]` for none. */
  readonly zones?: readonly ZoneRole[]
  /** The links let names without a record fall back to public resolution. */
  readonly redirect?: boolean
}

export const zoneNames = {
  monitor: 'privatelink.monitor.azure.com',
  oms: 'privatelink.oms.opinsights.azure.com',
  ods: 'privatelink.ods.opinsights.azure.com',
  agentsvc: 'privatelink.agentsvc.azure-automation.net',
  blob: 'privatelink.blob.core.windows.net',
} as const
export type ZoneRole = keyof typeof zoneNames

const roles: readonly ZoneRole[] = ['monitor', 'oms', 'ods', 'agentsvc', 'blob']
const hub = 'rg-net/vnet-hub'

/** The network's resources, without the properties of machines, scale sets and clusters. */
export function expandNetwork(
  estate: Surroundings,
  placed: readonly Placed[],
  scopeId: string,
): SeedResource[] {
  const { subscription, network = {} } = estate
  const approved = approvedEndpoints(estate)
  if (approved.length === 0 && estate.network === undefined) return []
  const used = placed.flatMap(({ network: one }) => (typeof one === 'string' ? [one] : []))
  const references = new Set([hub, ...Object.keys(network.virtualNetworks ?? {}), ...used])
  return [
    ...approved.flatMap((reference) => expandEndpointNetwork(estate, reference, scopeId)),
    ...roles.map((role) => ({ id: zoneId(subscription, role), location: 'global' })),
    ...[...references].flatMap((reference) =>
      expandVirtualNetwork(subscription, reference, network.virtualNetworks?.[reference] ?? {}),
    ),
    ...subnets(subscription, network),
    ...placed.flatMap((one) => expandPlace(subscription, one)),
  ]
}

/** A target and its network; `false` if the network can't be seen. */
export interface Placed {
  readonly id: string
  readonly kind: 'machine' | 'scaleSet' | 'cluster'
  readonly location: string
  readonly network: string | false
}

function approvedEndpoints({ scope }: Surroundings): readonly string[] {
  return Object.entries(scope?.privateEndpoints ?? {}).flatMap(([reference, state]) =>
    state === 'approved' || state === 'static' ? [reference] : [],
  )
}

/** The default network of a target. */
export function usualNetwork(estate: Surroundings): string | false {
  return approvedEndpoints(estate).length > 0 || estate.network !== undefined ? hub : false
}

export function networkId(subscription: string, reference: string): string {
  return at(subscription, reference, 'Microsoft.Network/virtualNetworks')
}

export function zoneId(subscription: string, role: ZoneRole): string {
  return at(subscription, `rg-dns/${zoneNames[role]}`, 'Microsoft.Network/privateDnsZones')
}

function at(subscription: string, reference: string, type: string): string {
  if (reference.startsWith('/')) return reference
  const [group = '', name = ''] = reference.split('/')
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`
}

/** The network properties of a private endpoint itself. */
export function endpointProperties(
  estate: Surroundings,
  reference: string,
  scopeId: string,
): JsonObject {
  if (!approvedEndpoints(estate).includes(reference)) return {}
  const id = at(estate.subscription, reference, 'Microsoft.Network/privateEndpoints')
  return {
    subnet: { id: `${networkId(estate.subscription, hub)}/subnets/snet-private-endpoints` },
    networkInterfaces: [{ id: interfaceId(id) }],
    privateLinkServiceConnections: [
      { name: 'scope', properties: { privateLinkServiceId: scopeId, groupIds: ['azuremonitor'] } },
    ],
  }
}

function interfaceId(id: string): string {
  return `${id.replace('/privateEndpoints/', '/networkInterfaces/')}.nic`
}

function expandEndpointNetwork(
  { subscription, network = {} }: Surroundings,
  reference: string,
  scopeId: string,
): SeedResource[] {
  const id = at(subscription, reference, 'Microsoft.Network/privateEndpoints')
  const zones = network.groupZones ?? roles
  return [
    {
      id: interfaceId(id),
      location: 'westeurope',
      properties: { privateEndpoint: { id } },
    },
    ...(network.zoneGroup === false || scopeId === ''
      ? []
      : [
          {
            id: `${id}/privateDnsZoneGroups/default`,
            properties: {
              privateDnsZoneConfigs: zones.map((role) => ({
                name: role,
                properties: { privateDnsZoneId: zoneId(subscription, role) },
              })),
            },
          },
        ]),
  ]
}

function expandVirtualNetwork(
  subscription: string,
  reference: string,
  { dnsServers, zones = roles, redirect = false }: VirtualNetworkSketch,
): SeedResource[] {
  const id = networkId(subscription, reference)
  const name = id.split('/').at(-1) ?? ''
  return [
    {
      id,
      location: 'westeurope',
      ...(dnsServers === undefined ? {} : { properties: { dhcpOptions: { dnsServers } } }),
    },
    ...zones.map((role) => ({
      id: `${zoneId(subscription, role)}/virtualNetworkLinks/${name}`,
      location: 'global',
      properties: {
        virtualNetwork: { id },
        ...(redirect ? { resolutionPolicy: 'NxDomainRedirect' } : {}),
      },
    })),
  ]
}

/** The private endpoints' subnet, with the interfaces that take its addresses. */
function subnets(
  subscription: string,
  { subnetPrefix = '10.0.0.0/24', taken = 0 }: NetworkSketch,
): SeedResource[] {
  const id = `${networkId(subscription, hub)}/subnets/snet-private-endpoints`
  const others = Array.from({ length: taken }, (_, index) => ({
    name: `other-${index}`,
    properties: { subnet: { id } },
  }))
  return [
    { id, properties: { addressPrefix: subnetPrefix } },
    ...(taken === 0
      ? []
      : [
          {
            id: at(subscription, 'rg-net/nic-of-others', 'Microsoft.Network/networkInterfaces'),
            location: 'westeurope',
            properties: { ipConfigurations: others },
          },
        ]),
  ]
}

/** The interface of a machine; scale sets and clusters name their subnets themselves. */
function expandPlace(
  subscription: string,
  { id, kind, location, network }: Placed,
): SeedResource[] {
  if (network === false || kind !== 'machine') return []
  const machine = id.split('/')
  const name = `${machine.at(-1) ?? ''}-nic`
  const subnet = `${networkId(subscription, network)}/subnets/snet-targets`
  return [
    {
      id: [...machine.slice(0, 5), 'providers/Microsoft.Network/networkInterfaces', name].join('/'),
      location,
      properties: {
        virtualMachine: { id },
        ipConfigurations: [{ name: 'ipconfig1', properties: { subnet: { id: subnet } } }],
      },
    },
  ]
}

/** The network properties of a scale set or cluster itself. */
export function placeProperties(subscription: string, placed: Placed): JsonObject {
  if (placed.network === false || placed.kind === 'machine') return {}
  const subnet = `${networkId(subscription, placed.network)}/subnets/snet-targets`
  if (placed.kind === 'cluster') {
    return { agentPoolProfiles: [{ name: 'system', vnetSubnetID: subnet }] }
  }
  return {
    networkProfile: {
      networkInterfaceConfigurations: [
        {
          name: 'nic',
          properties: {
            ipConfigurations: [{ name: 'ipconfig1', properties: { subnet: { id: subnet } } }],
          },
        },
      ],
    },
  }
}
