import { readFileSync } from 'node:fs'
import { afterEach } from '@jest/globals'
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline'
import type { Arm } from '../../src/azure/arm.ts'
import { connectThrough } from '../../src/azure/connect.ts'
import { systemClock } from '../../src/azure/http/clock.ts'
import { verify } from '../../src/commands/verifyCommand.ts'
import type { Report } from '../../src/report.ts'
import { nameOf } from '../../src/resources/id.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import { parseTopology } from '../../src/topology/parseTopology.ts'
import { type Estate, expandEstate } from '../../simulator/estate.ts'
import { type Knobs, type Simulator, startSimulator } from '../../simulator/simulator.ts'

export const subscription = '11111111-1111-1111-1111-111111111111'

/** The file of these tests: two machines and a cluster, all private. */
export const topologyText = `version: 1
name: production
subscription: ${subscription}
privateLinkScope: rg-monitor/hub
azureMonitorWorkspaces: { metrics: rg-monitor/amw }
logAnalyticsWorkspaces: { logs: rg-monitor/law }
clusters:
  - { resource: rg-aks/aks-1, metrics: metrics, logs: logs }
machines:
  - { resource: rg-app/vm-1, logs: logs }
  - { resource: rg-app/vm-2, logs: logs }
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`

const prometheus = {
  location: 'westeurope',
  endpoint: 'rg-monitor/dce-weu',
  streams: ['Microsoft-PrometheusMetrics'],
  metrics: ['rg-monitor/amw'],
}
const insights = {
  location: 'westeurope',
  streams: ['Microsoft-ContainerInsights-Group-Default'],
  logs: ['rg-monitor/law'],
}

/** The matching estate: everything linked, every target associated. */
export const estate: Estate = {
  subscription,
  scope: {
    id: 'rg-monitor/hub',
    ingestion: 'PrivateOnly',
    query: 'Open',
    privateEndpoints: { 'rg-net/pe-hub': 'approved' },
    links: { 'l-law': 'log:rg-monitor/law', 'l-dce': 'rg-monitor/dce-weu' },
  },
  monitorWorkspaces: { 'rg-monitor/amw': 'westeurope' },
  logWorkspaces: { 'rg-monitor/law': 'westeurope' },
  endpoints: { 'rg-monitor/dce-weu': 'westeurope' },
  clusters: {
    'rg-aks/aks-1': {
      location: 'westeurope',
      endpoint: 'rg-monitor/dce-weu',
      rules: ['rg-aks/prom-1', 'rg-aks/ci-1'],
    },
  },
  machines: {
    'rg-app/vm-1': {
      location: 'westeurope',
      endpoint: 'rg-monitor/dce-weu',
      rules: ['rg-monitor/dcr'],
    },
    'rg-app/vm-2': {
      location: 'westeurope',
      endpoint: 'rg-monitor/dce-weu',
      rules: ['rg-monitor/dcr'],
    },
  },
  rules: {
    'rg-aks/prom-1': prometheus,
    'rg-aks/ci-1': insights,
    'rg-monitor/dcr': {
      location: 'westeurope',
      streams: ['Microsoft-Perf', 'Microsoft-Syslog'],
      logs: ['rg-monitor/law'],
    },
  },
}

const running: Simulator[] = []
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close()
})

/** A simulated Azure, and the product's connection to it. */
export interface Stage {
  readonly simulator: Simulator
  readonly arm: Arm
  readonly log: string[]
  readonly verify: (
    options?: VerifyOptions,
  ) => Promise<{ readonly report: Report; readonly telemetry: Telemetry }>
}

export interface VerifyOptions {
  readonly topology?: string
  readonly window?: number
  readonly wait?: number
  /** Called instead of waiting, once per minute. */
  readonly meanwhile?: (minute: number) => void
}

export async function stage(more: Estate = estate, knobs: Partial<Knobs> = {}): Promise<Stage> {
  const simulator = await startSimulator({
    estate: expandEstate(more),
    // The workspaces of these estates reject queries from the internet.
    knobs: { queryEndpoints: 'self', caller: 'inside', ...knobs },
  })
  running.push(simulator)
  const log: string[] = []
  const arm = await connectThrough(
    {
      cloud: simulator.url,
      writes: 'refused',
      env: {
        AZURE_TENANT_ID: simulator.tenant,
        AZURE_CLIENT_ID: '00000000-0000-4000-8000-00000000c11e',
        AZURE_CLIENT_SECRET: 'secret-of-a-test',
      },
      getIdToken: () => Promise.reject(new Error('not on GitHub')),
      maxConcurrency: 4,
      log: (line) => log.push(line),
    },
    {
      httpClient: trusting(simulator.caFile),
      clock: systemClock,
      random: () => 0,
      log: (line) => log.push(line),
    },
  )
  return { simulator, arm, log, verify: (options = {}) => run(arm, log, options) }
}

/** The SDK's HTTP client, trusting the simulator's certificate authority. */
function trusting(caFile: string): HttpClient {
  const ca = readFileSync(caFile, 'utf8')
  const client = createDefaultHttpClient()
  return {
    sendRequest(request) {
      request.tlsSettings = { ca }
      return client.sendRequest(request)
    },
  }
}

async function run(
  arm: Arm,
  log: string[],
  { topology: text = topologyText, window = 15, wait = 0, meanwhile }: VerifyOptions,
): Promise<{ readonly report: Report; readonly telemetry: Telemetry }> {
  const { topology, diagnostics } = parseTopology(text, {
    file: 'topology.yml',
    today: '2026-11-28',
  })
  if (topology === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  let minute = 0
  const report = await verify(
    {
      topology,
      fileDiagnostics: [],
      arm,
      waitMs: 1000,
      giveUp: new AbortController().signal,
      log: {
        group: async (_, fn) => await fn(),
        info: (line) => log.push(line),
        progress: (line) => log.push(line),
      },
      run: { inputs: { verifyWindowMinutes: window, verifyWaitMinutes: wait } },
    },
    () => {
      minute += 1
      meanwhile?.(minute)
      return Promise.resolve()
    },
  )
  if (report.findings?.kind !== 'telemetry') throw new Error('no telemetry')
  return { report, telemetry: report.findings.telemetry }
}

/** `vm-1 → law: silent`, one row per line. */
export function linesOf({ targets }: Telemetry): readonly string[] {
  return targets.map((row) => {
    const path = row.path === 'unknown' ? '' : ` (${row.path})`
    const cause = row.cause === undefined ? '' : ` ${row.cause}`
    return `${nameOf(row.id)} → ${nameOf(row.destination)}: ${row.state}${cause}${path}`
  })
}

/** Finds a resource of the simulated Azure by the end of its id. */
export function find(simulator: Simulator, ending: string): string {
  const found = simulator.azure
    .snapshot()
    .resources.find(({ id }) => id.toLowerCase().endsWith(ending.toLowerCase()))
  if (found === undefined) throw new Error(`nothing ends with ${ending}`)
  return found.id
}
