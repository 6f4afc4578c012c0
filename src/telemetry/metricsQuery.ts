/** The label that carries the resource id, on series that have one (facts-2 A.6). */
export const resourceLabel = 'Microsoft.resourceid'

/** The label that carries a cluster's name. */
export const clusterLabel = 'cluster'

/**
 * A metric that every scraped cluster sends, and one that every machine with OpenTelemetry metrics
 * sends.
 */
export const metricOf = { cluster: 'up', machine: 'system.uptime' } as const

const selectors = ['up', '{"system.uptime"}'] as const

/**
 * One query for everything in an Azure Monitor workspace: which resources and clusters sent within
 * the window. An instant query looks back five minutes. For a series with a sample in that time,
 * the value is the sample's time in seconds since 1970; for one with an older sample in the window,
 * it is the last measurement. Each selector names one metric, as the service demands. The query
 * contains no resource name or id.
 */
export function metricsQuery(windowMinutes: number): string {
  const group = `max by (${clusterLabel}, "${resourceLabel}")`
  return selectors
    .flatMap((selector) => [
      `${group} (timestamp(${selector}))`,
      `${group} (last_over_time(${selector}[${windowMinutes}m]))`,
    ])
    .join('\nor ')
}

/**
 * A value from here on is a time: 10⁹ seconds is September 2001, and no uptime reaches thirty
 * years.
 */
const leastTime = 1_000_000_000

/**
 * A value of the answer as ISO 8601; `undefined` if it is a measurement, which only shows that the
 * series arrived within the window.
 */
export function timeOf(value: number): string | undefined {
  return Number.isFinite(value) && value >= leastTime && value < leastTime * 10
    ? new Date(Math.floor(value * 1000)).toISOString()
    : undefined
}
