import { field, type Json } from '../azureJson.ts'

/**
 * Converts rows of Resource Graph to the shape of the providers' answers: our queries project
 * single properties, but the parsers read whole resources.
 */

/** A row of `targetsQuery`. */
export function targetFromRow(row: unknown): Json {
  return {
    ...columns(row, 'id', 'name', 'type', 'location', 'tags', 'identity'),
    properties: {
      orchestrationMode: field(row, 'orchestrationMode'),
      virtualMachineProfile: {
        extensionProfile: { extensions: field(row, 'extensions') },
        networkProfile: field(row, 'networkProfile'),
      },
      ...columns(row, 'agentPoolProfiles', 'nodeResourceGroup'),
      azureMonitorProfile: {
        metrics: { enabled: field(row, 'prometheus') },
        containerInsights: field(row, 'containerInsights'),
      },
      addonProfiles: field(row, 'addonProfiles'),
    },
  }
}

/** A row of `resourcesQuery`. */
export function resourceFromRow(row: unknown): Json {
  return {
    ...columns(row, 'id', 'name', 'type', 'location', 'tags'),
    properties: {
      ...columns(
        row,
        'networkAcls',
        'configurationAccess',
        'logsIngestion',
        'metricsIngestion',
        'privateLinkScopedResources',
        'dataCollectionEndpointId',
        'dataFlows',
        'immutableId',
        'defaultIngestionSettings',
        'metrics',
        'privateEndpointConnections',
        'customerId',
        'publicNetworkAccess',
        'publicNetworkAccessForIngestion',
        'publicNetworkAccessForQuery',
      ),
      destinations: columns(row, 'logAnalytics', 'monitoringAccounts', 'azureMonitorMetrics'),
    },
  }
}

/** A row of `associationsQuery` or `elsewhereQuery`. */
export function associationFromRow(row: unknown): Json {
  return {
    ...columns(row, 'id'),
    properties: columns(row, 'dataCollectionEndpointId', 'dataCollectionRuleId', 'description'),
  }
}

export function columns(row: unknown, ...names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, field(row, name)]))
}
