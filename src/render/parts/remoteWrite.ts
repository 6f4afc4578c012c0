import type { RemoteWriteTarget } from '../../egress/remoteWrite.ts'
import { code, fence, text } from '../text/markdown.ts'
import type { View } from '../view.ts'

/** The remote write section of the summary; empty if there are no such clusters. */
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
    return `${heading}: the address is unknown (${missing}).`
  }
  const rule = target.rule === undefined ? '' : `\n\nRule: ${code(target.rule)}`
  return `${heading}:\n\n${fence('text', httpsLine(target.url))}${rule}`
}

/** The URL for a code block, which is not escaped: so only a valid URL may pass. */
function httpsLine(url: string): string {
  return /^https:\/\/[A-Za-z0-9._~:/?=&%-]+$/.test(url) ? url : '(not an address)'
}
