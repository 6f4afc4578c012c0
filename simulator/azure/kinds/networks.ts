import { type JsonObject, objectAt, textAt, without } from '../json.ts'
import { type Kind, readOnlyKind } from '../kind.ts'
import { etagOf, presentFields, type View } from '../present.ts'
import { guidFor, type StoredResource } from '../store.ts'
import { listAt, membersOf, recordSetsOf, takenIn, zoneGroupType } from './networkRecords.ts'

const networkVersions = [
  ...['2019-04-01', '2019-11-01', '2020-03-01', '2020-07-01', '2021-05-01', '2022-01-01'],
  ...['2022-07-01', '2022-09-01', '2023-04-01', '2023-11-01', '2024-01-01', '2024-05-01'],
  ...['2025-01-01'],
]
const dnsVersions = ['2018-09-01', '2020-01-01', '2020-06-01', '2024-06-01']

/** Private endpoints, their zone groups, and the networks and zones around them: read-only. */
export const networkKinds: readonly Kind[] = [
  readOnlyKind('Microsoft.Network/privateEndpoints', networkVersions, { present: presentEndpoint }),
  readOnlyKind('Microsoft.Network/privateEndpoints/privateDnsZoneGroups', networkVersions, {
    present: presentZoneGroup,
    graphTable: '',
  }),
  readOnlyKind('Microsoft.Network/virtualNetworks', networkVersions, { present: presentNetwork }),
  readOnlyKind('Microsoft.Network/virtualNetworks/subnets', networkVersions, {
    present: presentSubnet,
    graphTable: '',
  }),
  readOnlyKind('Microsoft.Network/networkInterfaces', networkVersions, {
    present: presentInterface,
  }),
  readOnlyKind('Microsoft.Network/privateDnsZones', dnsVersions, { present: presentZone }),
  readOnlyKind('Microsoft.Network/privateDnsZones/virtualNetworkLinks', dnsVersions, {
    present: presentZoneLink,
  }),
  readOnlyKind('Microsoft.Network/privateDnsZones/A', dnsVersions, {
    present: (resource) =>
      presentFields(resource, {
        type: 'Microsoft.Network/privateDnsZones/A',
        properties: { ttl: 300, ...resource.properties },
      }),
    graphTable: 'dnsresources',
  }),
]

function weakEtag(resource: StoredResource): string {
  return `W/"${guidFor(etagOf(resource))}"`
}

/** Shows names and addresses as long as no zone group maintains them (recorded). */
function presentEndpoint(resource: StoredResource, { store }: View): JsonObject {
  const groups = store.members(zoneGroupType, resource.path.key)
  const members = groups.length > 0 ? [] : membersOf(resource, store)
  const configs = members.map(({ domain, name, address }) => ({
    fqdn: `${name}.${domain}`,
    ipAddresses: [address],
  }))
  return {
    ...presentFields(resource, {
      type: 'Microsoft.Network/privateEndpoints',
      properties: {
        provisioningState: 'Succeeded',
        ...(groups.length > 0 || configs.length > 0 ? { customDnsConfigs: configs } : {}),
        ...resource.properties,
      },
    }),
    etag: weakEtag(resource),
  }
}

function presentZoneGroup(resource: StoredResource, { store }: View): JsonObject {
  const endpoint = store.get(resource.path.holder)
  const configs = listAt(resource.properties['privateDnsZoneConfigs']).map((config) => ({
    ...objectAt(config),
    properties: {
      ...objectAt(config, 'properties'),
      recordSets: endpoint === undefined ? [] : recordSetsOf(endpoint, config, store),
    },
  }))
  return {
    ...presentFields(resource, {
      type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
      properties: {
        provisioningState: 'Succeeded',
        ...resource.properties,
        privateDnsZoneConfigs: configs,
      },
    }),
    etag: weakEtag(resource),
  }
}

const subnetType = 'microsoft.network/virtualnetworks/subnets'

function presentNetwork(resource: StoredResource, view: View): JsonObject {
  const subnets = view.store
    .members(subnetType, resource.path.key)
    .map((subnet) => presentSubnet(subnet, view))
  return {
    ...presentFields(resource, {
      type: 'Microsoft.Network/virtualNetworks',
      properties: {
        provisioningState: 'Succeeded',
        resourceGuid: guidFor(`network ${resource.path.key}`),
        ...(subnets.length === 0 ? {} : { subnets }),
        ...resource.properties,
      },
    }),
    etag: weakEtag(resource),
  }
}

function presentSubnet(resource: StoredResource, { store }: View): JsonObject {
  const taken = takenIn(resource, store)
  return {
    ...presentFields(resource, {
      type: 'Microsoft.Network/virtualNetworks/subnets',
      properties: {
        provisioningState: 'Succeeded',
        ...(taken.length === 0 ? {} : { ipConfigurations: taken }),
        ...resource.properties,
      },
    }),
    etag: weakEtag(resource),
  }
}

/** The interface of a private endpoint has an IP configuration for each name. */
function presentInterface(resource: StoredResource, { store }: View): JsonObject {
  const key = textAt(resource.properties, 'privateEndpoint', 'id')?.toLowerCase()
  const endpoint = key === undefined ? undefined : store.get(key)
  const own = (endpoint === undefined ? [] : membersOf(endpoint, store)).map(
    ({ name, address }) => ({
      name,
      id: `${resource.path.id}/ipConfigurations/${name}`,
      properties: {
        privateIPAddress: address,
        privateIPAllocationMethod: 'Dynamic',
        subnet: endpoint?.properties['subnet'],
        primary: false,
      },
    }),
  )
  return {
    ...presentFields(resource, {
      type: 'Microsoft.Network/networkInterfaces',
      properties: {
        provisioningState: 'Succeeded',
        resourceGuid: guidFor(`interface ${resource.path.key}`),
        ...(own.length === 0 ? {} : { ipConfigurations: own }),
        ...resource.properties,
      },
    }),
    etag: weakEtag(resource),
  }
}

function presentZone(resource: StoredResource, { store }: View): JsonObject {
  const links = store.members(linkType, resource.path.key).length
  return presentFields(resource, {
    type: 'Microsoft.Network/privateDnsZones',
    properties: {
      maxNumberOfRecordSets: 25000,
      maxNumberOfVirtualNetworkLinks: 1000,
      maxNumberOfVirtualNetworkLinksWithRegistration: 100,
      numberOfVirtualNetworkLinks: links,
      numberOfVirtualNetworkLinksWithRegistration: 0,
      provisioningState: 'Succeeded',
      ...resource.properties,
    },
  })
}

const linkType = 'microsoft.network/privatednszones/virtualnetworklinks'

/** `resolutionPolicy` exists since 2024-06-01 (facts-2, D.3). */
function presentZoneLink(resource: StoredResource, { apiVersion }: View): JsonObject {
  const { resolutionPolicy, ...others } = without(resource.properties)
  return presentFields(resource, {
    type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    properties: {
      provisioningState: 'Succeeded',
      registrationEnabled: false,
      virtualNetworkLinkState: 'Completed',
      ...(apiVersion >= '2024-06-01' ? { resolutionPolicy: resolutionPolicy ?? 'Default' } : {}),
      ...others,
    },
  })
}
