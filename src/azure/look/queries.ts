import { compareText } from '../../resources/id.ts'
import { ownDescriptions, ownershipTag } from '../../resources/ownership.ts'
import type { SelectEntry, Topology } from '../../topology/topology.ts'

/**
 * The queries to Resource Graph. Each selects only the columns it needs, orders by id so that pages
 * are consistent, and filters on the server: the size of the answer depends on the file, not on the
 * content of the subscriptions.
 */

/** A text as a KQL literal. Nothing in a name or tag can end it. */
export function literal(value: string): string {
  const escaped = Array.from(value)
    .map((char) => {
      if (char === '\\' || char === "'" || char === '"') return `\\${char}`
      const code = char.codePointAt(0) ?? 0
      const isPlain =
        code >= 0x20 && code !== 0x7f && code < 0xd800 && code !== 0x2028 && code !== 0x2029
      if (isPlain || code > 0xffff) return char
      return `\\u${code.toString(16).padStart(4, '0')}`
    })
    .join('')
  return `'${escaped}'`
}

/** `('a', 'b')`, sorted, so that a file always gives the same query. */
export function literals(values: Iterable<string>): string {
  return `(${[...new Set(values)].toSorted(compareText).map(literal).join(', ')})`
}

export const byId = '| order by id asc'

/** With more targets than this, the query searches by resource group instead of by id. */
const maxIds = 150
const maxGroups = 150

/** Every resource that the file names as a target or a select may match. */
export function targetsQuery(topology: Topology): string | undefined {
  const conditions = [...explicitTargets(topology), ...topology.selects.map(selectCondition)]
  if (conditions.length === 0) return undefined
  return [
    'resources',
    `| where ${conditions.map((c) => `(${c})`).join(' or ')}`,
    targetColumns,
    byId,
  ].join('\n')
}

export const targetColumns = [
  '| project id, name, type, location, tags, identity,',
  '  orchestrationMode = properties.orchestrationMode,',
  '  extensions = properties.virtualMachineProfile.extensionProfile.extensions,',
  '  prometheus = properties.azureMonitorProfile.metrics.enabled,',
  '  containerInsights = properties.azureMonitorProfile.containerInsights,',
  '  addonProfiles = properties.addonProfiles,',
  '  networkProfile = properties.virtualMachineProfile.networkProfile,',
  '  agentPoolProfiles = properties.agentPoolProfiles,',
  '  nodeResourceGroup = properties.nodeResourceGroup',
].join('\n')

function explicitTargets(topology: Topology): readonly string[] {
  if (topology.targets.length === 0) return []
  if (topology.targets.length <= maxIds) {
    return [`id in~ ${literals(topology.targets.map((t) => t.id.key))}`]
  }
  const types = `type in~ ${literals(topology.targets.map((t) => t.id.type))}`
  const subscriptions = `subscriptionId in~ ${literals(topology.targets.map((t) => t.id.subscription))}`
  const groups = new Set(topology.targets.map((t) => t.id.resourceGroup.toLowerCase()))
  return groups.size <= maxGroups
    ? [`${types} and ${subscriptions} and resourceGroup in~ ${literals(groups)}`]
    : [`${types} and ${subscriptions}`]
}

/**
 * A sample of resources with the types and subscriptions of selects, ignoring other conditions:
 * only for messages.
 */
export function nearbyQuery(selects: readonly SelectEntry[]): string {
  const conditions = selects.map(
    ({ types, subscriptions }) =>
      `(type in~ ${literals(types)} and subscriptionId in~ ${literals(subscriptions)})`,
  )
  return [
    'resources',
    `| where ${[...new Set(conditions)].join(' or ')}`,
    '| project id, name, type, location, tags',
    byId,
    '| limit 1000',
  ].join('\n')
}

/**
 * Tag values are only searched for here and compared exactly later: names of tags ignore case,
 * values don't.
 */
function selectCondition(select: SelectEntry): string {
  const parts = [
    `type in~ ${literals(select.types)}`,
    `subscriptionId in~ ${literals(select.subscriptions)}`,
  ]
  if (select.resourceGroups !== undefined) {
    parts.push(`resourceGroup in~ ${literals(select.resourceGroups.map((g) => g.toLowerCase()))}`)
  }
  if (select.locations !== undefined) parts.push(`location in~ ${literals(select.locations)}`)
  for (const value of Object.values(select.tags ?? {}).toSorted(compareText)) {
    if (/^[\w .:/@+=-]+$/.test(value)) parts.push(`tostring(tags) contains ${literal(value)}`)
  }
  return parts.join(' and ')
}

/**
 * The Azure Monitor agents of virtual machines and Arc machines; everywhere if no subscription is
 * given. The subscriptions are in the query text and not a request parameter: Azure refuses a
 * request for unreadable subscriptions (aztfexport#475), while the query just returns no rows.
 */
export function agentsQuery(subscriptions: readonly string[] = []): string {
  return [
    'resources',
    ...(subscriptions.length === 0
      ? []
      : [`| where subscriptionId in~ ${literals(subscriptions)}`]),
    "| where type in~ ('microsoft.compute/virtualmachines/extensions', 'microsoft.hybridcompute/machines/extensions')",
    "| where tostring(properties.type) in~ ('AzureMonitorLinuxAgent', 'AzureMonitorWindowsAgent')",
    '| project id',
    byId,
  ].join('\n')
}

/**
 * Workspaces, endpoints and rules in the file's subscriptions, and endpoints that we own anywhere.
 */
