import { expect, test } from '@jest/globals'
import { at } from '../../../simulator/azure/json.ts'
import { inGroup, insights, start, subscription } from './ask.ts'

const network = `${inGroup}/providers/Microsoft.Network`
const scope = `${insights}/privateLinkScopes/Scope`
const endpoint = `${network}/privateEndpoints/pe`
const subnet = `${network}/virtualNetworks/vnet/subnets/snet`
const zone = (name: string) => `${network}/privateDnsZones/privatelink.${name}`
const workspace = `${inGroup}/providers/Microsoft.OperationalInsights/workspaces/law`

const connected = {
  id: endpoint,
  location: 'westeurope',
  properties: {
    subnet: { id: subnet },
    privateLinkServiceConnections: [{ name: 'c', properties: { privateLinkServiceId: scope } }],
  },
}
const group = {
  id: `${endpoint}/privateDnsZoneGroups/default`,
  properties: {
    privateDnsZoneConfigs: ['monitor.azure.com', 'ods.opinsights.azure.com'].map((name) => ({
      name,
      properties: { privateDnsZoneId: zone(name) },
    })),
  },
}
const around = [
  { id: `${network}/virtualNetworks/vnet`, location: 'westeurope' },
  { id: subnet, properties: { addressPrefix: '10.1.0.0/27' } },
  { id: zone('monitor.azure.com'), location: 'global' },
  { id: zone('ods.opinsights.azure.com'), location: 'global' },
]
const linked = [
  { id: workspace, location: 'westeurope' },
  { id: `${scope}/scopedResources/law`, properties: { linkedResourceId: workspace } },
]

const recordsOf = (body: unknown): Record<string, readonly string[]> =>
  Object.fromEntries(
    (at(body, 'properties', 'privateDnsZoneConfigs') as readonly unknown[]).map((config) => [
      String(at(config, 'name')),
      (at(config, 'properties', 'recordSets') as readonly unknown[]).map((set) =>
        String(at(set, 'recordSetName')),
      ),
    ]),
  )

