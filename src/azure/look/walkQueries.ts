import { associationColumns, byId, resourceColumns, literals, targetColumns } from './queries.ts'

/**
 * The Resource Graph queries of a walk from a scope. They cover everything that the caller can
 * read, because no subscription is given.
 */

/** These endpoints, the rules that send through them, and the workspaces whose automatic endpoints they are. */
export function throughEndpointsQuery(endpointIds: readonly string[]): string {
  return [
    'resources',
    "| where type in~ ('microsoft.insights/datacollectionendpoints', 'microsoft.insights/datacollectionrules', 'microsoft.monitor/accounts')",
    "| extend through = case(type =~ 'microsoft.insights/datacollectionendpoints', id,",
    "  type =~ 'microsoft.insights/datacollectionrules', tostring(properties.dataCollectionEndpointId),",
    '  tostring(properties.defaultIngestionSettings.dataCollectionEndpointResourceId))',
    `| where through in~ ${literals(endpointIds)}`,
    resourceColumns,
    byId,
  ].join('\n')
}

/** The rules that send to these Log Analytics workspaces. */
export function rulesToWorkspacesQuery(workspaceIds: readonly string[]): string {
  return [
    'resources',
    "| where type =~ 'microsoft.insights/datacollectionrules'",
    '| mv-expand destination = properties.destinations.logAnalytics',
    `| where tostring(destination.workspaceResourceId) in~ ${literals(workspaceIds)}`,
    resourceColumns,
    byId,
  ].join('\n')
}

/** Associations with any of these endpoints and rules. */
export function associationsWithQuery(ids: readonly string[], table: string): string {
  const list = literals(ids)
  return [
    table,
    "| where type =~ 'microsoft.insights/datacollectionruleassociations'",
    `| where coalesce(tostring(properties.dataCollectionEndpointId), tostring(properties.dataCollectionRuleId)) in~ ${list}`,
    associationColumns,
    byId,
  ].join('\n')
}

/** Endpoints, rules and workspaces by their ids. */
export function resourcesByIdQuery(ids: readonly string[]): string {
  return ['resources', `| where id in~ ${literals(ids)}`, resourceColumns, byId].join('\n')
}

/** Machines and clusters by their ids. */
export function targetsByIdQuery(ids: readonly string[]): string {
  return ['resources', `| where id in~ ${literals(ids)}`, targetColumns, byId].join('\n')
}

/** Every machine of these resource groups. */
export function machinesOfGroupsQuery(
  subscriptions: readonly string[],
  groups: readonly string[],
): string {
  return [
    'resources',
    "| where type in~ ('microsoft.compute/virtualmachines', 'microsoft.compute/virtualmachinescalesets', 'microsoft.hybridcompute/machines')",
    `| where subscriptionId in~ ${literals(subscriptions)}`,
    `| where resourceGroup in~ ${literals(groups)}`,
    targetColumns,
    byId,
  ].join('\n')
}
