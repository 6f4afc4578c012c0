import type { Estate, RuleSketch } from '../../simulator/estate.ts'

/** Estates as they are before they have a topology file. */

export const hub = '11111111-1111-1111-1111-111111111111'
const app = '22222222-2222-2222-2222-222222222222'
const data = '33333333-3333-3333-3333-333333333333'

export function idIn(subscription: string, group: string, type: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`
}

export function scopeOf(reference: string, subscription = hub): string {
  const [group = '', name = ''] = reference.split('/')
  return idIn(subscription, group, 'Microsoft.Insights/privateLinkScopes', name)
}

const prometheus = (endpoint: string, workspace: string, location = 'eastus'): RuleSketch => ({
  location,
  endpoint,
  streams: ['Microsoft-PrometheusMetrics'],
  metrics: [workspace],
})

/**
 * The state left by the article's `az` commands when stopped half-way: one cluster and one machine
 * are done, another cluster has no configuration endpoint, another machine has one of the wrong
 * region, and a rule sends to a workspace that was never linked.
 */
export const halfDone: Estate = {
  subscription: hub,
  scope: {
    id: 'my-resource-group/my-ampls',
    privateEndpoints: { 'my-resource-group/my-private-endpoint': 'approved' },
    links: {
      'my-workspace-dce-connection': 'auto:my-resource-group/my-workspace',
      'law-association': 'log:my-resource-group/my-log-analytics',
      'my-vm-connection': 'my-resource-group/my-vm',
      'my-cluster-connection': 'my-resource-group/MSProm-eastus-my-cluster',
      'my-region-connection': 'my-resource-group/my-northeurope-dce',
      'my-old-connection': 'my-resource-group/my-deleted-dce',
      'my-idle-connection': 'my-resource-group/my-idle-dce',
      'my-web-connection': idIn(hub, 'my-web', 'Microsoft.Insights/components', 'my-web'),
    },
  },
  monitorWorkspaces: { 'my-resource-group/my-workspace': 'eastus' },
  logWorkspaces: {
    'my-resource-group/my-log-analytics': 'eastus',
    'my-resource-group/my-security': 'eastus',
  },
  clusters: {
    'my-resource-group/my-cluster': {
      location: 'eastus',
      endpoint: 'auto:my-resource-group/my-workspace',
      rules: [
        'my-resource-group/MSProm-eastus-my-cluster',
        'my-resource-group/MSCI-eastus-my-cluster',
      ],
    },
    'my-resource-group/my-cluster-2': {
      location: 'northeurope',
      rules: ['my-resource-group/MSProm-eastus-my-cluster'],
    },
  },
  machines: {
    'my-resource-group/my-vm': {
      location: 'eastus',
      endpoint: 'auto:my-resource-group/my-workspace',
      rules: ['my-resource-group/my-otel', 'my-resource-group/my-logs'],
    },
    'my-resource-group/my-vm-2': {
      location: 'northeurope',
      endpoint: 'my-resource-group/my-northeurope-dce',
      rules: ['my-resource-group/my-audit'],
    },
    'my-resource-group/my-vm-3': {
      location: 'northeurope',
      endpoint: 'auto:my-resource-group/my-workspace',
      rules: ['my-resource-group/my-logs'],
    },
    'my-resource-group/my-vm-4': { location: 'eastus', rules: ['my-resource-group/my-logs'] },
  },
  endpoints: {
    'my-resource-group/my-vm': 'eastus',
    'my-resource-group/MSProm-eastus-my-cluster': 'eastus',
    'my-resource-group/my-northeurope-dce': 'northeurope',
    'my-resource-group/my-idle-dce': 'westus',
  },
  rules: {
    'my-resource-group/MSProm-eastus-my-cluster': prometheus(
      'my-resource-group/MSProm-eastus-my-cluster',
      'my-resource-group/my-workspace',
    ),
    'my-resource-group/MSCI-eastus-my-cluster': {
      location: 'eastus',
      logs: ['my-resource-group/my-log-analytics'],
    },
    'my-resource-group/my-otel': {
      location: 'eastus',
      endpoint: 'my-resource-group/my-vm',
      streams: ['Microsoft-OtelPerfMetrics'],
      metrics: ['my-resource-group/my-workspace'],
    },
    'my-resource-group/my-logs': {
      location: 'eastus',
      logs: ['my-resource-group/my-log-analytics'],
    },
    'my-resource-group/my-audit': {
      location: 'eastus',
      logs: ['my-resource-group/my-security', 'my-resource-group/my-deleted-law'],
    },
  },
}

const machine = (name: string) =>
  idIn(app, 'rg-prd-weu-app-001', 'Microsoft.Compute/virtualMachines', name)

/** Two dozen machines of one group, as a Terraform `for_each` creates them. */
const workers = Object.fromEntries(
  Array.from({ length: 24 }, (_, n) => [
    machine(`vm-prd-weu-app-${String(n + 1).padStart(3, '0')}`),
    {
      location: 'westeurope',
      tags: { environment: 'prd', workload: 'app' },
      endpoint: 'rg-prd-weu-mon-001/dce-prd-weu-001',
      rules: ['rg-prd-weu-mon-001/dcr-prd-weu-linux-001'],
    },
  ]),
)

/**
 * Created by Terraform in three subscriptions, with its own names, and compliant with the article.
 */
export const terraform: Estate = {
  subscription: hub,
  otherSubscriptions: [app, data],
  scope: {
    id: 'rg-prd-weu-mon-001/ampls-prd-weu-001',
    ingestion: 'PrivateOnly',
    privateEndpoints: { 'rg-prd-weu-net-001/pe-prd-weu-ampls-001': 'approved' },
    links: {
      'amplsss-prd-weu-001': 'rg-prd-weu-mon-001/dce-prd-weu-001',
      'amplsss-prd-neu-001': 'rg-prd-weu-mon-001/dce-prd-neu-001',
      'amplsss-prd-weu-amw-001': 'auto:rg-prd-weu-mon-001/amw-prd-weu-001',
      'amplsss-prd-weu-law-001': 'log:rg-prd-weu-mon-001/log-prd-weu-001',
      'amplsss-prd-weu-law-002': `log:${idIn(data, 'rg-prd-neu-data-001', 'Microsoft.OperationalInsights/workspaces', 'log-prd-weu-001')}`,
      'amplsss-prd-weu-aks-001': 'rg-prd-weu-mon-001/MSProm-westeurope-aks-prd-weu-001',
    },
  },
  monitorWorkspaces: { 'rg-prd-weu-mon-001/amw-prd-weu-001': 'westeurope' },
  logWorkspaces: {
    'rg-prd-weu-mon-001/log-prd-weu-001': 'westeurope',
    [idIn(
      data,
      'rg-prd-neu-data-001',
      'Microsoft.OperationalInsights/workspaces',
      'log-prd-weu-001',
    )]: 'northeurope',
  },
  clusters: {
    [idIn(
      app,
      'rg-prd-weu-aks-001',
      'Microsoft.ContainerService/managedClusters',
      'aks-prd-weu-001',
    )]: {
      location: 'westeurope',
      endpoint: 'auto:rg-prd-weu-mon-001/amw-prd-weu-001',
      rules: ['rg-prd-weu-mon-001/MSProm-westeurope-aks-prd-weu-001'],
    },
  },
  arcClusters: {
    [idIn(
      data,
      'rg-prd-neu-data-001',
      'Microsoft.Kubernetes/connectedClusters',
      'arc-prd-neu-001',
    )]: {
      location: 'northeurope',
      endpoint: 'rg-prd-weu-mon-001/dce-prd-neu-001',
      rules: ['rg-prd-weu-mon-001/dcr-prd-neu-logs-001'],
    },
  },
  machines: {
    ...workers,
    'rg-prd-weu-mon-001/vm-prd-weu-jump-001': {
      location: 'westeurope',
      endpoint: 'rg-prd-weu-mon-001/dce-prd-weu-001',
      rules: [
        'rg-prd-weu-mon-001/dcr-prd-weu-linux-001',
        'rg-prd-weu-mon-001/dcr-prd-neu-logs-001',
      ],
    },
    [machine('vm-prd-weu-app-legacy')]: {
      location: 'westeurope',
      tags: { environment: 'prd' },
    },
  },
  arcMachines: {
    [idIn(data, 'rg-prd-neu-data-001', 'Microsoft.HybridCompute/machines', 'SRV-DB-01')]: {
      location: 'northeurope',
      endpoint: 'rg-prd-weu-mon-001/dce-prd-neu-001',
      rules: ['rg-prd-weu-mon-001/dcr-prd-neu-logs-001'],
    },
  },
  endpoints: {
    'rg-prd-weu-mon-001/dce-prd-weu-001': { location: 'westeurope', tags: { environment: 'prd' } },
    'rg-prd-weu-mon-001/dce-prd-neu-001': { location: 'northeurope', tags: { environment: 'prd' } },
    'rg-prd-weu-mon-001/MSProm-westeurope-aks-prd-weu-001': 'westeurope',
  },
  rules: {
    'rg-prd-weu-mon-001/MSProm-westeurope-aks-prd-weu-001': prometheus(
      'rg-prd-weu-mon-001/MSProm-westeurope-aks-prd-weu-001',
      'rg-prd-weu-mon-001/amw-prd-weu-001',
      'westeurope',
    ),
    'rg-prd-weu-mon-001/dcr-prd-weu-linux-001': {
      location: 'westeurope',
      streams: ['Microsoft-Syslog'],
      logs: ['rg-prd-weu-mon-001/log-prd-weu-001'],
    },
    'rg-prd-weu-mon-001/dcr-prd-neu-logs-001': {
      location: 'northeurope',
      streams: ['Microsoft-Syslog'],
      logs: [
        idIn(
          data,
          'rg-prd-neu-data-001',
          'Microsoft.OperationalInsights/workspaces',
          'log-prd-weu-001',
        ),
      ],
    },
  },
}
