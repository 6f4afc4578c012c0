import { compareText, parseResourceId } from '../../../resources/id.ts'
import type { ZoneNames } from '../../../network/network.ts'
import { byId, literal, literals } from '../queries.ts'

/** The queries about the network around the scope: three, and one more where zones are kept by hand. */

/** From how many ids on things are looked for by subscription instead. */
const mostIds = 150
const mostNetworks = 40

/** The zones of these names with their links, and the private endpoints of every private link scope. */
export function zonesQuery(names: ZoneNames): string {
  const zones = Object.values(names)
  return [
    'resources',
    `| where (type =~ 'microsoft.network/privatednszones' and name in~ ${literals(zones)})`,
    `  or (type =~ 'microsoft.network/privatednszones/virtualnetworklinks' and (${inZones(zones)}))`,
    "  or (type =~ 'microsoft.network/privateendpoints' and (tostring(properties.privateLinkServiceConnections) contains '/privatelinkscopes/' or tostring(properties.manualPrivateLinkServiceConnections) contains '/privatelinkscopes/'))",
    '| project id, name, type, virtualNetwork = properties.virtualNetwork,',
    '  resolutionPolicy = properties.resolutionPolicy,',
    '  provisioningState = properties.provisioningState,',
    '  virtualNetworkLinkState = properties.virtualNetworkLinkState,',
    '  privateLinkServiceConnections = properties.privateLinkServiceConnections,',
    '  manualPrivateLinkServiceConnections = properties.manualPrivateLinkServiceConnections',
    byId,
  ].join('\n')
}

function inZones(zones: readonly string[]): string {
  return zones.map((zone) => `id contains ${literal(`/privatednszones/${zone}/`)}`).join(' or ')
}

/** Records of these names in zones of these names; every one of the zones' where the names are too many. */
export function recordsQuery(names: ZoneNames, records: readonly string[]): string {
  return [
    'dnsresources',
    "| where type =~ 'microsoft.network/privatednszones/a'",
    `| where ${inZones(Object.values(names))}`,
    ...(records.length > mostIds * 2 ? [] : [`| where name in~ ${literals(records)}`]),
    '| project id, name, records = properties.records',
    byId,
  ].join('\n')
}

/** What the query about places is for. */
export interface PlacesWanted {
  /** Keys of machines whose interfaces are wanted. */
  readonly machines: readonly string[]
  /** Keys of interfaces that are wanted by themselves. */
  readonly interfaces: readonly string[]
  /** Ids of networks whose residents are wanted. */
  readonly residentsOf: readonly string[]
  /** Ids of networks that are wanted themselves, beside all of the machines' subscriptions. */
  readonly networks: readonly string[]
  /** Node resource groups whose networks are wanted, with their subscription. */
  readonly nodeGroups: readonly { readonly subscription: string; readonly name: string }[]
}

/** Interfaces of machines, scale sets and clusters of networks, and the networks; one query for all, none for nothing. */
export function placesQuery(wanted: PlacesWanted): string | undefined {
  const { residentsOf } = wanted
  const ofType = (type: string, conditions: readonly string[]): readonly string[] =>
    conditions.length === 0 ? [] : [`(type =~ ${literal(type)} and (${conditions.join(' or ')}))`]
  const has = (property: string): readonly string[] =>
    residentsOf.length === 0 ? [] : [liesIn(property, residentsOf)]
  const conditions = [
    ...ofType('microsoft.network/networkinterfaces', interfaceConditions(wanted)),
    ...ofType('microsoft.network/virtualnetworks', networkConditions(wanted)),
    ...ofType('microsoft.compute/virtualmachinescalesets', has('properties.virtualMachineProfile')),
    ...ofType('microsoft.containerservice/managedclusters', [
      ...has('properties.agentPoolProfiles'),
      ...(residentsOf.length === 0 ? [] : [ownGroup(residentsOf)]),
    ]),
  ]
  if (conditions.length === 0) return undefined
  return [
    'resources',
    `| where ${conditions.join('\n  or ')}`,
    '| project id, name, type, location,',
    '  virtualMachine = properties.virtualMachine,',
    '  ipConfigurations = properties.ipConfigurations,',
    '  dnsSettings = properties.dnsSettings,',
    '  dhcpOptions = properties.dhcpOptions,',
    '  virtualMachineProfile = properties.virtualMachineProfile,',
    '  agentPoolProfiles = properties.agentPoolProfiles,',
    '  nodeResourceGroup = properties.nodeResourceGroup,',
    '  addonProfiles = properties.addonProfiles,',
    '  azureMonitorProfile = properties.azureMonitorProfile',
    byId,
  ].join('\n')
}

