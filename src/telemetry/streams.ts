/**
 * What the streams of a data collection rule bring to a Log Analytics workspace: which tables can
 * tell that a target sends. Only tables with the Analytics plan: a query of a Basic or Auxiliary one
 * is billed by the gigabyte (facts-2 A.4), so ContainerLogV2 and custom tables are never among them.
 */

/** Tables that tell of a target by themselves. */
export const presenceTables = {
  machine: ['Heartbeat'],
  cluster: ['KubeNodeInventory', 'KubePodInventory'],
} as const

/** What a container insights rule with the group of all streams brings. */
const allOfContainerInsights = [
  'InsightsMetrics',
  'KubeEvents',
  'KubeNodeInventory',
  'KubePodInventory',
  'KubeServices',
  'Perf',
]

/** Streams in lower case to the tables that they bring. */
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

/** True for a stream of metrics that only an Azure Monitor workspace takes. */
export function isMetricsStream(stream: string): boolean {
  return /^microsoft-(?:prometheusmetrics|otel[a-z]*metrics)$/i.test(stream)
}

/** The tables that have records of a target whose rules have these streams, in order of name. */
export function witnessTables(
  kind: 'machine' | 'cluster',
  streams: readonly string[],
): readonly string[] {
  const tables = new Set(streams.flatMap((s) => tablesOfStream[s.toLowerCase()] ?? []))
  // A machine's heartbeat comes with any rule for logs; a cluster has no table but those of its streams.
  if (kind === 'machine' && streams.some((s) => !isMetricsStream(s))) tables.add('Heartbeat')
  return [...tables].sort()
}
