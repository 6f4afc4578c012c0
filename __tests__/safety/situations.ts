import { type Estate, expandEstate } from '../../simulator/estate.ts'
import type { EstateSeed, SeedResource } from '../../simulator/simulator.ts'
import { readScenarios } from '../support/scenario.ts'
import { subscription } from '../support/stable.ts'

/** An Azure and the file that is applied to it. */
export interface Situation {
  readonly name: string
  readonly estate: EstateSeed
  readonly topology: string
  readonly inputs: Readonly<Record<string, string>>
  /** A file that was applied before this one, so that Azure has leftovers of ours. */
  readonly earlier?: string
}

const head = `version: 1
name: production
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
`

/** Two regions, clusters and machines, one machine associated with an endpoint of another region. */
export const hub: Estate = {
  subscription,
  resourceGroups: ['rg-monitor'],
  scope: {
    id: 'rg-monitor/ampls-hub',
    tags: { owner: 'network' },
    privateEndpoints: { 'rg-net/pe-ampls': 'approved' },
  },
  monitorWorkspaces: { 'rg-monitor/amw-weu': 'westeurope' },
  logWorkspaces: { 'rg-monitor/law-weu': 'westeurope', 'rg-monitor/law-old': 'westeurope' },
  clusters: {
    'rg-aks/aks-weu': { location: 'westeurope', rules: ['rg-aks/MSProm-westeurope-aks-weu'] },
    'rg-aks/aks-neu': 'northeurope',
  },
  machines: {
    'rg-app/vm-01': 'westeurope',
    'rg-app/vm-02': { location: 'northeurope', endpoint: 'rg-old/dce-eus' },
    'rg-app/vm-03': 'northeurope',
  },
  endpoints: { 'rg-old/dce-eus': 'eastus', 'rg-aks/MSProm-westeurope-aks-weu': 'westeurope' },
  rules: {
    'rg-aks/MSProm-westeurope-aks-weu': {
      location: 'westeurope',
      endpoint: 'rg-aks/MSProm-westeurope-aks-weu',
      streams: ['Microsoft-PrometheusMetrics'],
      metrics: ['rg-monitor/amw-weu'],
    },
  },
}

/**
 * The same with a network: one machine of the file is in it, and a neighbour that is already served, so that
 * ingestion may be closed. The networks of the others can't be seen.
 */
export const hubInNetwork: Estate = {
  ...hub,
  scope: {
    id: 'rg-monitor/ampls-hub',
    tags: { owner: 'network' },
    privateEndpoints: { 'rg-net/pe-ampls': 'approved' },
    links: { near: 'rg-near/dce-near' },
  },
  endpoints: { ...hub.endpoints, 'rg-near/dce-near': 'northeurope' },
  clusters: {
    'rg-aks/aks-weu': {
      location: 'westeurope',
      rules: ['rg-aks/MSProm-westeurope-aks-weu'],
      network: false,
    },
    'rg-aks/aks-neu': { location: 'northeurope', network: false },
  },
  machines: {
    'rg-app/vm-01': { location: 'westeurope', network: false },
    'rg-app/vm-02': { location: 'northeurope', endpoint: 'rg-old/dce-eus' },
    'rg-app/vm-03': { location: 'northeurope', network: false },
    'rg-near/vm-near': { location: 'northeurope', endpoint: 'rg-near/dce-near' },
  },
}

/** Inputs that include the network check. */
export const withNetwork = { 'check-network': 'true' } as const

/** Creates every kind of object, replaces one association, and closes ingestion at the end. */
export const firstTime = `${head}accessModes: { ingestion: PrivateOnly }
azureMonitorWorkspaces: { metrics-weu: rg-monitor/amw-weu }
logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
clusters:
  - { resource: rg-aks/aks-weu, metrics: metrics-weu, logs: logs }
  - { resource: rg-aks/aks-neu, logs: logs }
machines:
  - rg-app/vm-01
  - { resource: rg-app/vm-02, logs: [logs] }
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`

/** A small plan: an endpoint, two links, two associations. */
export const small = `${head}logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
machines:
  - { resource: rg-app/vm-02, logs: logs }
  - rg-app/vm-03
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`

/** `small` with another endpoint name: a new endpoint and link, two moves, the old ones deleted. */
export const renamed = small.replace(
  'resourceGroup: rg-monitor }',
  'resourceGroup: rg-monitor, regionalName: "dce-{region}-v2" }\nexistingAssociations: replace',
)

/**
 * After `small`, this makes a call of every class: a new endpoint is created and linked, one machine moves to
 * it, the other is removed from the file, the old endpoint is unlinked and deleted, and ingestion is closed.
 */
export const moved = renamed
  .replace('  - rg-app/vm-03\n', '')
  .replace(
    'logAnalyticsWorkspaces',
    'accessModes: { ingestion: PrivateOnly }\nlogAnalyticsWorkspaces',
  )

/** Removes most of what `firstTime` created, and changes both modes in opposite directions. */
export const shrunk = `${head}accessModes: { ingestion: Open, query: PrivateOnly }
logAnalyticsWorkspaces: { old: rg-monitor/law-old }
machines:
  - rg-app/vm-01
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`

/** The same file, but closes endpoints to public networks that an earlier file had left open. */
export const closed = small.replace(
  'resourceGroup: rg-monitor }',
  'resourceGroup: rg-monitor, tags: { team: platform } }',
)
export const open = closed.replace('tags:', 'publicNetworkAccess: Enabled, tags:')

/** Together they create, move and delete every kind of object, and change both modes in both directions. */
export const ownSituations: readonly Situation[] = [
  {
    name: 'everything is new',
    estate: expandEstate(hubInNetwork),
    topology: firstTime,
    inputs: withNetwork,
  },
  {
    name: 'most is given up, modes change in opposite directions',
    estate: expandEstate(hub),
    earlier: firstTime,
    topology: shrunk,
    inputs: {},
  },
  {
    name: 'machines move to an endpoint of another name',
    estate: expandEstate(hub),
    earlier: small,
    topology: renamed,
    inputs: {},
  },
  {
    name: 'endpoints are closed to public networks',
    estate: expandEstate(hub),
    earlier: open,
    topology: closed,
    inputs: {},
  },
  {
    name: 'everything is given up',
    estate: expandEstate(hub),
    earlier: small,
    topology: `${head}logAnalyticsWorkspaces: { old: rg-monitor/law-old }\n`,
    inputs: {},
  },
]

/** Our own situations, and those of the scenarios that apply without faults. */
export function readSituations(): readonly Situation[] {
  const scenarios = readScenarios()
    .filter(({ spec }) => {
      const { plan, apply, again } = spec.expect ?? {}
      const isApplied = (apply?.result ?? plan?.result ?? 'applied') === 'applied'
      const isUndisturbed = spec.faults === undefined && spec.between === undefined
      return isApplied && isUndisturbed && again === undefined && plan?.result !== 'failed'
    })
    .map(({ name, estate, topology, spec }) => ({
      name,
      // A foreign write in progress at the start is finished here, because otherwise it would never end.
      estate: withResources(estate, spec.later?.put ?? []),
      topology,
      inputs: spec.inputs ?? {},
    }))
  return [...ownSituations, ...scenarios]
}

function withResources(estate: EstateSeed, put: readonly SeedResource[]): EstateSeed {
  const ids = new Set(put.map(({ id }) => id.toLowerCase()))
  const others = estate.resources.filter(({ id }) => !ids.has(id.toLowerCase()))
  return { ...estate, resources: [...others, ...put] }
}
