import { describe, expect, it, test } from '@jest/globals'
import { networkOf, scopeAddresses } from '../../src/network/judge.ts'
import type { Network, ScopeEndpoint, ZoneRole } from '../../src/network/network.ts'
import { zoneNamesOf } from '../../src/network/zoneNames.ts'
import { idKey } from '../../src/resources/id.ts'
import {
  allRoles,
  associated,
  aZone,
  customer,
  endpoint,
  groupZone,
  judge,
  link,
  machine,
  network,
  place,
  privateEndpoint,
  readings,
  records,
  resident,
  rule,
  scope,
  scopeEndpoint,
  target,
  summarize,
  vnet,
  workspace,
  zone,
  zoneNames,
} from './builders.ts'

const withGroup = (roles: readonly ZoneRole[], names = records): ScopeEndpoint =>
  scopeEndpoint({
    zoneGroups: {
      state: 'found',
      value: [{ name: 'default', zones: roles.map((role) => groupZone(role, names[role])) }],
    },
  })
const azure = (...names: readonly string[]): Pick<Network, 'virtualNetworks'> => ({
  virtualNetworks: readings(names.map((name) => ({ id: vnet(name), dns: 'azure' as const }))),
})

test('a network set up as Microsoft recommends has no finding, with ingestion Open or PrivateOnly', () => {
  expect(summarize(judge())).toEqual([])
  expect(summarize(judge({ closes: true }))).toEqual([])
})

