import { describe, expect, it, test } from '@jest/globals'
import { lookAtNetwork } from '../../src/azure/look/network/lookAtNetwork.ts'
import {
  hasOwnDns,
  parseOtherEndpoint,
  parseSubnet,
  parseZoneGroup,
  parseZoneLink,
} from '../../src/azure/look/network/parseNetwork.ts'
import {
  placesQuery,
  recordsQuery,
  zonesQuery,
} from '../../src/azure/look/network/networkQueries.ts'
import { emptyEstate } from '../../src/azure/look/openEstate.ts'
import { zoneNamesOf } from '../../src/network/zoneNames.ts'
import { idKey } from '../../src/resources/id.ts'
import { machine, topology, vmId } from '../plan/builders.ts'
import { fakeArm, type Sent } from './connection/support.ts'

const names = zoneNamesOf('AzureCloud')
const at = (type: string, name: string): string =>
  `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-net/providers/Microsoft.Network/${type}/${name}`

describe('a subnet', () => {
  test.each([
    ['one prefix', { addressPrefix: '10.0.0.0/27' }, 32],
    ['several', { addressPrefixes: ['10.0.0.0/28', '10.1.0.0/28'] }, 32],
    ['both, the same', { addressPrefix: '10.0.0.0/28', addressPrefixes: ['10.0.0.0/28'] }, 16],
    ['IPv6 next to IPv4', { addressPrefixes: ['fd00::/64', '10.0.0.0/28'] }, 16],
    ['IPv6 alone', { addressPrefixes: ['fd00::/64'] }, undefined],
    ['nonsense', { addressPrefix: '10.0.0.0/99', addressPrefixes: [7, null] }, undefined],
    ['nothing', {}, undefined],
  ])('with %s', (_, properties, size) => {
    expect(parseSubnet({ properties }, 'x').size).toBe(size)
  })
})

test('a zone group has its records by their name in the zone, in any spelling', () => {
  const zoneId = at('privateDnsZones', names.monitor)
  const recordSets = [
    { recordSetName: 'api', fqdn: 'api.privatelink.monitor.azure.com', ipAddresses: ['10.0.0.4'] },
    { fqdn: 'Live.privatelink.monitor.azure.com.', ipAddresses: ['10.0.0.5', 7] },
    { fqdn: 'global.in.ai.monitor.azure.com', ipAddresses: ['10.0.0.6'] },
    { fqdn: 'elsewhere.example.com' },
    null,
  ]
  const raw = {
    privateDnsZoneConfigs: [{ properties: { privateDnsZoneId: zoneId, recordSets } }, {}],
  }
  const { zones } = parseZoneGroup({ name: 'default', properties: raw })
  expect(zones.map(({ records }) => [...records])).toEqual([
    [
      ['api', ['10.0.0.4']],
      ['live', ['10.0.0.5']],
      ['global.in.ai', ['10.0.0.6']],
    ],
  ])
})

test('a record is found by its FQDN and by its given name, which Azure may spell differently', () => {
  const recordSets = [
    {
      recordSetName: 'dce-weu-westeurope-1-ingest',
      fqdn: 'dce-weu.westeurope-1.ingest.privatelink.monitor.azure.com',
      ipAddresses: ['10.0.0.4'],
    },
  ]
  const privateDnsZoneConfigs = [
    { properties: { privateDnsZoneId: at('privateDnsZones', names.monitor), recordSets } },
  ]
  const { zones } = parseZoneGroup({ properties: { privateDnsZoneConfigs } })
  expect(zones[0]?.records.get('dce-weu.westeurope-1.ingest')).toEqual(['10.0.0.4'])
  expect(zones[0]?.records.get('dce-weu-westeurope-1-ingest')).toEqual(['10.0.0.4'])
})

test("Azure's own resolver does not count as a custom DNS server", () => {
  expect(
    [[], ['168.63.129.16'], ['10.0.0.4'], ['168.63.129.16', '10.0.0.4']].map(hasOwnDns),
  ).toEqual([false, false, true, true])
})

