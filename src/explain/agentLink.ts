import { sendsPrometheus } from '../rules/clusterIngestion.ts'
import { broken, type Finding, ok, mergeFindings, unknown } from './chain.ts'
import type { Subject } from './facts.ts'
import { kindOf } from './fileLinks.ts'

/**
 * The agent that fetches the configuration and sends data: on a machine, the Azure Monitor agent with a
 * managed identity. A cluster has no agent extension; its agents come with managed Prometheus and the
 * monitoring add-on.
 */
export function agentLink(subject: Subject): Finding {
  const { live, target } = subject
  if (live === undefined) return unknown('Its agents are unknown, because the target was not read.')
  if (kindOf(target.type) === 'machine') return machineLink(live)
  return target.type.startsWith('microsoft.kubernetes/')
    ? unknown(
        'The extensions of Arc-enabled clusters are not checked.',
        'Make sure that the extension Microsoft.AzureMonitor.Containers is installed (az k8s-extension list --cluster-type connectedClusters).',
      )
    : clusterLink(subject, live)
}

type Live = NonNullable<Subject['live']>

function machineLink({ type, name, hasIdentity, hasAgent }: Live): Finding {
  const isArc = type.startsWith('microsoft.hybridcompute/')
  const findings: Finding[] = []
  if (hasIdentity === false) {
    findings.push(
      broken(
        `${name} has no managed identity, which the Azure Monitor agent needs to sign in.`,
        type.endsWith('scalesets')
          ? 'Assign one (az vmss identity assign).'
          : 'Assign one (az vm identity assign).',
      ),
    )
  } else if (hasIdentity === undefined && !isArc) {
    findings.push(unknown(`It is unknown whether ${name} has a managed identity.`))
  }
  if (hasAgent === false) {
    findings.push(
      broken(
        `${name} does not have the Azure Monitor agent.`,
        `Install the extension AzureMonitorLinuxAgent or AzureMonitorWindowsAgent on it${isArc ? ' (az connectedmachine extension create)' : ''}.`,
      ),
    )
  } else if (hasAgent === undefined) {
    findings.push(
      unknown(
        `It is unknown whether ${name} has the Azure Monitor agent: its extensions were not found.`,
        'Check its extensions in the portal.',
      ),
    )
  }
  const identity = isArc ? 'the identity from Azure Arc' : 'a managed identity'
  return mergeFindings([ok(`It has the Azure Monitor agent and ${identity}.`), ...findings])
}

function clusterLink({ resolved }: Subject, live: Live): Finding {
  const { name, prometheusEnabled, addons = [] } = live
  const wantsMetrics =
    resolved?.metrics !== undefined || (resolved?.rules ?? []).some(sendsPrometheus)
  const findings: Finding[] = []
  if (wantsMetrics && prometheusEnabled === false) {
    findings.push(
      broken(
        `Managed Prometheus is disabled on ${name}.`,
        'Enable it (az aks update --enable-azure-monitor-metrics), or remove "metrics" of the cluster from the file.',
      ),
    )
  }
  if (addons.some(({ usesKey }) => usesKey)) {
    findings.push(
      broken(
        `The monitoring add-on of ${name} signs in with the workspace key (useAADAuth is false), so it ignores rules and associations.`,
        'Disable the add-on and enable it again with managed identity (az aks disable-addons -a monitoring, then az aks enable-addons -a monitoring --enable-msi-auth-for-monitoring).',
      ),
    )
  }
  const seen = [
    ...(prometheusEnabled === true ? ['managed Prometheus is enabled'] : []),
    ...(addons.length > 0 ? ['its monitoring add-on is enabled'] : []),
  ]
  return mergeFindings([
    ok(
      `A cluster has no agent extension: its agents are part of managed Prometheus and of the monitoring add-on${seen.length === 0 ? '' : `; ${seen.join(', and ')}`}.`,
    ),
    ...findings,
  ])
}