describe('dns-zone-missing', () => {
  const short = { network: { endpoints: [withGroup(['monitor', 'blob'])] } }

  it('is about the private endpoint whose zone group lacks zones, and blocks the move to PrivateOnly', () => {
    expect(summarize(judge(short))).toEqual(['warning dns-zone-missing pe-ampls'])
    expect(summarize(judge({ ...short, closes: true }))).toEqual([
      'error dns-zone-missing pe-ampls',
    ])
  })

  it('names the zones and gives the command', () => {
    const [finding] = judge(short).findings
    expect(finding?.diagnostic.message).toContain(
      `${zoneNames.oms}, ${zoneNames.ods} and ${zoneNames.agentsvc}`,
    )
    expect(finding?.diagnostic.remedy).toContain(
      'az network private-endpoint dns-zone-group add --subscription',
    )
    expect(finding?.diagnostic.remedy).toContain('--endpoint-name pe-ampls --name default')
    expect(finding?.targets).toBe('all')
  })

  it('distinguishes names that do not resolve, due to a linked empty zone, from names that resolve publicly', () => {
    const linked = judge(short)
    expect(linked.findings[0]?.diagnostic.message).toContain(
      `In networks that are linked to ${zoneNames.oms}, ${zoneNames.ods} and ${zoneNames.agentsvc}`,
    )
    expect(linked.report.virtualNetworks[0]).toMatchObject({
      resolves: 'partly',
      empty: [zoneNames.oms, zoneNames.ods, zoneNames.agentsvc],
    })
    const zones = readings((['monitor', 'blob'] as const).map((r) => aZone(r, ['vnet-hub'])))
    const none = judge({ network: { ...short.network, zones } })
    expect(none.findings[0]?.diagnostic.message).not.toContain('In networks that are linked')
    expect(none.report.virtualNetworks[0]?.empty).toEqual([])
  })

  it('does not report a zone that may be maintained by hand while records are unreadable', () => {
    const endpoints = [withGroup([])]
    const hidden = { endpoints, recordsHidden: true } as const
    expect(summarize(judge({ network: hidden, closes: true }))).toEqual([])
    expect(judge({ network: hidden }).report.virtualNetworks[0]?.resolves).toBe('unknown')
    const none = { ...hidden, zones: new Map() }
    expect(summarize(judge({ network: none, closes: true }))).toEqual([
      'error dns-zone-missing pe-ampls',
    ])
  })

  it('accepts a zone that is maintained by hand', () => {
    const byHand = allRoles.map((role) =>
      aZone(role, ['vnet-hub'], { records: new Map(records[role].map((r) => [r, ['10.0.0.4']])) }),
    )
    const endpoints = [withGroup([])]
    expect(summarize(judge({ network: { endpoints, zones: readings(byHand) } }))).toEqual([])
    const others = byHand.map((one) => ({ ...one, records: new Map([['api', ['10.9.9.9']]]) }))
    expect(summarize(judge({ network: { endpoints, zones: readings(others) } }))).toContain(
      'warning dns-zone-missing pe-ampls',
    )
  })

  it('reports a deleted zone in the zone group', () => {
    const zones = new Map(network().zones).set(idKey(zone('ods')), { state: 'missing' })
    const [finding] = judge({ network: { zones } }).findings
    expect(finding?.diagnostic).toMatchObject({ code: 'dns-zone-missing' })
    expect(finding?.diagnostic.message).toContain('no longer exists')
  })

  const lacking = { ...records, ods: [] }
  test.each([
    ['9 minutes', 9, []],
    ['11 minutes', 11, ['warning dns-zone-missing law-weu']],
  ])('a record that is missing %s after the link', (_, minutes, expected) => {
    const links = [link(workspace('law-weu'), minutes)]
    const verdict = judge({
      network: { endpoints: [withGroup(allRoles, lacking)] },
      estate: { links },
    })
    expect(summarize(verdict)).toEqual(expected)
  })

  it('ignores a resource that the plan unlinks', () => {
    const verdict = judge({
      network: { endpoints: [withGroup(allRoles, lacking)] },
      linked: new Set([idKey(endpoint('dce-weu'))]),
    })
    expect(summarize(verdict)).toEqual([])
  })

  it('checks the handler and ingest records of an endpoint', () => {
    const verdict = judge({
      network: { endpoints: [withGroup(allRoles, { ...records, monitor: ['api'] })] },
    })
    expect(summarize(verdict)).toEqual(['warning dns-zone-missing dce-weu'])
  })

  it.each([
    ['has another address', ['10.9.9.9']],
    ['has no address', []],
  ])('treats a record as missing if it %s', (_, addresses) => {
    const ods = aZone('ods', ['vnet-hub'], { records: new Map([[customer, addresses]]) })
    const zones = new Map(network().zones).set(idKey(zone('ods')), { state: 'found', value: ods })
    const endpoints = [withGroup(allRoles, lacking)]
    expect(summarize(judge({ network: { endpoints, zones } }))).toEqual([
      'warning dns-zone-missing law-weu',
    ])
  })

  it('checks each zone that a network with targets uses, including copies maintained by hand', () => {
    const copy = aZone('ods', ['vnet-spoke'], {
      id: zone('ods', 'rg-spoke'),
      records: new Map([['another-workspace', ['10.0.0.4']]]),
    })
    const spoke = {
      ...azure('vnet-hub', 'vnet-spoke'),
      places: new Map([[idKey(machine('vm-01')), place('vnet-spoke')]]),
      zones: new Map([
        ...readings(allRoles.map((r) => aZone(r, r === 'ods' ? ['vnet-hub'] : ['vnet-spoke']))),
        ...readings([copy]),
      ]),
    }
    const verdict = judge({ network: spoke })
    expect(summarize(verdict)).toEqual(['warning dns-zone-missing law-weu'])
    expect(
      verdict.report.virtualNetworks.find(({ id }) => id === vnet('vnet-spoke')),
    ).toMatchObject({
      resolves: 'partly',
      lacking: [workspace('law-weu')],
    })
  })

  it('makes a network resolve only partly', () => {
    const verdict = judge({ network: { endpoints: [withGroup(allRoles, lacking)] } })
    expect(verdict.report.virtualNetworks[0]).toMatchObject({
      resolves: 'partly',
      lacking: [workspace('law-weu')],
    })
  })
})

