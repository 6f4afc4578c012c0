import { bundle, type JobResult, type Runtime, runJob } from '../../simulator/job/job.ts'
import { estate, topology, topologyFile } from '../../simulator/demo/estate.ts'
import { type Estate, expandEstate } from '../../simulator/estate.ts'
import {
  type EstateSeed,
  type Fault,
  type Knobs,
  type Simulator,
  startSimulator,
} from '../../simulator/simulator.ts'

/** The bundle to run: dist/, or `ACTION_ENTRY` if set. */
export const runtime: Runtime = { ...bundle, entry: process.env['ACTION_ENTRY'] ?? bundle.entry }

/** Consecutive jobs against one Azure. */
export interface Situation {
  readonly name: string
  readonly estate: EstateSeed
  readonly knobs?: Partial<Knobs>
  readonly faults?: readonly Fault[]
  readonly jobs: readonly {
    readonly topology: string
    readonly command: 'plan' | 'apply' | 'drift'
    /** The expected output `result`. */
    readonly result: string
    readonly inputs?: Readonly<Record<string, string>>
    /** Changes to Azure before the job. */
    readonly before?: (simulator: Simulator) => void
  }[]
}

/** Runs a situation's jobs and returns their results. */
export async function runSituation(
  situation: Situation,
  look: (simulator: Simulator, results: readonly JobResult[]) => Promise<void> | void,
): Promise<void> {
  const { estate: seed, knobs, faults = [], jobs } = situation
  const simulator = await startSimulator({ estate: seed, ...(knobs ? { knobs } : {}) })
  try {
    for (const fault of faults) simulator.azure.addFault(fault)
    const results: JobResult[] = []
    for (const { topology: text, command, inputs, before } of jobs) {
      before?.(simulator)
      results.push(await runCommand(simulator, text, command, inputs))
    }
    await look(simulator, results)
  } finally {
    await simulator.close()
  }
}