test('a link without a network is ignored', () => {
  const id = `${at('privateDnsZones', names.ods)}/virtualNetworkLinks/x`
  expect(parseZoneLink({ id })).toBeUndefined()
  const row = {
    id,
    virtualNetwork: { id: at('virtualNetworks', 'V') },
    resolutionPolicy: 'nxdomainredirect',
  }
  expect(parseZoneLink(row)?.link).toMatchObject({ redirects: true })
})

test.each([
  ['of another scope', 'ampls-2', 'Approved', true],
  ['without a state', 'ampls-2', undefined, true],
  ['of ours', 'ampls-1', 'Approved', false],
  ['that is not approved', 'ampls-2', 'Pending', false],
])('a private endpoint %s', (_, name, status, isOther) => {
  const scope = (one: string) =>
    at('x', one).replace('Microsoft.Network/x', 'Microsoft.Insights/privateLinkScopes')
  const properties = {
    privateLinkServiceId: scope(name),
    ...(status === undefined ? {} : { privateLinkServiceConnectionState: { status } }),
  }
  const row = { id: at('privateEndpoints', 'pe'), privateLinkServiceConnections: [{ properties }] }
  expect(parseOtherEndpoint(row, idKey(scope('ampls-1'))) !== undefined).toBe(isOther)
})

describe('queries', () => {
  const nothing = { machines: [], interfaces: [], residentsOf: [], networks: [], nodeGroups: [] }

  it('for nothing are not sent', () => {
    expect(placesQuery(nothing)).toBeUndefined()
  })

  it('list ids if there are few, and otherwise the subscription', () => {
    const many = Array.from({ length: 151 }, (_, i) => vmId(`vm-${i}`))
    expect(placesQuery({ ...nothing, machines: many.slice(0, 2) })).toContain('vm-1')
    expect(placesQuery({ ...nothing, machines: many })).not.toContain('vm-1')
    const records = Array.from({ length: 301 }, (_, i) => `r${i}`)
    expect(recordsQuery(names, records.slice(0, 9))).toContain("'r1'")
    expect(recordsQuery(names, records)).not.toContain("'r1'")
  })

  it('never let a name end a literal', () => {
    const evil = at('virtualNetworks', "v' or 1 == 1 //")
    expect(placesQuery({ ...nothing, residentsOf: [evil] })).toContain("v\\' or 1 == 1 //")
    expect(zonesQuery(names)).toContain("'privatelink.monitor.azure.com'")
  })
})

const approved = {
  connection: 'pe.1',
  id: at('privateEndpoints', 'pe'),
  approved: true,
  staticAddresses: false,
  subnet: `${at('virtualNetworks', 'v')}/subnets/s`,
}

async function lookWith(answer: (sent: Sent) => { status: number; body?: unknown }) {
  const { arm } = fakeArm(answer)
  const file = topology({ targets: [machine('vm-1')] })
  const estate = emptyEstate(file)
  estate.privateEndpoints = [approved]
  return await lookAtNetwork(arm, file, estate)
}

test.each([400, 401, 403, 404])(
  'a network that always answers %d is reported as not visible, and fails no plan',
  async (status) => {
    const network = await lookWith(() => ({
      status,
      body: { error: { code: 'No', message: 'no.' } },
    }))
    expect(network.endpoints[0]?.zoneGroups.state).not.toBe('found')
    expect(network.unseen.length).toBeGreaterThan(0)
    expect(network.zones.size).toBe(0)
  },
)

test('an answer without a list of zone groups does not mean that there is none', async () => {
  const network = await lookWith(({ url }) =>
    url.includes('ResourceGraph') ? { status: 200, body: { data: [] } } : { status: 200, body: {} },
  )
  expect(network.endpoints[0]?.zoneGroups).toMatchObject({ state: 'unreadable' })
})

test('nothing is read without an approved private endpoint', async () => {
  const sent: Sent[] = []
  const { arm } = fakeArm((one) => {
    sent.push(one)
    return { status: 500 }
  })
  const file = topology({ targets: [] })
  const network = await lookAtNetwork(arm, file, emptyEstate(file))
  expect([sent, network.endpoints]).toEqual([[], []])
})
