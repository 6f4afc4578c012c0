import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Arm, ArmRequest, ArmResponse } from '../src/azure/arm.ts'
import { look } from '../src/azure/look/look.ts'
import { propose } from '../src/plan/propose.ts'
import type { Estate } from '../src/estate/estate.ts'
import { parseResourceId } from '../src/resources/id.ts'
import { parseTopology } from '../src/topology/parseTopology.ts'
import type { Topology } from '../src/topology/topology.ts'
import type { EstateSeed, SeedResource } from '../simulator/simulator.ts'
import { largeEstate } from './estate.ts'
import { hold, median, option, printSurroundings, printTable } from './measure.ts'

/**
 * Pure planning, without I/O: from topology and estate to an ordered, guarded plan, in seconds of processor
 * time.
 *
 * `--targets 100000`, `--runs 5`.
 */
async function main(): Promise<void> {
  printSurroundings()
  const runs = Number(option('runs') ?? 5)
  const targets = Number(option('targets') ?? 100_000)
  const rows: (string | number)[][] = []
  for (const { name, unassociated } of [
    { name: 'unchanged', unassociated: 0 },
    { name: 'none associated', unassociated: targets },
  ]) {
    const seconds: number[] = []
    let changes = 0
    for (let run = 0; run < runs; run++) {
      const measured = await plan(targets, unassociated)
      seconds.push(measured.seconds)
      changes = measured.changes
    }
    const middle = median(seconds)
    rows.push([
      `${targets.toLocaleString('en')} targets, ${name}`,
      changes.toLocaleString('en'),
      `${Math.min(...seconds).toFixed(2)} s`,
      `${middle.toFixed(2)} s`,
      hold(name, Number(middle.toFixed(2)), 2),
    ])
  }
  printTable(['case', 'changes', 'fastest', 'median', 'most, seconds'], rows)
}

async function plan(
  targets: number,
  unassociated: number,
): Promise<{ readonly seconds: number; readonly changes: number }> {
  const { topology, estate } = await prepare(targets, unassociated)
  collectGarbage()
  const before = process.cpuUsage()
  const { plan: made } = propose(topology, estate, {
    limits: { maxDeletes: 10, maxReplacements: 20 },
    confirmAll: false,
  })
  const { user, system } = process.cpuUsage(before)
  return { seconds: (user + system) / 1e6, changes: made.changes.length }
}

async function prepare(
  targets: number,
  unassociated: number,
): Promise<{ readonly topology: Topology; readonly estate: Estate }> {
  const large = largeEstate({ targets, unassociated, named: false })
  const { topology } = parseTopology(large.topology, { file: 'topology.yml', today: '2026-01-01' })
  if (topology === undefined) throw new Error('The topology of the bench does not parse.')
  const estate = await look(readOnlyArm(large.estate), topology, {
    waitMs: 0,
    signal: new AbortController().signal,
    log: () => undefined,
  })
  return { topology, estate }
}

/** Collects the garbage from creating the estate, so that planning isn't charged for it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

/** Answers the reads of a plan directly from the seed. */
function readOnlyArm({ resources }: EstateSeed): Arm {
  const rows = resources.map(rowOf)
  const ofType = (...types: readonly string[]) => rows.filter((row) => types.includes(row.type))
  const send = (request: ArmRequest): ArmResponse => {
    const { query } = (request.body ?? {}) as { readonly query?: string }
    const is = (word: string): boolean => query?.includes(word) === true
    if (request.path.endsWith('/scopedResources')) {
      return answer({ value: ofType('microsoft.insights/privatelinkscopes/scopedresources') })
    }
    if (query === undefined) return answer(ofType('microsoft.insights/privatelinkscopes')[0])
    if (is('subscriptionId !in~')) return answer({ data: [] })
    if (is('insightsresources')) {
      return answer({ data: rows.filter((row) => row.type.endsWith('ruleassociations')) })
    }
    if (is('AzureMonitorLinuxAgent')) {
      return answer({ data: ofType('microsoft.compute/virtualmachines/extensions') })
    }
    return answer({
      data: is('microsoft.operationalinsights/workspaces')
        ? ofType(
            'microsoft.insights/datacollectionendpoints',
            'microsoft.insights/datacollectionrules',
            'microsoft.operationalinsights/workspaces',
          )
        : ofType('microsoft.compute/virtualmachines'),
    })
  }
  return {
    cloud: {
      name: 'bench',
      resourceManager: 'https://localhost',
      authority: 'https://localhost',
      scope: '',
      custom: true,
      queries: { metrics: { host: 'localhost', scope: '' } },
    },
    counts: { reads: 0, queries: 0, writes: 0, deletes: 0, signIns: 0, telemetry: 0 },
    monitor: () => {
      throw new Error('The bench reads nothing through the SDK.')
    },
    send: (request) => Promise.resolve(send(request)),
    ask: () => Promise.reject(new Error('The bench queries no telemetry.')),
  }
}

type Row = Readonly<Record<string, unknown>> & { readonly type: string }

/** A resource as a row of Resource Graph, with everything that the queries project. */
function rowOf(resource: SeedResource): Row {
  const { id, properties = {} } = resource
  const destinations = properties['destinations']
  return {
    ...resource,
    ...properties,
    ...(typeof destinations === 'object' ? destinations : {}),
    name: id.split('/').at(-1),
    type: typeOf(id),
  }
}

/** The innermost type: for an association, not its machine's. */
function typeOf(id: string): string {
  const last = id.slice(id.lastIndexOf('/providers/'))
  return parseResourceId(`/subscriptions/x/resourceGroups/x${last}`)?.type ?? ''
}

function answer(body: unknown): ArmResponse {
  return { status: 200, headers: { get: () => undefined }, body, text: '' }
}

await main()