/** Runs one command with `workflow_dispatch`. */
export async function runCommand(
  simulator: Simulator,
  text: string,
  command: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<JobResult> {
  return await runJob(
    simulator,
    {
      event: 'workflow_dispatch',
      payload: { inputs: {} },
      files: { [topologyFile]: text },
      inputs: { command, ...inputs },
    },
    runtime,
  )
}

const subscription = '11111111-1111-1111-1111-111111111111'

/** The article's estate without its second region, with ingestion open again. */
const smaller = topology
  .replace(/ {2}- resource: rg-aks\/aks-neu[\s\S]*? {4}logs: logs\n/, '')
  .replace(/ {2}- resource: rg-app\/vm-02[\s\S]*? {4}logs: logs\n/, '')
  .replace('ingestion: PrivateOnly', 'ingestion: Open')

const arc = `version: 1
name: arc
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
logAnalyticsWorkspaces:
  logs: rg-monitor/law-weu
azureMonitorWorkspaces:
  metrics: rg-monitor/amw-weu
clusters:
  - resource: /subscriptions/${subscription}/resourceGroups/rg-arc/providers/Microsoft.Kubernetes/connectedClusters/k3s
    metrics: metrics
    logs: logs
machines:
  - select:
      types: [Microsoft.Compute/virtualMachines, Microsoft.Compute/virtualMachineScaleSets, Microsoft.HybridCompute/machines]
      tags: { monitoring: private }
    logs: logs
  - resource: /subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachineScaleSets/web
    logs: logs
dataCollectionEndpoints:
  resourceGroup: rg-monitor
  tags: { team: platform }
`

const tagged = { monitoring: 'private' }

const arcEstate: Estate = {
  subscription,
  resourceGroups: ['rg-monitor'],
  scope: {
    id: 'rg-monitor/ampls-hub',
    privateEndpoints: { 'rg-net/pe-1': 'approved', 'rg-net/pe-2': 'pending' },
    links: { 'law-by-hand': { to: 'log:rg-monitor/law-weu', state: 'Failed' } },
    tags: { owner: 'network' },
  },
  monitorWorkspaces: { 'rg-monitor/amw-weu': 'westeurope' },
  logWorkspaces: { 'rg-monitor/law-weu': 'westeurope' },
  machines: { 'rg-app/vm-01': { location: 'northeurope', tags: tagged } },
  scaleSets: { 'rg-app/web': 'westeurope' },
  arcMachines: { 'rg-arc/box': { location: 'uksouth', tags: tagged } },
  arcClusters: { 'rg-arc/k3s': 'northeurope' },
  clusters: { 'rg-aks/aks': 'northeurope' },
  resources: [
    {
      id: `/subscriptions/${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/fixed`,
      location: 'westeurope',
      properties: {
        ipConfigurations: [
          { name: 'fixed', properties: { privateIPAddress: '10.0.0.4', memberName: 'api' } },
        ],
      },
    },
  ],
  endpoints: {
    // Ours by its tag, but different from the file: it is updated.
    'rg-monitor/dce-arc-northeurope': {
      location: 'northeurope',
      tags: { 'azure-monitor-private-link': 'arc/a50ff3dd', others: 'keep' },
      publicNetworkAccess: 'Enabled',
      description: 'made before',
    },
  },
}

/** The article applied from nothing, then most of it removed again. */
export const article: Situation = {
  name: 'the article, applied, then made smaller',
  estate: expandEstate(estate),
  jobs: [
    { topology, command: 'apply', result: 'applied' },
    { topology: smaller, command: 'apply', result: 'applied' },
    { topology: smaller, command: 'drift', result: 'clean' },
  ],
}

/** Every kind of target, a failed link, an endpoint that is updated, 202 with a status URL. */
export const everything: Situation = {
  name: 'Arc, scale sets, selects, a failed link, an update; 201 and Azure-AsyncOperation',
  estate: expandEstate(arcEstate),
  knobs: {
    lro: 'async-operation',
    retryAfterSeconds: 0,
    createdStatus: 201,
    pageSize: 2,
    graphPageSize: 2,
  },
  jobs: [{ topology: arc, command: 'apply', result: 'applied' }],
}

/** Links created and deleted with only 202 and Location. */
export const byLocation: Situation = {
  name: 'links made and removed with Location',
  estate: expandEstate(arcEstate),
  knobs: { lro: 'location', retryAfterSeconds: 0 },
  jobs: [
    { topology: arc, command: 'apply', result: 'applied' },
    {
      topology: arc
        .replace(/clusters:[\s\S]*?machines:/, 'machines:')
        .replace(/ {2}- select:[\s\S]*? {4}logs: logs\n/, ''),
      command: 'apply',
      result: 'applied',
    },
  ],
}

/** Refusals by Azure: role, lock, policy, failed operation, throttling. */
export const refusals: Situation = {
  name: 'refused by roles, locks, policies and failed operations',
  estate: {
    ...expandEstate(estate),
    denied: [
      {
        action: 'Microsoft.Insights/dataCollectionRuleAssociations/write',
        scope: `/subscriptions/${subscription}/resourceGroups/rg-app`,
      },
    ],
    locks: [{ scope: `/subscriptions/${subscription}/resourceGroups/rg-aks`, level: 'ReadOnly' }],
    policies: [
      {
        assignment: `/subscriptions/${subscription}/providers/Microsoft.Authorization/policyAssignments/eu`,
        definition: '/providers/Microsoft.Authorization/policyDefinitions/allowed-locations',
        match: { type: 'Microsoft.Insights/dataCollectionEndpoints', location: 'northeurope' },
      },
    ],
  },
  faults: [
    {
      match: { method: 'PUT', path: /scopedResources\/production-law/i },
      times: 1,
      do: 'lro-failed',
    },
  ],
  jobs: [{ topology, command: 'apply', result: 'partial' }],
}

export const situations: readonly Situation[] = [article, everything, byLocation, refusals]
