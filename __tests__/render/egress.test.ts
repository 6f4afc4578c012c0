import { describe, expect, test } from '@jest/globals'
import type {
  Endpoint,
  Estate,
  LogWorkspace,
  MonitorWorkspace,
  Rule,
} from '../../src/estate/estate.ts'
import { egressFqdns, type EgressTarget } from '../../src/egress/egress.ts'
import { firewallCollection, firewallCommands } from '../../src/render/parts/firewall.ts'
import { cloudOf, hostOf, isHostName } from '../../src/egress/hosts.ts'
import { remoteWriteTargets } from '../../src/egress/remoteWrite.ts'
import { idKey, parseResourceId, type ResourceId } from '../../src/resources/id.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { articleEgress } from './situations.ts'
import { endpoint, logWorkspace, machine, monitorWorkspace, rule, scope } from './builders.ts'

const at = { line: 1, column: 1 }
const parsed = (id: string): ResourceId => {
  const found = parseResourceId(id)
  if (found === undefined) throw new Error(`not an id: ${id}`)
  return found
}

const topology: Topology = {
  file: 'topology.yml',
  name: 'production',
  formerNames: [],
  subscription: '1',
  privateLinkScope: { id: parsed(scope), at },
  accessModes: { at },
  azureMonitorWorkspaces: [{ id: parsed(monitorWorkspace('amw-weu')), alias: 'metrics', at }],
  logAnalyticsWorkspaces: [],
  targets: [],
  selects: [],
  remoteWrite: [{ name: 'onprem', metrics: 'metrics', at }],
  endpoints: {
    regionalName: '',
    machineName: '',
    machineIngestion: 'none',
    publicNetworkAccess: 'Disabled',
    tags: {},
    existing: [],
    at,
  },
  existingAssociations: 'adopt',
  waivers: [],
}

const dce = endpoint('dce-weu')
const law = logWorkspace('law-weu')
const customer = '0AA1B2C3-0000-4000-8000-00000000ABCD'

const liveEndpoint = (tld: string, more: Partial<Endpoint> = {}): Endpoint => ({
  id: dce,
  name: 'dce-weu',
  location: 'westeurope',
  tags: {},
  publicNetworkAccess: 'Disabled',
  configurationAccess: `https://dce-weu-71ib.westeurope-1.handler.control.monitor.azure.${tld}`,
  logsIngestion: `https://dce-weu-71ib.westeurope-1.ingest.monitor.azure.${tld}`,
  metricsIngestion: `https://dce-weu-71ib.westeurope-1.metrics.ingest.monitor.azure.${tld}/`,
  links: [],
  ...more,
})

const found = <T>(value: T) => ({ state: 'found', value }) as const

interface Parts {
  readonly endpoints?: readonly Endpoint[]
  readonly approved?: boolean
  readonly monitor?: Partial<MonitorWorkspace>
  readonly immutableId?: string
}

function estate({
  endpoints = [liveEndpoint('com')],
  approved = true,
  monitor = {},
  immutableId,
}: Parts = {}): Estate {
  const workspace: LogWorkspace = {
    id: law,
    name: 'law-weu',
    location: 'westeurope',
    customerId: customer,
  }
  const amw = monitorWorkspace('amw-weu')
  const account: MonitorWorkspace = {
    id: amw,
    name: 'amw-weu',
    location: 'westeurope',
    endpointId: dce,
    ruleId: rule('amw-weu'),
    hasQueryPrivateEndpoint: true,
    ...monitor,
  }
  const dcr: Rule = {
    id: rule('amw-weu'),
    name: 'amw-weu',
    location: 'westeurope',
    streams: [],
    logDestinations: [],
    metricsDestinations: [],
    ...(immutableId !== undefined && { immutableId }),
  }
  return {
    scope: { state: 'missing' },
    links: [],
    privateEndpoints: [{ connection: 'c', approved, staticAddresses: false }],
    targets: new Map(),
    selected: [],
    hiddenSubscriptions: new Map(),
    monitorWorkspaces: new Map([[idKey(amw), found(account)]]),
    logWorkspaces: new Map([[idKey(law), found(workspace)]]),
    endpoints: new Map(endpoints.map((value) => [idKey(value.id), found(value)])),
    rules: new Map([[idKey(dcr.id), found(dcr)]]),
    associations: new Map(),
    ruleAssociations: new Map(),
    uses: new Map(),
    confirmed: new Set(),
  }
}

const target = (name: string, more: Partial<EgressTarget> = {}): EgressTarget => ({
  id: machine(name),
  region: 'West Europe',
  endpoints: [dce],
  logWorkspaces: [law],
  ...more,
})