function interfaceConditions({ machines, interfaces, residentsOf }: PlacesWanted): string[] {
  const conditions: string[] = []
  if (machines.length > mostIds) {
    conditions.push(`subscriptionId in~ ${literals(machines.map(subscriptionOf))}`)
  } else if (machines.length > 0) {
    conditions.push(`tostring(properties.virtualMachine.id) in~ ${literals(machines)}`)
  }
  if (interfaces.length > 0) conditions.push(`id in~ ${literals(interfaces)}`)
  if (residentsOf.length > 0) conditions.push(liesIn('properties.ipConfigurations', residentsOf))
  return conditions
}

function networkConditions({ machines, networks, nodeGroups }: PlacesWanted): string[] {
  const conditions: string[] = []
  if (machines.length > 0) {
    conditions.push(`subscriptionId in~ ${literals(machines.map(subscriptionOf))}`)
  }
  const own = networks.filter(
    (id) => !machines.some((m) => subscriptionOf(m) === subscriptionOf(id)),
  )
  if (own.length > mostIds) {
    conditions.push(`subscriptionId in~ ${literals(own.map(subscriptionOf))}`)
  } else if (own.length > 0) conditions.push(`id in~ ${literals(own)}`)
  for (const { subscription, name } of nodeGroups.slice(0, mostIds)) {
    conditions.push(
      `(subscriptionId =~ ${literal(subscription)} and resourceGroup =~ ${literal(name)})`,
    )
  }
  return conditions
}

/** True of what has a subnet of one of these networks; of a whole subscription where they are many. */
function liesIn(property: string, networks: readonly string[]): string {
  if (networks.length > mostNetworks) {
    return `subscriptionId in~ ${literals(networks.map(subscriptionOf))}`
  }
  return networks
    .map((id) => `tostring(${property}) contains ${literal(`${id.toLowerCase()}/subnets/`)}`)
    .join(' or ')
}

/** A cluster in the network that Azure made for it: that one lies in its node resource group. */
function ownGroup(networks: readonly string[]): string {
  const groups = networks.flatMap((id) => parseResourceId(id)?.resourceGroup.toLowerCase() ?? [])
  return `tostring(properties.nodeResourceGroup) in~ ${literals(groups)}`
}

function subscriptionOf(id: string): string {
  return id.toLowerCase().split('/')[2] ?? ''
}

/** Rules and endpoints by id, which neighbours in other subscriptions use. */
export function usedByNeighboursQuery(ids: readonly string[]): string {
  const few = ids.slice(0, mostIds * 4).toSorted(compareText)
  return [
    'resources',
    "| where type in~ ('microsoft.insights/datacollectionendpoints', 'microsoft.insights/datacollectionrules')",
    `| where id in~ ${literals(few)}`,
    '| project id, name, type, location, tags,',
    '  dataCollectionEndpointId = properties.dataCollectionEndpointId,',
    '  dataFlows = properties.dataFlows,',
    '  logAnalytics = properties.destinations.logAnalytics,',
    '  monitoringAccounts = properties.destinations.monitoringAccounts',
    byId,
  ].join('\n')
}
