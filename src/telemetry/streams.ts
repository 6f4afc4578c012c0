/**
 * Which Log Analytics tables the streams of a data collection rule fill, and so which tables show
 * that a target sends. Only tables with the Analytics plan: queries of Basic and Auxiliary tables
 * are billed by the gigabyte (facts-2 A.4), so ContainerLogV2 and custom tables are never included.
 */

/** Tables in which every target of the kind appears. */
export const presenceTables = {
  machine: ['Heartbeat'],
  cluster: ['KubeNodeInventory', 'KubePodInventory'],
} as const

/** The tables filled by a Container insights rule with the default stream group. */
const allOfContainerInsights = [
  'InsightsMetrics',
  'KubeEvents',
  'KubeNodeInventory',
  'KubePodInventory',
  'KubeServices',
  'Perf',
]

/** Maps a stream, in lower case, to the tables that it fills. */
const tablesOfStream: Readonly<Record<string, readonly string[]>> = {
  'microsoft-containerinsights-group-default': allOfContainerInsights,
  'microsoft-event': ['Event'],
  'microsoft-insightsmetrics': ['InsightsMetrics'],
  'microsoft-kubeevents': ['KubeEvents'],
  'microsoft-kubenodeinventory': ['KubeNodeInventory'],
  'microsoft-kubepodinventory': ['KubePodInventory'],
  'microsoft-kubeservices': ['KubeServices'],
  'microsoft-perf': ['Perf'],
  'microsoft-securityevent': ['SecurityEvent'],
  'microsoft-syslog': ['Syslog'],
  'microsoft-w3ciislog': ['W3CIISLog'],
  'microsoft-windowsevent': ['WindowsEvent'],
}

/** True for a metrics stream that only an Azure Monitor workspace accepts. */
export function isMetricsStream(stream: string): boolean {
  return /^microsoft-(?:prometheusmetrics|otel[a-z]*metrics)$/i.test(stream)
}

/** The tables in which a target with these streams has records, sorted by name. */
export function witnessTables(
  kind: 'machine' | 'cluster',
  streams: readonly string[],
): readonly string[] {
  const tables = new Set(streams.flatMap((s) => tablesOfStream[s.toLowerCase()] ?? []))
  // Any rule for logs makes a machine send heartbeats; a cluster has only the tables of its
  // streams.
  if (kind === 'machine' && streams.some((s) => !isMetricsStream(s))) tables.add('Heartbeat')
  return [...tables].sort()
}
