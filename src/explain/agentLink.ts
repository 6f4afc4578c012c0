import { sendsPrometheus } from '../rules/clusterIngestion.ts'
import { broken, type Finding, ok, together, unknown } from './chain.ts'
import type { Subject } from './facts.ts'
import { kindOf } from './fileLinks.ts'

/**
 * What fetches the configuration and sends: on a machine the Azure Monitor agent with a managed identity.
 * A cluster carries no agent extension: its agents come with managed Prometheus and the monitoring add-on.
 */
export function agentLink(subject: Subject): Finding {
  const { live, target } = subject
  if (live === undefined) return unknown('What runs on it can not be told: it was not read.')
  if (kindOf(target.type) === 'machine') return machineLink(live)
  return target.type.startsWith('microsoft.kubernetes/')
    ? unknown(
        'Which extensions an Arc-enabled cluster has is not looked at.',
        `See that the extension Microsoft.AzureMonitor.Containers is there (az k8s-extension list --cluster-type connectedClusters).`,
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
        `${name} has no managed identity, which the Azure Monitor agent signs in with.`,
        type.endsWith('scalesets')
          ? 'Give it one (az vmss identity assign).'
          : 'Give it one (az vm identity assign).',
      ),
    )
  } else if (hasIdentity === undefined && !isArc) {
    findings.push(unknown(`Whether ${name} has a managed identity can not be told.`))
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
        `Whether ${name} has the Azure Monitor agent can not be told: its extensions were not found.`,
        'Look at its extensions in the portal.',
      ),
    )
  }
  const identity = isArc ? 'the identity that Azure Arc gives it' : 'a managed identity'
  return together([ok(`The Azure Monitor agent is on it, and it has ${identity}.`), ...findings])
}

function clusterLink({ resolved }: Subject, live: Live): Finding {
  const { name, prometheusEnabled, addons = [] } = live
  const wantsMetrics =
    resolved?.metrics !== undefined || (resolved?.rules ?? []).some(sendsPrometheus)
  const findings: Finding[] = []
  if (wantsMetrics && prometheusEnabled === false) {
    findings.push(
      broken(
        `Managed Prometheus is turned off on ${name}.`,
        `Enable it (az aks update --enable-azure-monitor-metrics), or take its metrics out of the file.`,
      ),
    )
  }
  if (addons.some(({ usesKey }) => usesKey)) {
    findings.push(
      broken(
        `The monitoring add-on of ${name} signs in with the workspace key (useAADAuth is false), so rules and associations mean nothing to it.`,
        'Turn the add-on off and on with managed identity sign-in (az aks disable-addons -a monitoring, then az aks enable-addons -a monitoring --enable-msi-auth-for-monitoring).',
      ),
    )
  }
  const seen = [
    ...(prometheusEnabled === true ? ['managed Prometheus is on'] : []),
    ...(addons.length > 0 ? ['its monitoring add-on is on'] : []),
  ]
  return together([
    ok(
      `A cluster carries no agent extension: its agents are part of managed Prometheus and of the monitoring add-on${seen.length === 0 ? '' : `; ${seen.join(', and ')}`}.`,
    ),
    ...findings,
  ])
}