describe('dns-zone-not-linked', () => {
  const spoke: Partial<Network> = {
    ...azure('vnet-hub', 'vnet-spoke'),
    places: new Map([
      [idKey(machine('vm-01')), place('vnet-hub')],
      [idKey(machine('vm-02')), place('vnet-spoke')],
    ]),
  }
  const targets = [target('vm-01'), target('vm-02')]

  it('is one finding per network, for all its zones', () => {
    const verdict = judge({ network: spoke, targets })
    expect(summarize(verdict)).toEqual(['warning dns-zone-not-linked vnet-spoke'])
    expect(verdict.findings[0]?.diagnostic.remedy).toContain(
      'az network private-dns link vnet create',
    )
    expect(summarize(judge({ network: spoke, targets, closes: true }))).toEqual([
      'error dns-zone-not-linked vnet-spoke',
    ])
    expect(networkOf(verdict.findings, machine('vm-02'))).toHaveLength(1)
    expect(networkOf(verdict.findings, machine('VM-01'))).toEqual([])
    expect(verdict.report.virtualNetworks.map(({ resolves }) => resolves)).toEqual([
      'private',
      'public',
    ])
  })

  it('names only the zones that are not linked', () => {
    const zones = readings(
      allRoles.map((role) =>
        aZone(role, role === 'monitor' ? ['vnet-hub', 'vnet-spoke'] : ['vnet-hub']),
      ),
    )
    const verdict = judge({ network: { ...spoke, zones }, targets })
    expect(verdict.findings[0]?.diagnostic.message).not.toContain(zoneNames.monitor)
    expect(verdict.report.virtualNetworks[1]?.resolves).toBe('partly')
  })

  it('ignores incomplete and failed links', () => {
    const zones = readings(
      allRoles.map((role) => {
        const made = aZone(role, ['vnet-hub'])
        return { ...made, links: made.links.map((one) => ({ ...one, unfinished: 'InProgress' })) }
      }),
    )
    const verdict = judge({ network: { zones }, closes: true })
    expect(summarize(verdict)).toEqual(['error dns-zone-not-linked vnet-hub'])
    expect(verdict.findings[0]?.diagnostic.message).toContain('InProgress')
    expect(verdict.report.virtualNetworks[0]?.resolves).toBe('public')
  })

  it('ignores networks without targets', () => {
    expect(summarize(judge({ network: { ...azure('vnet-hub', 'vnet-spoke') } }))).toEqual([])
  })

  it('is not reported while the zone or another private endpoint of the scope is unreadable', () => {
    const zones = new Map(network().zones)
    for (const role of allRoles) {
      zones.set(idKey(zone(role)), { state: 'unreadable', why: 'no role.' })
    }
    const hidden = judge({ network: { ...spoke, zones }, targets, closes: true })
    expect(summarize(hidden)).toEqual([`notice network-not-visible ${subscriptionName}`])
    const second = scopeEndpoint({
      id: privateEndpoint('pe-2'),
      zoneGroups: { state: 'unreadable', why: 'no role.' },
    })
    const endpoints = [scopeEndpoint(), second]
    expect(summarize(judge({ network: { ...spoke, endpoints }, targets, closes: true }))).toEqual([
      'notice network-not-visible pe-2',
    ])
  })
})

const subscriptionName = '11111111-1111-1111-1111-111111111111'

describe('dns-zone-of-another-scope', () => {
  const foreign = { ...aZone('monitor', ['vnet-hub']), id: zone('monitor', 'rg-other') }
  const others = {
    otherEndpoints: [
      {
        id: privateEndpoint('pe-other'),
        scopes: [scope('ampls-other')],
        zones: [idKey(foreign.id)],
      },
    ],
  }

  it('reports the network that is linked to the other zone', () => {
    const zones = new Map([
      ...readings([aZone('monitor', []), ...allRoles.slice(1).map((r) => aZone(r, ['vnet-hub']))]),
      ...readings([foreign]),
    ])
    const verdict = judge({ network: { zones, ...others }, closes: true })
    expect(summarize(verdict)).toEqual(['error dns-zone-of-another-scope vnet-hub'])
    expect(verdict.findings[0]?.diagnostic.message).toContain('pe-other of ampls-other')
    expect(verdict.report.virtualNetworks[0]?.resolves).toBe('elsewhere')
  })

  it('reports a zone that another scope writes to as well: the networks that use it, or else the private endpoint', () => {
    const [other] = others.otherEndpoints
    const shared = { otherEndpoints: [{ ...other, zones: [idKey(zone('monitor'))] }] }
    const otherEndpoints = shared.otherEndpoints as Network['otherEndpoints']
    expect(summarize(judge({ network: { otherEndpoints }, closes: true }))).toEqual([
      'error dns-zone-of-another-scope vnet-hub',
    ])
    const places = new Map()
    const alone = judge({ network: { otherEndpoints, places }, closes: true })
    expect(summarize(alone)).toContain('warning dns-zone-of-another-scope pe-ampls')
  })
})

