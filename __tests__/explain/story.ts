import { explainTarget } from '../../src/explain/explainTarget.ts'
import { type Chain, firstBroken } from '../../src/explain/chain.ts'
import type { TelemetryFacts } from '../../src/explain/facts.ts'
import type { Estate } from '../../src/estate/estate.ts'
import type { NetworkVerdict } from '../../src/network/judge.ts'
import type { Network } from '../../src/network/network.ts'
import { propose } from '../../src/plan/propose.ts'
import { idKey } from '../../src/resources/id.ts'
import type { TargetTelemetry } from '../../src/telemetry/telemetry.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { noLimits } from '../oracle/disagree.ts'
import { observe } from '../oracle/world.ts'
import { network, place } from '../network/builders.ts'
import {
  aksId,
  amwId,
  association,
  cluster,
  dceId,
  endpoint,
  idOf,
  lawId,
  link,
  logsFrom,
  logWorkspace,
  machine,
  metricsFrom,
  rule,
  target,
  type There,
  topology,
  vmId,
  workspace,
  world,
} from '../plan/builders.ts'

/** A correctly configured machine and cluster; each test changes one thing. */
export const vm = vmId('vm-01')
export const aks = aksId('aks-weu')
export const auto = dceId('amw-weu', 'MA_amw-weu_westeurope_managed')
export const prom = dceId('MSProm-aks-weu', 'rg-aks')

export const file: Topology = topology({
  azureMonitorWorkspaces: [metricsFrom('amw-weu')],
  logAnalyticsWorkspaces: [logsFrom('law-weu')],
  targets: [
    cluster('aks-weu', { metrics: 'amw-weu', logs: ['law-weu'] }),
    machine('vm-01', { logs: ['law-weu'] }),
  ],
})

export const prometheus = rule('prom', {
  streams: ['Microsoft-PrometheusMetrics'],
  metricsDestinations: [amwId('amw-weu')],
  endpointId: prom,
})
export const insights = rule('ci', {
  streams: ['Microsoft-ContainerInsights-Group-Default'],
  logDestinations: [lawId('law-weu')],
})
export const logs = rule('dcr', {
  streams: ['Microsoft-Perf'],
  logDestinations: [lawId('law-weu')],
})

export const healthy = {
  links: [link(auto, 'l-auto'), link(prom, 'l-prom'), link(lawId('law-weu'), 'l-law')],
  targets: [
    target(vm, 'westeurope', { hasAgent: true, hasIdentity: true }),
    target(aks, 'westeurope', { prometheusEnabled: true, addons: [] }),
  ],
  monitorWorkspaces: [workspace('amw-weu', 'westeurope', auto)],
  logWorkspaces: [logWorkspace('law-weu')],
  endpoints: [endpoint(auto, 'westeurope'), endpoint(prom, 'westeurope')],
  rules: [prometheus, insights, logs],
  associations: [association(vm, auto), association(aks, auto)],
  ruleAssociations: { [vm]: [logs.id], [aks]: [prometheus.id, insights.id] },
} satisfies There

export interface Story {
  readonly of?: string
  readonly topology?: Topology
  readonly there?: There
  /** Additions to the builders' estate. */
  readonly estate?: Partial<Estate>
  /** `null`: the network was not read. */
  readonly network?: Partial<Network> | null
  /** Changes to the verdict on the network. */
  readonly judged?: (verdict: NetworkVerdict) => NetworkVerdict
  readonly telemetry?: TelemetryFacts
}

/** The chain of a target in a healthy estate with the changes of the story. */
export function chainOf(story: Story = {}): Chain {
  const { of = vm, topology: own = file, there = {}, estate: more = {}, telemetry } = story
  const known: Estate = { ...observe(world({ ...healthy, ...there })), ...more }
  const id = idOf(of)
  const isNamed =
    own.targets.some((entry) => entry.id.key === id.key) ||
    known.selected.some((keys) => keys.includes(id.key))
  const kind = of.includes('/managedClusters/') ? 'cluster' : 'machine'
  const looked = isNamed
    ? own
    : { ...own, targets: [...own.targets, { kind, id, logs: [], at: own.endpoints.at } as const] }
  const around =
    story.network === null
      ? undefined
      : network({
          places: new Map([vm, aks].map((one) => [idKey(one), place('vnet-hub')])),
          ...story.network,
        })
  const options = { limits: noLimits, confirmAll: false, network: around }
  const proposal = settle(looked, known, options)
  return explainTarget({
    topology: own,
    target: id,
    estate: known,
    ...proposal,
    ...(proposal.network === undefined || story.judged === undefined
      ? {}
      : { network: story.judged(proposal.network) }),
    telemetry: telemetry ?? arriving(of),
  })
}

/** Marks everything as confirmed: a repeated read gives the same answer. */
function settle(own: Topology, known: Estate, options: Parameters<typeof propose>[2]) {
  const confirmed = new Set(known.confirmed)
  for (;;) {
    const proposal = propose(own, { ...known, confirmed }, options)
    const before = confirmed.size
    for (const { what, id } of proposal.questions) confirmed.add(`${what}:${idKey(id)}`)
    if (confirmed.size === before) {
      const { desired, plan, network: verdict } = proposal
      return { desired, plan, ...(verdict === undefined ? {} : { network: verdict }) }
    }
  }
}

/** A telemetry row of a receiving target. */
export function row(of: string, more: Partial<TargetTelemetry> = {}): TargetTelemetry {
  return {
    id: of,
    destination: lawId('law-weu'),
    kind: 'logs',
    state: 'receiving',
    lastSeen: '2026-11-28T12:00:00Z',
    witnesses: [],
    path: 'private',
    notes: [],
    changedSince: [],
    ...more,
  }
}

export function arriving(of: string, ...rows: readonly Partial<TargetTelemetry>[]): TelemetryFacts {
  return {
    asked: true,
    windowMinutes: 15,
    destinations: [],
    rows: (rows.length === 0 ? [{}] : rows).map((more) => row(of, more)),
  }
}

/** `✔✔✘?…`: the chain in one line. */
export function signsOf({ links }: Chain): string {
  return links.map(({ state }) => (state === 'ok' ? '✔' : state === 'broken' ? '✘' : '?')).join('')
}

/** The first broken link and its remedy, for tables of tests. */
export function breakOf(chain: Chain): string {
  const first = firstBroken(chain)
  return first === undefined ? 'none' : `${first.link} | ${first.detail} | ${first.remedy}`
}
