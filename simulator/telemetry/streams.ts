/** The tables of Azure's own streams in a Log Analytics workspace, by lower-case stream (facts-2 A.4). */
export const tablesOf: Readonly<Record<string, readonly string[]>> = {
  'microsoft-perf': ['Perf'],
  'microsoft-insightsmetrics': ['InsightsMetrics'],
  'microsoft-syslog': ['Syslog'],
  'microsoft-event': ['Event'],
  'microsoft-kubenodeinventory': ['KubeNodeInventory'],
  'microsoft-kubepodinventory': ['KubePodInventory'],
  'microsoft-kubeevents': ['KubeEvents'],
  'microsoft-containerlogv2': ['ContainerLogV2'],
  'microsoft-containerinsights-group-default': [
    'ContainerLogV2',
    'InsightsMetrics',
    'KubeEvents',
    'KubeNodeInventory',
    'KubePodInventory',
    'KubeServices',
    'Perf',
  ],
}

/** The streams that only an Azure Monitor workspace accepts, and a metric of each. */
export const metricOf: Readonly<Record<string, string>> = {
  'microsoft-prometheusmetrics': 'up',
  'microsoft-otelperfmetrics': 'system.uptime',
}
