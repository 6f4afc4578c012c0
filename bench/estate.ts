import type { EstateSeed, SeedResource } from '../simulator/azure/seed.ts'

/** A large estate that matches its file: n targets in several subscriptions and 8 regions. */
export interface LargeEstate {
  readonly estate: EstateSeed
  readonly topology: string
  /** Ids of the existing configuration associations. */
  readonly associations: readonly string[]
}

const [main, ...more] = [
  '11111111-1111-1111-1111-111111111111',
  '22222222-2222-2222-2222-222222222222',
  '33333333-3333-3333-3333-333333333333',
] as const

/** The given number of subscriptions. */
function subscriptionsOf(count: number): readonly string[] {
  const others = Array.from(
    { length: Math.max(0, count - 3) },
    (_, index) => `44444444-4444-4444-4444-${String(index).padStart(12, '0')}`,
  )
  return [main, ...more, ...others].slice(0, count)
}

const regions = [
  'westeurope',
  'northeurope',
  'uksouth',
  'francecentral',
  'germanywestcentral',
  'swedencentral',
  'eastus',
  'westus2',
] as const

const mark = 'Managed by azure-monitor-private-link (production/a50ff3dd)'

export interface LargeEstateOptions {
  readonly targets: number
  /** Subscriptions that the targets are spread over; default 3. */
  readonly subscriptions?: number
  /** How many targets, from the first, have no configuration association yet. */
  readonly unassociated?: number
  /** How many of the eight regional endpoints are not linked yet. */
  readonly unlinkedEndpoints?: number
  /** Additional Log Analytics workspaces, in the file but not linked yet. */
  readonly unlinkedWorkspaces?: number
  /** Virtual networks that the targets are spread over, with a private endpoint, zones and links; a multiple of the subscriptions. */
  readonly networks?: number
  /** True: each target has its own line; false: a select on a tag finds them. Default: true. */
  readonly named?: boolean
}

