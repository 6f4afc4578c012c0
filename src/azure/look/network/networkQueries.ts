import { compareText, parseResourceId } from '../../../resources/id.ts'
import type { ZoneNames } from '../../../network/network.ts'
import { byId, literal, literals } from '../queries.ts'

/**
 * The queries about the network around the scope: three, and one more if zones are maintained by
 * hand.
 */

/** With more ids than this, the query searches by subscription instead. */
const maxIds = 150
const maxNetworks = 40

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

/**
 * Records with these names in zones with these names; all records of the zones if there are too
 * many names.
 */
export function recordsQuery(names: ZoneNames, records: readonly string[]): string {
  return [
    'dnsresources',
    "| where type =~ 'microsoft.network/privatednszones/a'",
    `| where ${inZones(Object.values(names))}`,
    ...(records.length > maxIds * 2 ? [] : [`| where name in~ ${literals(records)}`]),
    '| project id, name, records = properties.records',
    byId,
  ].join('\n')
}

/** What the places query should find. */
export interface PlacesWanted {
  /** Keys of machines whose interfaces are needed. */
  readonly machines: readonly string[]
  /** Keys of individual interfaces. */
  readonly interfaces: readonly string[]
  /** Ids of networks whose residents are needed. */
  readonly residentsOf: readonly string[]
  /** Ids of further networks, in addition to all in the machines' subscriptions. */
  readonly networks: readonly string[]
  /** Node resource groups whose networks are needed, with their subscription. */
  readonly nodeGroups: readonly { readonly subscription: string; readonly name: string }[]
}

/**
 * One query for machines' interfaces, for scale sets and clusters in networks, and for the
 * networks; `undefined` if nothing is needed.
 */
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
  if (machines.length > maxIds) {
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
  if (own.length > maxIds) {
    conditions.push(`subscriptionId in~ ${literals(own.map(subscriptionOf))}`)
  } else if (own.length > 0) conditions.push(`id in~ ${literals(own)}`)
  for (const { subscription, name } of nodeGroups.slice(0, maxIds)) {
    conditions.push(
      `(subscriptionId =~ ${literal(subscription)} and resourceGroup =~ ${literal(name)})`,
    )
  }
  return conditions
}

/**
 * Matches resources with a subnet in one of these networks; with many networks, whole
 * subscriptions.
 */
function liesIn(property: string, networks: readonly string[]): string {
  if (networks.length > maxNetworks) {
    return `subscriptionId in~ ${literals(networks.map(subscriptionOf))}`
  }
  return networks
    .map((id) => `tostring(${property}) contains ${literal(`${id.toLowerCase()}/subnets/`)}`)
    .join(' or ')
}

/** Matches clusters whose network was created by Azure, in their node resource group. */
function ownGroup(networks: readonly string[]): string {
  const groups = networks.flatMap((id) => parseResourceId(id)?.resourceGroup.toLowerCase() ?? [])
  return `tostring(properties.nodeResourceGroup) in~ ${literals(groups)}`
}

function subscriptionOf(id: string): string {
  return id.toLowerCase().split('/')[2] ?? ''
}

/** Rules and endpoints that neighbours in other subscriptions use, by id. */
export function usedByNeighboursQuery(ids: readonly string[]): string {
  const few = ids.slice(0, maxIds * 4).toSorted(compareText)
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
