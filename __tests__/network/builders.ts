import type { Estate, Link, Rule } from '../../src/estate/estate.ts'
import type { ResolvedTarget } from '../../src/estate/resolved.ts'
import { judgeNetwork, type NetworkVerdict } from '../../src/network/judge.ts'
import type { Judging } from '../../src/network/judging.ts'
import type {
  GroupZone,
  Network,
  Place,
  Resident,
  ScopeEndpoint,
  Zone,
  ZoneRole,
} from '../../src/network/network.ts'
import { zoneNamesOf } from '../../src/network/zoneNames.ts'
import { idKey, nameOf } from '../../src/resources/id.ts'
import { parseTopology } from '../../src/topology/parseTopology.ts'

/** A network set up as Microsoft recommends; tests change one thing in it. */
export const subscription = '11111111-1111-1111-1111-111111111111'

const id = (group: string, type: string, name: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`

export const vnet = (name: string) => id('rg-net', 'Microsoft.Network/virtualNetworks', name)
export const machine = (name: string) => id('rg-app', 'Microsoft.Compute/virtualMachines', name)
export const workspace = (name: string) =>
  id('rg-monitor', 'Microsoft.OperationalInsights/workspaces', name)
export const endpoint = (name: string) =>
  id('rg-monitor', 'Microsoft.Insights/dataCollectionEndpoints', name)
export const privateEndpoint = (name: string) =>
  id('rg-net', 'Microsoft.Network/privateEndpoints', name)
export const scope = (name: string) =>
  id('rg-monitor', 'microsoft.insights/privateLinkScopes', name)
export const zoneNames = zoneNamesOf('AzureCloud')
export const zone = (role: ZoneRole, group = 'rg-dns') =>
  id(group, 'Microsoft.Network/privateDnsZones', zoneNames[role])
export const allRoles: readonly ZoneRole[] = ['monitor', 'oms', 'ods', 'agentsvc', 'blob']

export const customer = '9b0ff60a-a394-cf1a-a8d7-cdecf84eb945'
const host = 'dce-weu-abcd.westeurope-1'
const now = Date.parse('2026-11-28T12:00:00Z')

/** The records that Azure maintains for the scope of these tests, by role. */
export const records: Readonly<Record<ZoneRole, readonly string[]>> = {
  monitor: ['api', 'global.handler.control', `${host}.handler.control`, `${host}.ingest`],
  oms: [customer],
  ods: [customer],
  agentsvc: [customer],
  blob: ['scadvisorcontentpl'],
}

export function groupZone(role: ZoneRole, names = records[role], address = '10.0.0.4'): GroupZone {
  return { zoneId: zone(role), records: new Map(names.map((name) => [name, [address]])) }
}

export function scopeEndpoint(more: Partial<ScopeEndpoint> = {}): ScopeEndpoint {
  return {
    connection: 'pe-ampls.1',
    id: privateEndpoint('pe-ampls'),
    approved: true,
    staticAddresses: false,
    zoneGroups: {
      state: 'found',
      value: [{ name: 'default', zones: allRoles.map((role) => groupZone(role)) }],
    },
    subnetReading: {
      state: 'found',
      value: { id: `${vnet('vnet-hub')}/subnets/snet-pe`, size: 32, taken: 12 },
    },
    addresses: ['10.0.0.4'],
    ...more,
  }
}

export function aZone(
  role: ZoneRole,
  networks: readonly string[],
  more: Partial<Zone> & { readonly redirects?: boolean } = {},
): Zone {
  const { redirects = false, ...rest } = more
  const links = networks.map((name) => ({
    id: `${zone(role)}/virtualNetworkLinks/${name}`,
    virtualNetwork: vnet(name),
    networkKey: idKey(vnet(name)),
    redirects,
  }))
  return { id: zone(role), name: zoneNames[role], links, records: new Map(), ...rest }
}

export function readings<T extends { readonly id: string }>(
  values: readonly T[],
): ReadonlyMap<string, { readonly state: 'found'; readonly value: T }> {
  return new Map(values.map((value) => [idKey(value.id), { state: 'found', value }]))
}

export function place(...networks: readonly string[]): Place {
  return { virtualNetworks: networks.map((name) => idKey(vnet(name))), ownDns: false }
}

export function network(more: Partial<Network> = {}): Network {
  return {
    readAt: now,
    zoneNames,
    endpoints: [scopeEndpoint()],
    zones: readings(allRoles.map((role) => aZone(role, ['vnet-hub']))),
    virtualNetworks: readings([{ id: vnet('vnet-hub'), dns: 'azure' as const }]),
    places: new Map([[idKey(machine('vm-01')), place('vnet-hub')]]),
    residents: [],
    otherEndpoints: [],
    unseen: [],
    ...more,
  }
}

export function link(linkedResourceId: string, minutes = 60): Link {
  return {
    id: `${scope('ampls-hub')}/scopedResources/${nameOf(linkedResourceId)}`,
    name: nameOf(linkedResourceId),
    linkedResourceId,
    provisioningState: 'Succeeded',
    changed: { by: 'x', at: new Date(now - minutes * 60_000).toISOString() },
  }
}

export const rule: Rule = {
  id: id('rg-monitor', 'Microsoft.Insights/dataCollectionRules', 'dcr'),
  name: 'dcr',
  location: 'westeurope',
  streams: ['Microsoft-Perf'],
  logDestinations: [workspace('law-weu')],
  metricsDestinations: [],
}

export function resident(name: string, more: Partial<Resident> = {}): Resident {
  return {
    id: machine(name),
    location: 'westeurope',
    isMonitored: true,
    sendsTo: [],
    rules: [],
    ...more,
  }
}

export const associated = {
  association: { id: 'a', target: 't', endpointId: endpoint('dce-weu') },
  endpoint: {
    id: endpoint('dce-weu'),
    name: 'dce-weu',
    location: 'westeurope',
    tags: {},
    publicNetworkAccess: 'Disabled',
    links: [],
  },
} as const satisfies Partial<Resident>

export function target(name: string): ResolvedTarget {
  return {
    key: idKey(machine(name)),
    target: {
      id: machine(name),
      name,
      type: 'microsoft.compute/virtualmachines',
      location: 'westeurope',
      tags: {},
    },
    kind: 'machine',
    at: { line: 1, column: 1 },
    rules: [],
    hasHiddenRule: false,
    logs: [],
  }
}

const topologyText = `version: 1
name: production
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
machines: [{ resource: rg-app/vm-01, logs: logs }]
`

/** Judges a network with one thing changed. */
export function judge(
  more: Partial<Omit<Judging, 'network' | 'estate' | 'topology' | 'served'>> & {
    readonly network?: Partial<Network>
    readonly estate?: Partial<Estate>
    readonly file?: string
  } = {},
): NetworkVerdict {
  const { network: changed, estate: known, file = '', ...rest } = more
  const { topology } = parseTopology(topologyText + file, { file: 'f.yml', today: '2026-11-28' })
  if (topology === undefined) throw new Error('the topology of this test is wrong')
  const links = known?.links ?? [link(workspace('law-weu')), link(endpoint('dce-weu'))]
  const targets = rest.targets ?? [target('vm-01')]
  const estate: Estate = {
    scope: {
      state: 'found',
      value: { id: scope('ampls-hub'), provisioningState: 'Succeeded' },
    },
    links,
    privateEndpoints: [scopeEndpoint()],
    targets: readings(targets.map((one) => one.target)),
    selected: [],
    hiddenSubscriptions: new Map(),
    monitorWorkspaces: new Map(),
    logWorkspaces: readings([
      { id: workspace('law-weu'), name: 'law-weu', location: 'westeurope', customerId: customer },
    ]),
    endpoints: readings([
      {
        ...associated.endpoint,
        configurationAccess: `https://${host}.handler.control.monitor.azure.com`,
        logsIngestion: `https://${host}.ingest.monitor.azure.com`,
      },
    ]),
    rules: new Map(),
    associations: new Map(),
    ruleAssociations: new Map(),
    uses: new Map(),
    confirmed: new Set(),
    ...known,
  }
  return judgeNetwork({
    topology,
    estate,
    network: network(changed),
    named: new Set(targets.map(({ key }) => key)),
    linked: new Set(links.map((one) => idKey(one.linkedResourceId))),
    newLinks: [],
    closes: false,
    ...rest,
    targets,
  })
}

/** `severity code resource` of each diagnostic, with the resource's name. */
export function summarize({ findings }: NetworkVerdict): readonly string[] {
  return findings.map(({ diagnostic: d }) =>
    `${d.severity} ${d.code} ${nameOf(d.resource ?? '')}`.trim(),
  )
}
