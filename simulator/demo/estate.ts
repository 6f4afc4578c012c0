import type { Estate, RuleSketch } from '../estate.ts'

/** The subscription of the demo's estate. */
export const subscription = '11111111-1111-1111-1111-111111111111'

/** The path of the topology file in the demo's repository. */
export const topologyFile = '.github/azure-monitor-private-link.yml'

/** The topology file of the demo's pull request: the estate of the article, with access modes. */
export const topology = `version: 1
name: production
subscription: ${subscription}

privateLinkScope: rg-monitor/ampls-hub
accessModes:
  ingestion: PrivateOnly

azureMonitorWorkspaces:
  metrics-weu: rg-monitor/amw-weu
logAnalyticsWorkspaces:
  logs: rg-monitor/law-weu

clusters:
  - resource: rg-aks/aks-weu          # in the region of its workspace
    metrics: metrics-weu
    logs: logs
  - resource: rg-aks/aks-neu          # in another one
    metrics: metrics-weu
    logs: logs

machines:
  - resource: rg-app/vm-01            # logs only
    logs: logs
  - resource: rg-app/vm-02            # OpenTelemetry metrics too
    metrics: metrics-weu
    logs: logs

dataCollectionEndpoints:
  resourceGroup: rg-monitor
`

/** The rule that managed Prometheus creates for a cluster: in the region of the workspace, with its own endpoint. */
function prometheus(endpoint: string): RuleSketch {
  return {
    location: 'westeurope',
    endpoint,
    streams: ['Microsoft-PrometheusMetrics'],
    metrics: ['rg-monitor/amw-weu'],
  }
}

/** The rule of container insights. */
const containerLogs: RuleSketch = {
  location: 'westeurope',
  streams: ['Microsoft-ContainerInsights-Group-Default'],
  logs: ['rg-monitor/law-weu'],
}

/**
 * Azure before the pull request: monitoring works over public networks, a private endpoint is connected to the
 * scope, nothing is linked, and vm-02 is associated with an endpoint of another region, which under private
 * link would leave it without configuration.
 */
export const estate: Estate = {
  subscription,
  resourceGroups: ['rg-monitor'],
  scope: { id: 'rg-monitor/ampls-hub', privateEndpoints: { 'rg-net/pe-ampls': 'approved' } },
  monitorWorkspaces: { 'rg-monitor/amw-weu': 'westeurope' },
  logWorkspaces: { 'rg-monitor/law-weu': 'westeurope' },
  clusters: {
    'rg-aks/aks-weu': {
      location: 'westeurope',
      rules: ['rg-aks/MSProm-westeurope-aks-weu', 'rg-aks/MSCI-westeurope-aks-weu'],
    },
    'rg-aks/aks-neu': {
      location: 'northeurope',
      rules: ['rg-aks/MSProm-westeurope-aks-neu', 'rg-aks/MSCI-westeurope-aks-neu'],
    },
  },
  machines: {
    'rg-app/vm-01': { location: 'westeurope', rules: ['rg-monitor/dcr-vm-logs'] },
    'rg-app/vm-02': {
      location: 'northeurope',
      endpoint: 'rg-old/dce-eus',
      changedBy: { by: 'jane@octo-org.example', type: 'User' },
      rules: ['rg-monitor/dcr-vm-logs'],
    },
  },
  endpoints: {
    'rg-old/dce-eus': 'eastus',
    'rg-aks/MSProm-westeurope-aks-weu': 'westeurope',
    'rg-aks/MSProm-westeurope-aks-neu': 'westeurope',
  },
  rules: {
    'rg-aks/MSProm-westeurope-aks-weu': prometheus('rg-aks/MSProm-westeurope-aks-weu'),
    'rg-aks/MSProm-westeurope-aks-neu': prometheus('rg-aks/MSProm-westeurope-aks-neu'),
    'rg-aks/MSCI-westeurope-aks-weu': containerLogs,
    'rg-aks/MSCI-westeurope-aks-neu': containerLogs,
    'rg-monitor/dcr-vm-logs': { location: 'westeurope', logs: ['rg-monitor/law-weu'] },
  },
}