describe('host names', () => {
  test('are those of the endpoints and workspaces in use, by region and target', () => {
    const { regions, private: isPrivate } = egressFqdns(topology, estate(), [
      target('b'),
      target('a'),
      target('c', { region: 'eastus', endpoints: [] }),
    ])
    expect(isPrivate).toBe(true)
    expect(regions.map((r) => [r.region, r.targets.map((t) => t.id.split('/').at(-1))])).toEqual([
      ['eastus', ['c']],
      ['westeurope', ['a', 'b']],
    ])
    expect(regions[1]?.hosts).toEqual([
      '0aa1b2c3-0000-4000-8000-00000000abcd.ods.opinsights.azure.com',
      '0aa1b2c3-0000-4000-8000-00000000abcd.oms.opinsights.azure.com',
      'dce-weu-71ib.westeurope-1.handler.control.monitor.azure.com',
      'dce-weu-71ib.westeurope-1.ingest.monitor.azure.com',
      'dce-weu-71ib.westeurope-1.metrics.ingest.monitor.azure.com',
    ])
  })

  test.each(['com', 'us', 'cn'])('of workspaces are in the cloud of the endpoints: %s', (tld) => {
    const { regions } = egressFqdns(topology, estate({ endpoints: [liveEndpoint(tld)] }), [
      target('a'),
    ])
    expect(regions[0]?.hosts[0]).toBe(
      `0aa1b2c3-0000-4000-8000-00000000abcd.ods.opinsights.azure.${tld}`,
    )
  })

  test("for a target without an endpoint are the article's wildcards", () => {
    const { regions } = egressFqdns(topology, estate(), [target('a', { endpoints: [] })])
    expect(regions[0]?.targets[0]?.wildcards).toEqual([
      '*.handler.control.monitor.azure.com',
      '*.ingest.monitor.azure.com',
    ])
  })

  test('for a scope without an approved private endpoint are public: with wildcards', () => {
    const egress = egressFqdns(topology, estate({ approved: false }), [target('a')])
    expect(egress.private).toBe(false)
    expect(egress.regions[0]?.hosts).toContain('*.ingest.monitor.azure.com')
  })

  test('that Azure has not assigned are pending, and never made up', () => {
    const { regions } = egressFqdns(topology, estate({ endpoints: [] }), [target('a')])
    expect(regions[0]?.targets[0]).toMatchObject({ hosts: [], wildcards: [], pending: [dce, law] })
  })

  test.each([
    ['markup', 'https://<b>.monitor.azure.com'],
    ['a path', 'https://a.monitor.azure.com/x'],
    ['a user', 'https://u@a.monitor.azure.com'],
    ['a space', 'https://a b.monitor.azure.com'],
    ['a quote', "https://a'.monitor.azure.com"],
    ['http', 'http://a.monitor.azure.com'],
    ['one label', 'https://localhost'],
    ['a label that is too long', `https://${'a'.repeat(64)}.monitor.azure.com`],
    ['nothing', ''],
  ])('with %s in them are not taken', (_, address) => {
    expect(hostOf(address)).toBeUndefined()
  })

  test('do not depend on the order of targets or on case', () => {
    const targets = [target('a'), target('b', { endpoints: [dce.toUpperCase()] }), target('c')]
    const forth = egressFqdns(topology, estate(), targets)
    expect(egressFqdns(topology, estate(), targets.toReversed())).toEqual(forth)
  })

  test('show their cloud', () => {
    expect(cloudOf('a.b.handler.control.monitor.azure.com')).toBe('com')
    expect(cloudOf('a.b.example.com')).toBeUndefined()
    expect(isHostName('a..b')).toBe(false)
  })
})

describe('the firewall rules', () => {
  test('have one rule per region with its hosts', () => {
    expect(firewallCollection(articleEgress)).toMatchObject({
      ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
      rules: articleEgress.regions.map(({ region, hosts }) => ({
        name: `monitor-${region}`,
        targetFqdns: hosts,
      })),
    })
  })

  test('leave out invalid host names', () => {
    const [region] = articleEgress.regions
    if (region === undefined) throw new Error('the article has a region')
    const poisoned = {
      ...articleEgress,
      regions: [{ ...region, hosts: ["a.example' ; rm -rf / '", '*.ok.example'] }],
    }
    expect(firewallCommands(poisoned)).toContain("--target-fqdns '*.ok.example'")
    expect(firewallCommands(poisoned)).not.toContain('rm -rf')
  })
})

describe('remote write', () => {
  test('uses the metrics host of the endpoint and the rule of the workspace', () => {
    expect(remoteWriteTargets(topology, estate({ immutableId: 'dcr-0a1b' }))).toEqual([
      {
        name: 'onprem',
        workspace: monitorWorkspace('amw-weu'),
        url: 'https://dce-weu-71ib.westeurope-1.metrics.ingest.monitor.azure.com/dataCollectionRules/dcr-0a1b/streams/Microsoft-PrometheusMetrics/api/v1/write?api-version=2023-04-24',
        endpoint: dce,
        rule: rule('amw-weu'),
      },
    ])
  })

  test.each([
    ['the rule has no immutable id', estate()],
    ['the immutable id is not one', estate({ immutableId: '../x' })],
    [
      'the endpoint has no metrics host',
      estate({ immutableId: 'dcr-1', endpoints: [liveEndpoint('com', { metricsIngestion: 'x' })] }),
    ],
    ['the endpoint is not there', estate({ immutableId: 'dcr-1', endpoints: [] })],
  ])('has no address when %s', (_, live) => {
    expect(remoteWriteTargets(topology, live)[0]).toEqual({
      name: 'onprem',
      workspace: monitorWorkspace('amw-weu'),
      endpoint: dce,
      rule: rule('amw-weu'),
    })
  })
})
