import { parseResourceId } from '../../src/resources/id.ts'
import type { Destinations, SelectEntry, Topology } from '../../src/topology/topology.ts'
import type { Estate, RuleSketch, TargetSketch } from '../estate.ts'

/** The default region. */
const region = 'westeurope'

/**
 * An estate with everything that a topology file names, before any private link: monitoring over public networks,
 * and a scope with an approved private endpoint but no links. The region is invented; an estate file can set others.
 */
export function estateOf(topology: Topology): Estate {
  const made = new Made(topology)
  for (const { id, ...target } of topology.targets) made.addTarget(id.text, target)
  for (const [index, select] of topology.selects.entries()) made.addSelected(select, index + 1)
  return made.estate()
}

const kinds = ['machines', 'scaleSets', 'arcMachines', 'clusters', 'arcClusters'] as const
type Kind = (typeof kinds)[number]

/** The types of a select in Azure's spelling. */
const spellings: Readonly<Record<string, string>> = {
  'microsoft.compute/virtualmachines': 'Microsoft.Compute/virtualMachines',
  'microsoft.compute/virtualmachinescalesets': 'Microsoft.Compute/virtualMachineScaleSets',
  'microsoft.hybridcompute/machines': 'Microsoft.HybridCompute/machines',
  'microsoft.containerservice/managedclusters': 'Microsoft.ContainerService/managedClusters',
  'microsoft.kubernetes/connectedclusters': 'Microsoft.Kubernetes/connectedClusters',
}

class Made {
  readonly #topology: Topology
  readonly #rules: Record<string, RuleSketch> = {}
  readonly #endpoints: Record<string, string> = {}
  readonly #targets = new Map<Kind, Record<string, TargetSketch>>(kinds.map((kind) => [kind, {}]))

  constructor(topology: Topology) {
    this.#topology = topology
  }

  addTarget(id: string, sends: Destinations, more: Partial<TargetSketch> = {}): void {
    const location = more.location ?? region
    const rules = [...this.#prometheusRule(id, sends), ...this.#logsRule(id, sends)]
    const target = { location, rules, ...more }
    const kind = kindOf(id)
    this.#targets.set(kind, { ...this.#targets.get(kind), [id]: target })
  }

  /** Two resources that match all keys of a select. */
  addSelected(select: SelectEntry, number: number): void {
    const [type = ''] = select.types
    const group = select.resourceGroups?.[0] ?? 'rg-app'
    const subscription = select.subscriptions[0] ?? this.#topology.subscription
    for (const letter of ['a', 'b']) {
      const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${spellings[type] ?? type}/selected-${number}${letter}`
      this.addTarget(id, select, {
        location: select.locations?.[0] ?? region,
        ...(select.tags === undefined ? {} : { tags: select.tags }),
      })
    }
  }

  estate(): Estate {
    const { subscription, privateLinkScope, endpoints, ...others } = this.#topology
    const regions = (all: Topology['azureMonitorWorkspaces']) =>
      Object.fromEntries(all.map(({ id }) => [id.text, region]))
    const estate: Estate = {
      subscription,
      resourceGroups: endpoints.resourceGroup === undefined ? [] : [endpoints.resourceGroup.name],
      scope: { id: privateLinkScope.id.text, privateEndpoints: { 'rg-net/pe-ampls': 'approved' } },
      monitorWorkspaces: regions(others.azureMonitorWorkspaces),
      logWorkspaces: regions(others.logAnalyticsWorkspaces),
      endpoints: {
        ...this.#endpoints,
        ...Object.fromEntries(endpoints.existing.map((e) => [e.id.text, e.region])),
      },
      rules: this.#rules,
      ...Object.fromEntries(this.#targets),
    }
    const all = JSON.stringify(estate).matchAll(/\/subscriptions\/([0-9a-f-]{36})\//gi)
    const subscriptions = new Set([...all].map(([, id]) => (id ?? '').toLowerCase()))
    subscriptions.delete(subscription)
    return { ...estate, otherSubscriptions: [...subscriptions] }
  }

  /** The rule that managed Prometheus creates, with its own endpoint. */
  #prometheusRule(id: string, { metrics }: Destinations): readonly string[] {
    const workspace = this.#topology.azureMonitorWorkspaces.find(({ alias }) => alias === metrics)
    if (workspace === undefined || !kindOf(id).toLowerCase().includes('clusters')) return []
    const name = `MSProm-${region}-${parseResourceId(id)?.name ?? ''}`
    const endpoint = this.#beside(id, 'dataCollectionEndpoints', name)
    const rule = this.#beside(id, 'dataCollectionRules', name)
    this.#endpoints[endpoint] = region
    this.#rules[rule] = {
      location: region,
      endpoint,
      streams: ['Microsoft-PrometheusMetrics'],
      metrics: [workspace.id.text],
    }
    return [rule]
  }

  #logsRule(id: string, { logs }: Destinations): readonly string[] {
    const found = this.#topology.logAnalyticsWorkspaces.filter(({ alias }) => logs.includes(alias))
    if (found.length === 0) return []
    const isCluster = kindOf(id).toLowerCase().includes('clusters')
    const kind = isCluster ? 'clusters' : 'machines'
    const rule = this.#beside(id, 'dataCollectionRules', `dcr-${kind}-${logs.join('-')}`)
    this.#rules[rule] = {
      location: region,
      streams: [isCluster ? 'Microsoft-ContainerLogV2' : 'Microsoft-Syslog'],
      logs: found.map((workspace) => workspace.id.text),
    }
    return [rule]
  }

  #beside(id: string, kind: string, name: string): string {
    const { subscription = this.#topology.subscription, resourceGroup = 'rg-monitor' } =
      parseResourceId(id) ?? {}
    return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Insights/${kind}/${name}`
  }
}

function kindOf(id: string): Kind {
  const type = parseResourceId(id)?.type ?? ''
  if (type.endsWith('/managedclusters')) return 'clusters'
  if (type.endsWith('/connectedclusters')) return 'arcClusters'
  if (type.endsWith('/virtualmachinescalesets')) return 'scaleSets'
  return type.startsWith('microsoft.hybridcompute/') ? 'arcMachines' : 'machines'
}