describe('neighbour-unserved', () => {
  const beside = (...residents: readonly ReturnType<typeof resident>[]): Partial<Network> => ({
    residents,
    places: new Map([
      ...network().places,
      ...residents.map((one) => [idKey(one.id), place('vnet-hub')] as const),
    ]),
  })

  it('reports, per network, monitored machines outside the file without an association', () => {
    const verdict = judge({ network: beside(resident('vm-9'), resident('vm-8')) })
    expect(summarize(verdict)).toEqual(['warning neighbour-unserved vnet-hub'])
    expect(verdict.report.neighbours.map(({ id, missing }) => [id, missing])).toEqual([
      [machine('vm-8'), ['association']],
      [machine('vm-9'), ['association']],
    ])
    expect(summarize(judge({ network: beside(resident('vm-9')), closes: true }))).toEqual([
      'error neighbour-unserved vnet-hub',
    ])
  })

  test.each([
    ['is in the file', resident('vm-01')],
    ['has no agent', resident('vm-9', { isMonitored: false })],
    ['is served', resident('vm-9', { ...associated, rules: [rule] })],
  ])('does not report a machine that %s', (_, one) => {
    expect(summarize(judge({ network: beside(one), closes: true }))).toEqual([])
  })

  it('reports workspaces and rule endpoints that are not linked', () => {
    const rules = [{ ...rule, logDestinations: [workspace('law-x')], endpointId: endpoint('d') }]
    const one = resident('vm-9', { ...associated, rules })
    expect(judge({ network: beside(one) }).report.neighbours[0]?.missing).toEqual([
      `link:${endpoint('d')}`,
      `link:${workspace('law-x')}`,
    ])
  })

  it('reports an association with an endpoint in another region', () => {
    const one = resident('vm-9', { ...associated, location: 'northeurope' })
    expect(judge({ network: beside(one) }).report.neighbours[0]?.missing).toEqual(['association'])
  })

  it('stays a warning if names without a record fall back to public resolution', () => {
    const zones = readings(allRoles.map((r) => aZone(r, ['vnet-hub'], { redirects: true })))
    const verdict = judge({ network: { ...beside(resident('vm-9')), zones }, closes: true })
    expect(summarize(verdict)).toEqual(['warning neighbour-unserved vnet-hub'])
    const some = readings(allRoles.map((r) => aZone(r, ['vnet-hub'], { redirects: r !== 'ods' })))
    const rules = [{ ...rule, logDestinations: [workspace('law-x')] }]
    const dark = { ...beside(resident('vm-9', { rules })), zones: some }
    expect(summarize(judge({ network: dark, closes: true }))).toEqual([
      'error neighbour-unserved vnet-hub',
    ])
  })

  it('waives a single neighbour that a waiver names', () => {
    const file =
      'waivers: [{ code: neighbour-unserved, resource: rg-app/vm-9, reason: r, expires: 2027-01-31 }]\n'
    const verdict = judge({
      network: beside(resident('vm-9'), resident('vm-8')),
      closes: true,
      file,
    })
    expect(summarize(verdict)).toEqual([
      'error neighbour-unserved vnet-hub',
      'error neighbour-unserved vm-9',
    ])
    expect(verdict.findings[0]?.diagnostic.message).not.toContain('vm-9')
  })

  it('is not reported for a network with custom DNS servers', () => {
    const virtualNetworks = readings([{ id: vnet('vnet-hub'), dns: 'own' as const }])
    const verdict = judge({ network: { ...beside(resident('vm-9')), virtualNetworks } })
    expect(summarize(verdict)).toEqual(['notice network-not-visible vnet-hub'])
    expect(verdict.findings[0]?.diagnostic.message).toContain('vm-9')
  })

  it('reports a machine with custom DNS servers in a network without targets as not visible', () => {
    const { places = new Map() } = beside(resident('vm-9'))
    const own = new Map(places).set(idKey(machine('vm-9')), { ...place('vnet-hub'), ownDns: true })
    const one = judge({ network: { ...beside(resident('vm-9')), places: own }, closes: true })
    expect(summarize(one)).toEqual(['notice network-not-visible vm-9'])
    const lone = {
      ...beside(resident('vm-9')),
      places: new Map([[idKey(machine('vm-9')), place('vnet-dns')]]),
      zones: readings(allRoles.map((role) => aZone(role, ['vnet-dns']))),
      virtualNetworks: readings([{ id: vnet('vnet-dns'), dns: 'own' as const }]),
    }
    expect(summarize(judge({ network: lone, targets: [], closes: true }))).toEqual([
      'notice network-not-visible vnet-dns',
    ])
  })
})

