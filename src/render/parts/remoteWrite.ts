import type { Estate } from '../../estate/estate.ts'
import type { RemoteWriteTarget } from '../../report.ts'
import { idKey } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'
import { hostOf } from '../../egress/hosts.ts'
import { code, fence, text } from '../text/markdown.ts'
import type { View } from '../view.ts'

/** The API version in a remote-write address (facts, 4.10). */
const writeVersion = '2023-04-24'

/**
 * For each `remoteWrite` entry, in file order, where its cluster pushes: the metrics host of the
 * automatic endpoint of its workspace and the workspace's automatic rule, both as Azure gives them
 * (article, "Private link ingestion for remote write").
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

/** The section of the summary on clusters outside Azure; empty when there are none. */
export function renderRemoteWrite(view: View): string {
  const targets = view.report.remoteWrite ?? []
  if (targets.length === 0) return ''
  return [
    '### Remote write from outside Azure',
    ...targets.map((target) => renderTarget(target, view)),
    'Each of these clusters needs:',
    [
      '1. a VPN gateway or ExpressRoute with private peering to the network that holds a private endpoint of the scope;',
      '2. DNS that answers the host name above with the address of that private endpoint;',
      `3. an identity with the role **Monitoring Metrics Publisher** on the data collection rule, in the ${code('remote_write')} section of its Prometheus.`,
    ].join('\n'),
  ].join('\n\n')
}

function renderTarget(target: RemoteWriteTarget, view: View): string {
  const heading = `**${text(target.name, 100)}** pushes to ${view.show(target.workspace)}`
  if (target.url === undefined) {
    const missing =
      target.endpoint === undefined || target.rule === undefined
        ? 'the workspace has no automatic endpoint or rule'
        : 'its endpoint or rule could not be read'
    return `${heading}: no address can be given, because Azure named none (${missing}).`
  }
  const rule = target.rule === undefined ? '' : `\n\nRule: ${code(target.rule)}`
  return `${heading}:\n\n${fence('text', httpsLine(target.url))}${rule}`
}

/** The address for a code block, which takes text as it is: so nothing but an address may pass. */
function httpsLine(url: string): string {
  return /^https:\/\/[A-Za-z0-9._~:/?=&%-]+$/.test(url) ? url : '(not an address)'
}
