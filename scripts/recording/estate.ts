import type { Estate } from '../../simulator/estate.ts'

const subscription = '11111111-1111-1111-1111-111111111111'

/** The private link scope that the recording imports. */
export const scope = `/subscriptions/${subscription}/resourceGroups/rg-monitor/providers/Microsoft.Insights/privateLinkScopes/ampls-hub`

/**
 * An estate set up by hand after the article, correct except for one machine: vm-02 is in northeurope but
 * associated with the endpoint of westeurope.
 */
export const estate: Estate = {
  subscription,
  scope: {
    id: 'rg-monitor/ampls-hub',
    ingestion: 'PrivateOnly',
    privateEndpoints: { 'rg-net/pe-ampls': 'approved' },
    links: {
      'link-amw': 'auto:rg-monitor/amw-weu',
      'link-law': 'log:rg-monitor/law-weu',
      'link-neu': 'rg-monitor/dce-neu',
      'link-aks': 'rg-aks/MSProm-westeurope-aks-weu',
    },
  },
  monitorWorkspaces: { 'rg-monitor/amw-weu': 'westeurope' },
  logWorkspaces: { 'rg-monitor/law-weu': 'westeurope' },
  clusters: {
    'rg-aks/aks-weu': {
      location: 'westeurope',
      endpoint: 'auto:rg-monitor/amw-weu',
      rules: ['rg-aks/MSProm-westeurope-aks-weu', 'rg-aks/MSCI-westeurope-aks-weu'],
    },
  },
  machines: {
    'rg-app/vm-01': {
      location: 'westeurope',
      endpoint: 'auto:rg-monitor/amw-weu',
      rules: ['rg-monitor/dcr-vm-logs'],
    },
    'rg-app/vm-02': {
      location: 'northeurope',
      endpoint: 'auto:rg-monitor/amw-weu',
      changedBy: { by: 'jane@octo-org.example', type: 'User' },
      rules: ['rg-monitor/dcr-vm-logs'],
    },
    'rg-app/vm-03': {
      location: 'northeurope',
      endpoint: 'rg-monitor/dce-neu',
      rules: ['rg-monitor/dcr-vm-logs'],
    },
  },
  endpoints: {
    'rg-monitor/dce-neu': 'northeurope',
    'rg-aks/MSProm-westeurope-aks-weu': 'westeurope',
  },
  rules: {
    'rg-aks/MSProm-westeurope-aks-weu': {
      location: 'westeurope',
      endpoint: 'rg-aks/MSProm-westeurope-aks-weu',
      streams: ['Microsoft-PrometheusMetrics'],
      metrics: ['rg-monitor/amw-weu'],
    },
    'rg-aks/MSCI-westeurope-aks-weu': {
      location: 'westeurope',
      streams: ['Microsoft-ContainerInsights-Group-Default'],
      logs: ['rg-monitor/law-weu'],
    },
    'rg-monitor/dcr-vm-logs': { location: 'westeurope', logs: ['rg-monitor/law-weu'] },
  },
}