/** Makes the estate and its topology file. Every target has an agent, an identity and one rule. */
export function largeEstate(options: LargeEstateOptions): LargeEstate {
  const subscriptions = subscriptionsOf(options.subscriptions ?? 3)
  const count = subscriptions.length
  const at = (sub: string, group: string, type: string, name: string) =>
    `/subscriptions/${sub}/resourceGroups/${group}/providers/${type}/${name}`
  const scope = at(main, 'rg-monitor', 'microsoft.insights/privateLinkScopes', 'ampls-hub')
  const workspace = at(main, 'rg-monitor', workspaceType, 'law-hub')
  const others = Array.from({ length: options.unlinkedWorkspaces ?? 0 }, (_, i) => `law-${i + 1}`)
  const rule = at(main, 'rg-monitor', 'Microsoft.Insights/dataCollectionRules', 'dcr-perf')
  const endpoint = (region: string) =>
    at(main, 'rg-monitor', 'Microsoft.Insights/dataCollectionEndpoints', `dce-production-${region}`)
  const resources: SeedResource[] = [
    {
      id: scope,
      location: 'global',
      properties: {
        accessModeSettings: {
          ingestionAccessMode: 'Open',
          queryAccessMode: 'Open',
          exclusions: [],
        },
      },
    },
    logWorkspace(workspace),
    {
      id: rule,
      location: 'westeurope',
      properties: {
        dataFlows: [{ streams: ['Microsoft-Perf'], destinations: ['logs'] }],
        destinations: { logAnalytics: [{ name: 'logs', workspaceResourceId: workspace }] },
      },
    },
    link(scope, workspace, 'law-hub'),
    ...others.map((name) => logWorkspace(at(main, 'rg-monitor', workspaceType, name))),
    ...regions.flatMap((region, index) => [
      {
        id: endpoint(region),
        location: region,
        tags: { 'azure-monitor-private-link': 'production/a50ff3dd' },
        properties: { networkAcls: { publicNetworkAccess: 'Disabled' } },
      },
      ...(index < (options.unlinkedEndpoints ?? 0)
        ? []
        : [link(scope, endpoint(region), `dce-${region}`)]),
    ]),
  ]
  const associations: string[] = []
  const names: string[] = []
  const networks = options.networks ?? 0
  const vnet = (index: number) =>
    at(
      subscriptions[index % count] ?? main,
      'rg-net',
      'Microsoft.Network/virtualNetworks',
      `vnet-${index}`,
    )
  if (networks > 0) resources.push(...aroundScope(scope, networks, vnet, at))
  for (let i = 0; i < options.targets; i++) {
    const sub = subscriptions[i % count] ?? main
    const region = regions[i % 8] ?? 'westeurope'
    const id = at(
      sub,
      `rg-app-${Math.floor(i / 500)}`,
      'Microsoft.Compute/virtualMachines',
      nameOf(i),
    )
    // A file is limited to 1 MiB, so targets in the file's own subscription use short references.
    names.push(sub === main ? `rg-app-${Math.floor(i / 500)}/${nameOf(i)}` : id.slice(1))
    const base = `${id}/providers/Microsoft.Insights/dataCollectionRuleAssociations`
    resources.push(
      {
        id,
        location: region,
        tags: { monitoring: 'private' },
        identity: { type: 'SystemAssigned' },
      },
      {
        id: `${id}/extensions/AzureMonitorLinuxAgent`,
        location: region,
        properties: { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent' },
      },
      { id: `${base}/perf`, properties: { dataCollectionRuleId: rule } },
    )
    if (networks > 0) {
      const nic = at(
        sub,
        `rg-app-${Math.floor(i / 500)}`,
        'Microsoft.Network/networkInterfaces',
        `${nameOf(i)}-nic`,
      )
      const subnet = { id: `${vnet(i % networks)}/subnets/snet-targets` }
      resources.push({
        id: nic,
        location: region,
        properties: {
          virtualMachine: { id },
          ipConfigurations: [{ name: 'ipconfig1', properties: { subnet } }],
        },
      })
    }
    if (i < (options.unassociated ?? 0)) continue
    const association = `${base}/configurationAccessEndpoint`
    associations.push(association)
    resources.push({
      id: association,
      properties: { dataCollectionEndpointId: endpoint(region), description: mark },
    })
  }
  return {
    estate: { subscriptions, resources },
    topology: topologyFile(subscriptions, names, options.named ?? true, others),
    associations,
  }
}

const zoneNames = [
  'privatelink.monitor.azure.com',
  'privatelink.oms.opinsights.azure.com',
  'privatelink.ods.opinsights.azure.com',
  'privatelink.agentsvc.azure-automation.net',
  'privatelink.blob.core.windows.net',
]

/** The private endpoint of the scope, its zones, and networks that are linked to all zones. */
function aroundScope(
  scope: string,
  networks: number,
  vnet: (index: number) => string,
  at: (sub: string, group: string, type: string, name: string) => string,
): SeedResource[] {
  const endpoint = at(main, 'rg-net', 'Microsoft.Network/privateEndpoints', 'pe-ampls')
  const subnet = `${vnet(0)}/subnets/snet-private-endpoints`
  const zone = (name: string) => at(main, 'rg-dns', 'Microsoft.Network/privateDnsZones', name)
  const all = Array.from({ length: networks }, (_, index) => index)
  return [
    {
      id: endpoint,
      location: 'westeurope',
      properties: {
        subnet: { id: subnet },
        privateLinkServiceConnections: [
          { name: 'scope', properties: { privateLinkServiceId: scope } },
        ],
      },
    },
    {
      id: `${scope}/privateEndpointConnections/pe-ampls.1`,
      properties: { privateEndpoint: { id: endpoint } },
    },
    {
      id: `${endpoint}/privateDnsZoneGroups/default`,
      properties: {
        privateDnsZoneConfigs: zoneNames.map((name) => ({
          name,
          properties: { privateDnsZoneId: zone(name) },
        })),
      },
    },
    { id: subnet, properties: { addressPrefix: '10.0.0.0/24' } },
    ...all.map((index) => ({ id: vnet(index), location: 'westeurope' })),
    ...zoneNames.flatMap((name) => [
      { id: zone(name), location: 'global' },
      ...all.map((index) => ({
        id: `${zone(name)}/virtualNetworkLinks/vnet-${index}`,
        location: 'global',
        properties: { virtualNetwork: { id: vnet(index) } },
      })),
    ]),
  ]
}

function nameOf(index: number): string {
  return `vm-${String(index).padStart(5, '0')}`
}

function link(scope: string, linkedResourceId: string, name: string): SeedResource {
  return { id: `${scope}/scopedResources/${name}-connection`, properties: { linkedResourceId } }
}

const workspaceType = 'Microsoft.OperationalInsights/workspaces'

function logWorkspace(id: string): SeedResource {
  return {
    id,
    location: 'westeurope',
    properties: {
      publicNetworkAccessForIngestion: 'Disabled',
      publicNetworkAccessForQuery: 'Disabled',
    },
  }
}

function topologyFile(
  subscriptions: readonly string[],
  names: readonly string[],
  named: boolean,
  workspaces: readonly string[],
): string {
  const machines = named
    ? names.map((name) => `  - ${name}`)
    : [
        `  - select: { subscriptions: [${subscriptions.join(', ')}], tags: { monitoring: private } }`,
        '    logs: logs',
      ]
  return [
    'version: 1',
    'name: production',
    `subscription: ${main}`,
    'privateLinkScope: rg-monitor/ampls-hub',
    'logAnalyticsWorkspaces:',
    '  logs: rg-monitor/law-hub',
    ...workspaces.map((name) => `  ${name}: rg-monitor/${name}`),
    'machines:',
    ...machines,
    'dataCollectionEndpoints:',
    '  resourceGroup: rg-monitor',
    '',
  ].join('\n')
}