export function resourcesQuery(topology: Topology, subscriptions: readonly string[]): string {
  return [
    'resources',
    `| where type in~ ('microsoft.insights/datacollectionendpoints', 'microsoft.insights/datacollectionrules', 'microsoft.monitor/accounts', 'microsoft.operationalinsights/workspaces')`,
    `| where (type !~ 'microsoft.operationalinsights/workspaces' and type !~ 'microsoft.monitor/accounts' and subscriptionId in~ ${literals(subscriptions)})`,
    ...workspaceCondition(topology),
    `  or (type =~ 'microsoft.insights/datacollectionendpoints' and tostring(tags) contains ${literal(ownershipTag)})`,
    resourceColumns,
    byId,
  ].join('\n')
}

export const resourceColumns = [
  '| project id, name, type, location, tags,',
  '  networkAcls = properties.networkAcls,',
  '  configurationAccess = properties.configurationAccess,',
  '  logsIngestion = properties.logsIngestion,',
  '  metricsIngestion = properties.metricsIngestion,',
  '  privateLinkScopedResources = properties.privateLinkScopedResources,',
  '  dataCollectionEndpointId = properties.dataCollectionEndpointId,',
  '  dataFlows = properties.dataFlows,',
  '  logAnalytics = properties.destinations.logAnalytics,',
  '  monitoringAccounts = properties.destinations.monitoringAccounts,',
  '  azureMonitorMetrics = properties.destinations.azureMonitorMetrics,',
  '  immutableId = properties.immutableId,',
  '  defaultIngestionSettings = properties.defaultIngestionSettings,',
  '  metrics = properties.metrics,',
  '  privateEndpointConnections = properties.privateEndpointConnections,',
  '  customerId = properties.customerId,',
  '  publicNetworkAccess = properties.publicNetworkAccess,',
  '  publicNetworkAccessForIngestion = properties.publicNetworkAccessForIngestion,',
  '  publicNetworkAccessForQuery = properties.publicNetworkAccessForQuery',
].join('\n')

/** The workspaces of the file, by id if there are few. */
function workspaceCondition(topology: Topology): readonly string[] {
  const ids = [...topology.azureMonitorWorkspaces, ...topology.logAnalyticsWorkspaces].map(
    (w) => w.id,
  )
  if (ids.length === 0) return []
  if (ids.length <= maxIds) return [`  or id in~ ${literals(ids.map((id) => id.key))}`]
  const types = `type in~ ${literals(ids.map((id) => id.type))}`
  const subscriptions = `subscriptionId in~ ${literals(ids.map((id) => id.subscription))}`
  const groups = new Set(ids.map((id) => id.resourceGroup.toLowerCase()))
  const within = groups.size <= maxGroups ? ` and resourceGroup in~ ${literals(groups)}` : ''
  return [`  or (${types} and ${subscriptions}${within})`]
}

/**
 * Associations in the file's subscriptions; the same query for every file with these subscriptions.
 * The documentation has two names for the table (facts, section 2.3), so it is a parameter.
 */
export function associationsQuery(subscriptions: readonly string[], table: string): string {
  return [
    table,
    "| where type =~ 'microsoft.insights/datacollectionruleassociations'",
    `| where subscriptionId in~ ${literals(subscriptions)}`,
    associationColumns,
    byId,
  ].join('\n')
}

/** Associations in other subscriptions that have our mark or point to one of these endpoints. */
export function elsewhereQuery(
  topology: Topology,
  endpointIds: readonly string[],
  subscriptions: readonly string[],
  table: string,
): string {
  return [
    table,
    "| where type =~ 'microsoft.insights/datacollectionruleassociations'",
    `| where subscriptionId !in~ ${literals(subscriptions)}`,
    `| where tostring(properties.description) ${oneOf(ownDescriptions(topology))}`,
    ...(endpointIds.length === 0
      ? []
      : [`  or tostring(properties.dataCollectionEndpointId) in~ ${literals(endpointIds)}`]),
    associationColumns,
    byId,
  ].join('\n')
}

/**
 * Matches one value exactly, several ignoring case; the result is compared exactly later anyway.
 */
function oneOf(values: readonly string[]): string {
  const [only = ''] = values
  return values.length === 1 ? `== ${literal(only)}` : `in~ ${literals(values)}`
}

export const associationColumns = [
  '| project id,',
  '  dataCollectionEndpointId = properties.dataCollectionEndpointId,',
  '  dataCollectionRuleId = properties.dataCollectionRuleId,',
  '  description = properties.description',
].join('\n')

/** Rules anywhere that send through one of these endpoints. */
export function sendingRulesQuery(endpointIds: readonly string[]): string {
  return [
    'resources',
    "| where type =~ 'microsoft.insights/datacollectionrules'",
    `| where tostring(properties.dataCollectionEndpointId) in~ ${literals(endpointIds)}`,
    '| project id, dataCollectionEndpointId = properties.dataCollectionEndpointId',
    byId,
  ].join('\n')
}

/** Every subscription of the file, in lower case. */
export function subscriptionsOf(topology: Topology): readonly string[] {
  const ids = [
    topology.privateLinkScope.id,
    ...topology.azureMonitorWorkspaces.map((w) => w.id),
    ...topology.logAnalyticsWorkspaces.map((w) => w.id),
    ...topology.targets.map((t) => t.id),
    ...topology.endpoints.existing.map((e) => e.id),
  ]
  const all = [
    topology.subscription,
    ...ids.map((id) => id.subscription),
    ...topology.selects.flatMap((s) => s.subscriptions),
    ...(topology.endpoints.resourceGroup === undefined
      ? []
      : [topology.endpoints.resourceGroup.subscription]),
  ]
  return [...new Set(all.map((s) => s.toLowerCase()))].toSorted(compareText)
}