test('N1 a private endpoint shows its names as long as no zone group maintains them', async () => {
  const { question, simulator } = await start([connected, ...around])
  const { body } = await question('GET', endpoint)
  expect(at(body, 'etag')).toMatch(/^W\/"/)
  expect(at(body, 'properties', 'customDnsConfigs')).toContainEqual({
    fqdn: 'api.monitor.azure.com',
    ipAddresses: ['10.1.0.4'],
  })
  simulator.azure.put(group)
  expect(at((await question('GET', endpoint)).body, 'properties', 'customDnsConfigs')).toEqual([])
  simulator.azure.put({ ...connected, properties: {} })
  simulator.azure.remove(group.id)
  expect(at((await question('GET', endpoint)).body, 'properties')).not.toHaveProperty(
    'customDnsConfigs',
  )
})

test('N2 records follow the links, and no zone is added to the group', async () => {
  const { question, simulator } = await start([connected, group, ...around])
  const before = recordsOf((await question('GET', group.id)).body)
  expect(before['monitor.azure.com']).toHaveLength(7)
  expect(before['ods.opinsights.azure.com']).toEqual([])
  for (const resource of linked) simulator.azure.put(resource)
  const after = recordsOf((await question('GET', group.id)).body)
  expect(after['ods.opinsights.azure.com']).toHaveLength(1)
  expect(Object.keys(after)).toEqual(Object.keys(before))
  simulator.azure.put({
    id: `${scope}/scopedResources/dce`,
    properties: { linkedResourceId: `${insights}/dataCollectionEndpoints/Dce-1` },
  })
  const names = recordsOf((await question('GET', group.id)).body)['monitor.azure.com'] ?? []
  expect(names.slice(7)).toEqual([
    expect.stringMatching(/^dce-1-.{4}\.westeurope-1\.handler\.control$/),
    expect.stringMatching(/^dce-1-.{4}\.westeurope-1\.ingest$/),
  ])
  simulator.azure.remove(`${scope}/scopedResources/law`)
  const left = recordsOf((await question('GET', group.id)).body)
  expect(left['ods.opinsights.azure.com']).toEqual([])
})

test('N3 a subnet lists the addresses in use', async () => {
  const nic = {
    id: `${network}/networkInterfaces/nic`,
    properties: { ipConfigurations: [{ name: 'a', properties: { subnet: { id: subnet } } }] },
  }
  const { question } = await start([connected, group, ...around, nic, ...linked])
  const { body } = await question('GET', subnet)
  expect(at(body, 'properties', 'addressPrefix')).toBe('10.1.0.0/27')
  // The lab of facts-2 B.3: a scope with one workspace takes 11 addresses.
  expect(at(body, 'properties', 'ipConfigurations')).toHaveLength(12)
  const whole = (await question('GET', `${network}/virtualNetworks/vnet`)).body
  expect(at(whole, 'properties', 'subnets')).toHaveLength(1)
  expect(at(whole, 'properties')).not.toHaveProperty('dhcpOptions')
})

test('N4 an interface of a private endpoint has an IP configuration for each name', async () => {
  const nic = {
    id: `${network}/networkInterfaces/pe.nic`,
    properties: { privateEndpoint: { id: endpoint } },
  }
  const { question } = await start([connected, ...around, nic])
  const { body } = await question('GET', nic.id)
  expect(at(body, 'properties', 'ipConfigurations')).toHaveLength(8)
})

test('N5 a link of a zone shows its resolution policy from 2024-06-01 on', async () => {
  const link = {
    id: `${zone('monitor.azure.com')}/virtualNetworkLinks/hub`,
    location: 'global',
    properties: {
      virtualNetwork: { id: `${network}/virtualNetworks/vnet` },
      resolutionPolicy: 'NxDomainRedirect',
    },
  }
  const { question } = await start([...around, link])
  const show = async (version: string): Promise<unknown> =>
    at((await question('GET', `${link.id}?api-version=${version}`)).body, 'properties')
  expect(await show('2020-06-01')).not.toHaveProperty('resolutionPolicy')
  expect(await show('2024-06-01')).toMatchObject({ resolutionPolicy: 'NxDomainRedirect' })
  const all = await question(
    'GET',
    `${zone('monitor.azure.com')}/virtualNetworkLinks?api-version=2024-06-01`,
  )
  expect(at(all.body, 'value')).toHaveLength(1)
})

test('N6 scale sets and clusters show their subnets', async () => {
  const set = {
    id: `${inGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/set`,
    location: 'westeurope',
    properties: {
      virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [] } },
    },
  }
  const aks = {
    id: `${inGroup}/providers/Microsoft.ContainerService/managedClusters/aks`,
    location: 'westeurope',
    properties: { agentPoolProfiles: [{ vnetSubnetID: subnet }], nodeResourceGroup: 'MC_rg_aks' },
  }
  const { question } = await start([set, aks])
  expect((await question('GET', set.id)).body).toMatchObject({ properties: set.properties })
  expect((await question('GET', aks.id)).body).toMatchObject({ properties: aks.properties })
})

test('N7 zones and networks are rows of Resource Graph, records of another table', async () => {
  const own = {
    id: `${zone('monitor.azure.com')}/A/mine`,
    properties: { aRecords: [], records: [{ ipv4Address: '10.9.9.9' }] },
  }
  const { question } = await start([connected, group, ...around, own])
  const ask = async (query: string): Promise<readonly unknown[]> => {
    const body = { subscriptions: [subscription], query, options: { resultFormat: 'objectArray' } }
    const answer = await question('POST', '/providers/Microsoft.ResourceGraph/resources', body)
    return at(answer.body, 'data') as readonly unknown[]
  }
  const types = await ask(
    "resources | where type startswith 'microsoft.network/' | distinct type | order by type asc",
  )
  expect(types.map((row) => at(row, 'type'))).toEqual([
    'microsoft.network/privatednszones',
    'microsoft.network/privateendpoints',
    'microsoft.network/virtualnetworks',
  ])
  const records = await ask(
    'dnsresources | project name, managedBy, address = properties.records[0].ipv4Address | order by name asc',
  )
  expect(records).toContainEqual({
    name: 'api',
    managedBy: zone('monitor.azure.com'),
    address: '10.1.0.4',
  })
  expect(records).toContainEqual(expect.objectContaining({ name: 'mine', address: '10.9.9.9' }))
})
