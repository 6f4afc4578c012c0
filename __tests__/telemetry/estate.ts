import type {
  Estate,
  LogWorkspace,
  MonitorWorkspace,
  Rule,
  Target,
} from '../../src/estate/estate.ts'
import { idKey, nameOf, parseResourceId } from '../../src/resources/id.ts'
import { parseTopology } from '../../src/topology/parseTopology.ts'
import type { Topology } from '../../src/topology/topology.ts'

export const subscription = '11111111-1111-1111-1111-111111111111'

/** A full id in the subscription of these tests. */
export function id(group: string, type: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`
}

export const law = id('rg-monitor', 'Microsoft.OperationalInsights/workspaces', 'law-weu')
export const otherLaw = id('rg-other', 'Microsoft.OperationalInsights/workspaces', 'law-other')
export const amw = id('rg-monitor', 'Microsoft.Monitor/accounts', 'amw-weu')
export const vm = (name: string) => id('rg-app', 'Microsoft.Compute/virtualMachines', name)
export const vmss = (name: string) =>
  id('rg-app', 'Microsoft.Compute/virtualMachineScaleSets', name)
export const aks = (name: string, group = 'rg-aks') =>
  id(group, 'Microsoft.ContainerService/managedClusters', name)
export const rule = (name: string) =>
  id('rg-monitor', 'Microsoft.Insights/dataCollectionRules', name)

/**
 * A topology of these machines and clusters, all with the same workspace for logs and the same one
 * for metrics.
 */
export function topologyOf(targets: readonly string[], metrics = true): Topology {
  const entry = (target: string) =>
    `  - { resource: '${short(target)}', logs: logs${metrics ? ', metrics: metrics' : ''} }`
  const isCluster = (target: string) => /clusters\//i.test(target)
  const clusters = targets.filter(isCluster).map(entry)
  const machines = targets.filter((target) => !isCluster(target)).map(entry)
  const text = [
    'version: 1',
    'name: test',
    `subscription: ${subscription}`,
    'privateLinkScope: rg-monitor/ampls',
    'azureMonitorWorkspaces: { metrics: rg-monitor/amw-weu }',
    'logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }',
    ...(clusters.length > 0 ? ['clusters:', ...clusters] : []),
    ...(machines.length > 0 ? ['machines:', ...machines] : []),
    'dataCollectionEndpoints: { resourceGroup: rg-monitor }',
  ].join('\n')
  const { topology, diagnostics } = parseTopology(text, { file: 'test.yml', today: '2026-11-28' })
  if (topology === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return topology
}

/** Machines in short form, to stay below the file limit of 1 MiB. */
function short(target: string): string {
  return target.replace(
    /^.*\/resourceGroups\/([^/]+)\/providers\/Microsoft.Compute\/virtualMachines\//,
    '$1/',
  )
}

/** What a rule collects and where it sends it. */
export interface Sends {
  readonly streams: readonly string[]
  readonly logs?: readonly string[]
  readonly metrics?: readonly string[]
  readonly changed?: Rule['changed']
}

/** An estate of targets, each with its associated rules. */
export function estateOf(
  targets: Readonly<Record<string, readonly string[]>>,
  rules: Readonly<Record<string, Sends | 'unreadable'>>,
  more: Partial<Estate> = {},
): Estate {
  return {
    scope: { state: 'found', value: { id: 'scope', provisioningState: 'Succeeded' } },
    links: [],
    privateEndpoints: [],
    selected: [],
    hiddenSubscriptions: new Map(),
    targets: new Map(
      Object.keys(targets).map((key) => [idKey(key), { state: 'found', value: targetOf(key) }]),
    ),
    monitorWorkspaces: new Map([[idKey(amw), { state: 'found', value: monitorWorkspace() }]]),
    logWorkspaces: new Map([[idKey(law), { state: 'found', value: logWorkspace(law) }]]),
    endpoints: new Map(),
    rules: new Map(
      Object.entries(rules).map(([key, sends]) => [
        idKey(key),
        sends === 'unreadable'
          ? { state: 'unreadable', why: 'not yours' }
          : { state: 'found', value: ruleOf(key, sends) },
      ]),
    ),
    associations: new Map(),
    ruleAssociations: new Map(
      Object.entries(targets).map(([key, names]) => [idKey(key), names.map(idKey)]),
    ),
    uses: new Map(),
    confirmed: new Set(),
    ...more,
  }
}

function targetOf(target: string): Target {
  const type = parseResourceId(target)?.type ?? ''
  return { id: target, name: nameOf(target), type, location: 'westeurope', tags: {} }
}

function ruleOf(key: string, { streams, logs = [], metrics = [], changed }: Sends): Rule {
  return {
    id: key,
    name: nameOf(key),
    location: 'westeurope',
    streams,
    logDestinations: logs,
    metricsDestinations: metrics,
    ...(changed === undefined ? {} : { changed }),
  }
}

export function logWorkspace(workspace: string, more: Partial<LogWorkspace> = {}): LogWorkspace {
  return {
    id: workspace,
    name: nameOf(workspace),
    location: 'westeurope',
    customerId: '00000000-0000-4000-8000-0000000000aa',
    ...more,
  }
}

export function monitorWorkspace(more: Partial<MonitorWorkspace> = {}): MonitorWorkspace {
  return {
    id: amw,
    name: 'amw-weu',
    location: 'westeurope',
    hasQueryPrivateEndpoint: false,
    queryEndpoint: 'https://amw-weu-abcd.westeurope.prometheus.monitor.azure.com',
    ...more,
  }
}
