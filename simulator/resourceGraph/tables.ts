/**
 * The tables that Learn names, in lower case: the query language page (20 March 2024) and the reference of tables and resource types.
 * `insightsresources` is written with its second s, as in the query language page and in working queries; the reference's
 * heading `insightresources` is not a table.
 */
export const tableNames: ReadonlySet<string> = new Set([
  'advisorresources',
  'aksresources',
  'alertsmanagementresources',
  'appserviceresources',
  'authorizationresources',
  'awsresources',
  'azurebusinesscontinuityresources',
  'azuredevopsplatformresources',
  'batchresources',
  'chaosresources',
  'communitygalleryresources',
  'computeresources',
  'deploymentresources',
  'desktopvirtualizationresources',
  'dnsresources',
  'edgeorderresources',
  'elasticsanresources',
  'extendedlocationresources',
  'featureresources',
  'guestconfigurationresources',
  'healthresourcechanges',
  'healthresources',
  'impactreportresources',
  'insightsresources',
  'iotsecurityresources',
  'kubernetesconfigurationresources',
  'kustoresources',
  'maintenanceresources',
  'managedservicesresources',
  'migrateresources',
  'networkresources',
  'orbitalresources',
  'patchassessmentresources',
  'patchinstallationresources',
  'policyresources',
  'recoveryservicesresources',
  'resourcechanges',
  'resourcecontainerchanges',
  'resourcecontainers',
  'resources',
  'securityresources',
  'servicefabricresources',
  'servicehealthresources',
  'spotresources',
  'supportresources',
  'tagsresources',
])

/** The table that a query reads when it names none (Learn: "Resources is the default table"). */
export const defaultTable = 'resources'

/** The columns of every table, in the order in which a query without `project` returns them. */
export const commonColumns: readonly Column[] = [
  ...columns('string', ['id', 'name', 'type', 'tenantId', 'kind', 'location', 'resourceGroup']),
  ...columns('string', ['subscriptionId', 'managedBy']),
  ...columns('dynamic', ['sku', 'plan', 'properties', 'tags', 'identity', 'zones']),
  ...columns('dynamic', ['extendedLocation']),
  ...columns('string', ['apiVersion']),
]

function columns(type: string, names: readonly string[]): Column[] {
  return names.map((name) => ({ name, type }))
}

/** A column of a table or of an operator's output; `type` is Kusto's name (`string`, `long`, `dynamic`, …). */
export interface Column {
  readonly name: string
  readonly type: string
}
