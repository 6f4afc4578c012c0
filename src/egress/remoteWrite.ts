import type { Estate } from '../estate/estate.ts'
import { idKey } from '../resources/id.ts'
import { hostOf } from './hosts.ts'
import type { Topology } from '../topology/topology.ts'

/**
 * The address to which the cluster of each `remoteWrite` entry pushes, in file order. It is built from
 * the metrics host of the workspace's automatic endpoint and from the workspace's automatic rule, as
 * Azure returns them (article, "Private link ingestion for remote write").
 */
export function remoteWriteTargets(topology: Topology, estate: Estate): RemoteWriteTarget[] {
  return topology.remoteWrite.map((writer) => {
    const entry = topology.azureMonitorWorkspaces.find((w) => w.alias === writer.metrics)
    const reading = entry && estate.monitorWorkspaces.get(entry.id.key)
    const found = reading?.state === 'found' ? reading.value : undefined
    const url = writeUrl(estate, found?.endpointId, found?.ruleId)
    return {
      name: writer.name,
      workspace: found?.id ?? entry?.id.text ?? writer.metrics,
      ...(url !== undefined && { url }),
      ...(found?.endpointId !== undefined && { endpoint: found.endpointId }),
      ...(found?.ruleId !== undefined && { rule: found.ruleId }),
    }
  })
}

/** API version in a remote-write address (facts, 4.10). */
const writeVersion = '2023-04-24'

/** Where a cluster outside Azure pushes its metrics (article, "Private link ingestion for remote write"). */
export interface RemoteWriteTarget {
  readonly name: string
  readonly workspace: string
  /** Absent if Azure returned no endpoint or rule to build it from. */
  readonly url?: string
  readonly endpoint?: string
  readonly rule?: string
}

function writeUrl(
  estate: Estate,
  endpointId: string | undefined,
  ruleId: string | undefined,
): string | undefined {
  if (endpointId === undefined || ruleId === undefined) return undefined
  const endpoint = estate.endpoints.get(idKey(endpointId))
  const rule = estate.rules.get(idKey(ruleId))
  if (endpoint?.state !== 'found' || rule?.state !== 'found') return undefined
  const host = hostOf(endpoint.value.metricsIngestion)
  const { immutableId } = rule.value
  if (host === undefined || immutableId === undefined) return undefined
  if (!/^[A-Za-z0-9-]+$/.test(immutableId)) return undefined
  return `https://${host}/dataCollectionRules/${immutableId}/streams/Microsoft-PrometheusMetrics/api/v1/write?api-version=${writeVersion}`
}