describe('subnet-nearly-full', () => {
  const two = [
    { key: 'a', isEndpoint: true, region: 'westeurope' },
    { key: 'b', isEndpoint: false, region: 'northeurope' },
  ]
  const subnet = (size: number | undefined, taken: number): Partial<Network> => ({
    endpoints: [
      scopeEndpoint({
        subnetReading: {
          state: 'found',
          value: { id: `${vnet('vnet-hub')}/subnets/snet-pe`, taken, ...(size ? { size } : {}) },
        },
      }),
    ],
  })

  // 2 for the endpoint, 1 for the workspace, 1 for the new region.
  test.each([
    ['enough', 32, 23, []],
    ['one too few', 32, 24, ['warning subnet-nearly-full snet-pe']],
    ['nothing free', 32, 27, ['error subnet-nearly-full snet-pe']],
    ['no size', undefined, 3, ['notice network-not-visible snet-pe']],
  ])('%s', (_, size, taken, expected) => {
    expect(summarize(judge({ network: subnet(size, taken), newLinks: two }))).toEqual(expected)
  })

  it('is not reported if the plan links nothing', () => {
    expect(summarize(judge({ network: subnet(32, 27) }))).toEqual([])
  })
})

describe('scope-nearly-full', () => {
  const linked = (count: number) =>
    new Set(Array.from({ length: count }, (_, i) => idKey(workspace(`law-${i}`))))
  test.each([
    [2699, []],
    [2700, ['warning scope-nearly-full ampls-hub']],
    [3000, ['warning scope-nearly-full ampls-hub']],
    [3001, ['error scope-nearly-full ampls-hub']],
  ])('%d workspaces', (count, expected) => {
    expect(summarize(judge({ linked: linked(count) }))).toEqual(expected)
  })

  it('counts private endpoints too', () => {
    const privateEndpoints = Array.from({ length: 9 }, () => scopeEndpoint())
    expect(summarize(judge({ estate: { privateEndpoints } }))).toEqual([
      'warning scope-nearly-full ampls-hub',
    ])
  })
})

describe('network-not-visible', () => {
  test.each<[string, Partial<Network>, string[]]>([
    [
      'a network with custom DNS servers',
      { virtualNetworks: readings([{ id: vnet('vnet-hub'), dns: 'own' as const }]) },
      ['vnet-hub'],
    ],
    [
      'an interface with custom DNS servers',
      { places: new Map([[idKey(machine('vm-01')), { ...place('vnet-hub'), ownDns: true }]]) },
      ['vm-01'],
    ],
    ['a target without interface', { places: new Map() }, ['vm-01']],
    [
      'an unreadable private endpoint',
      { endpoints: [scopeEndpoint({ zoneGroups: { state: 'unreadable', why: 'no role.' } })] },
      ['pe-ampls'],
    ],
    [
      'a network that Resource Graph does not show',
      { virtualNetworks: new Map([[idKey(vnet('vnet-hub')), { state: 'unreadable', why: 'x' }]]) },
      [subscriptionName],
    ],
    [
      'a refused read',
      { unseen: [{ resource: scope('ampls-hub'), what: 'Zones', why: 'no role.' }] },
      ['ampls-hub'],
    ],
  ])('%s is reported once, and never blocks', (_, changed, resources) => {
    const expected = resources.map((name) => `notice network-not-visible ${name}`)
    expect(summarize(judge({ network: changed, closes: true }))).toEqual(expected)
  })
})

test('the addresses of the scope are the distinct addresses of its private endpoints', () => {
  const endpoints = [
    scopeEndpoint({ addresses: ['10.0.0.5', '10.0.0.4'] }),
    scopeEndpoint({ addresses: ['10.0.0.4'] }),
  ]
  expect(scopeAddresses(network({ endpoints }))).toEqual(['10.0.0.4', '10.0.0.5'])
})

test('each cloud has its zones', () => {
  expect(zoneNamesOf('AzureUSGovernment').ods).toBe('privatelink.ods.opinsights.azure.us')
  expect(zoneNamesOf('AzureChinaCloud').monitor).toBe('privatelink.monitor.azure.cn')
  expect(zoneNamesOf('https://localhost:1').monitor).toBe('privatelink.monitor.azure.com')
})

describe('hostile names', () => {
  it('never become a part of a command', () => {
    const evil = vnet('vnet`; rm -rf $HOME #')
    const places = new Map([
      [idKey(machine('vm-01')), { virtualNetworks: [idKey(evil)], ownDns: false }],
    ])
    const virtualNetworks = readings([{ id: evil, dns: 'azure' as const }])
    const { findings } = judge({ network: { places, virtualNetworks } })
    expect(findings[0]?.diagnostic.remedy).not.toContain('rm -rf')
    expect(findings[0]?.diagnostic.remedy).toContain('<NAME>')
  })
})
