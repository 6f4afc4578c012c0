/** The label that carries the resource id where the series are stamped with it (facts-2 A.6). */
export const resourceLabel = 'Microsoft.resourceid'

/** The label that carries a cluster's name. */
export const clusterLabel = 'cluster'

/** The metric that every scraped cluster has, and the one that every machine with OpenTelemetry metrics has. */
export const metricOf = { cluster: 'up', machine: 'system.uptime' } as const

const selectors = ['up', '{"system.uptime"}'] as const

/**
 * One question for all that an Azure Monitor workspace has: which resources and clusters sent within
 * the window. A value is when a series came last, in seconds since 1970, where that is within the five
 * minutes that an instant query looks back, and what it measured last where it came earlier in the
 * window. Each selector names one metric, as the service demands; no name and no id stands in the query.
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

/** A value from here on is a time: no machine runs for thirty years, and the year 2001 is over. */
const leastTime = 1_000_000_000

/** ISO 8601 of a value of the answer; `undefined` where it says only that the series came within the window. */
export function timeOf(value: number): string | undefined {
  return Number.isFinite(value) && value >= leastTime && value < leastTime * 10
    ? new Date(Math.floor(value * 1000)).toISOString()
    : undefined
}
