import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasAzureCli, signInAzureCli } from '../__tests__/fidelity/azureCli.ts'
import type { EstateSeed } from '../simulator/simulator.ts'
import { largeEstate } from './estate.ts'
import { drawGraph, type Series } from './graph.ts'
import {
  chosenRuntime,
  measure,
  option,
  printSurroundings,
  printTable,
  realistic,
  startWarm,
} from './measure.ts'
import { refreshOneByOne } from './oneByOne.ts'

/**
 * Compares the action with the alternatives, on the same simulated estate, latencies and throttling.
 *
 * Reading: our plan, and a refresh that reads each object individually, ten at a time. Writing: our apply,
 * and the article's commands with the Azure CLI, one after the other, as a user or a script runs them;
 * skipped with a message when there is no `az`.
 *
 * `--targets 100,1000,10000` for the reading, `--machines 24` for the writing, `--graph` writes
 * `bench/requests.svg`; `--node PATH`, `--entry PATH`.
 */
async function main(): Promise<void> {
  printSurroundings()
  const sizes = (option('targets') ?? '100,300,1000,3000,10000').split(',').map(Number)
  const ours: (readonly [number, number])[] = []
  const theirs: (readonly [number, number])[] = []
  const rows: (string | number)[][] = []
  for (const targets of sizes) {
    const { estate, topology } = largeEstate({ targets })
    const plan = await planWithUs(estate, topology)
    const refresh = await refreshWith(estate)
    ours.push([targets, plan.requests])
    theirs.push([targets, refresh.requests])
    rows.push([
      `${thousands(targets)} targets`,
      thousands(plan.requests),
      seconds(plan.seconds),
      thousands(refresh.requests),
      seconds(refresh.seconds),
      `${Math.round(refresh.requests / plan.requests)} ×`,
      `${(refresh.seconds / plan.seconds).toFixed(1)} ×`,
    ])
  }
  console.log('Nothing to change: our plan, and reading each object individually, ten at a time.\n')
  printTable(
    ['estate', 'requests', 'time', 'one by one: requests', 'time', 'requests', 'time'],
    rows,
  )
  if (process.argv.includes('--graph')) writeGraph(ours, theirs)
  await compareWriting(Number(option('machines') ?? 24))
}

interface Cost {
  readonly requests: number
  readonly seconds: number
}

async function planWithUs(estate: EstateSeed, topology: string): Promise<Cost> {
  const simulator = await startWarm(estate, realistic)
  try {
    const run = { command: 'plan', topologies: [topology], expected: 'no-changes' } as const
    const { requests, seconds } = await measure(simulator, { ...run, runtime: chosenRuntime() })
    return { requests: requests.all, seconds }
  } finally {
    await simulator.close()
  }
}

async function refreshWith(estate: EstateSeed): Promise<Cost> {
  const simulator = await startWarm(estate, realistic)
  const before = simulator.azure.requests.length
  try {
    const begun = performance.now()
    await refreshOneByOne(simulator, estate, 10)
    return {
      requests: simulator.azure.requests.length - before,
      seconds: (performance.now() - begun) / 1000,
    }
  } finally {
    await simulator.close()
  }
}

/** Associates machines, in an estate whose endpoints and links exist. */
async function compareWriting(machines: number): Promise<void> {
  if (!(await hasAzureCli())) {
    console.log('\n!!! SKIPPED: there is no az to compare writing with.')
    return
  }
  const { estate, topology } = largeEstate({ targets: machines, unassociated: machines })
  const cli = await associateByCli(estate, machines)
  const us = await applyWithUs(estate, topology)
  console.log(
    `\nTo associate ${machines} machines: our apply, and the article's commands with az.\n`,
  )
  printTable(
    ['method', 'requests', 'time', 'per machine'],
    [
      ['our apply: plan, fresh reads, writes, verified', us.requests, seconds(us.seconds)],
      [
        'az, one command after the other: written, not verified',
        cli.requests,
        seconds(cli.seconds),
      ],
    ].map((row, index) => [...row, seconds((index === 0 ? us : cli).seconds / machines)]),
  )
}

async function applyWithUs(estate: EstateSeed, topology: string): Promise<Cost> {
  const simulator = await startWarm(estate, realistic)
  try {
    const run = { command: 'apply', topologies: [topology], expected: 'applied' } as const
    const { requests, seconds } = await measure(simulator, { ...run, runtime: chosenRuntime() })
    return { requests: requests.all, seconds }
  } finally {
    await simulator.close()
  }
}

async function associateByCli(estate: EstateSeed, machines: number): Promise<Cost> {
  const simulator = await startWarm(estate, realistic)
  const [main = ''] = estate.subscriptions
  const cli = await signInAzureCli(simulator, main)
  try {
    const before = simulator.azure.requests.length
    const begun = performance.now()
    for (const { id, location } of machinesOf(estate)) {
      const endpoint = estate.resources.find(
        (r) => /\/dataCollectionEndpoints\//i.test(r.id) && r.location === location,
      )
      await cli.az(
        ...['rest', '--method', 'put', '--url'],
        `${id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint?api-version=2022-06-01`,
        ...['--body', JSON.stringify({ properties: { dataCollectionEndpointId: endpoint?.id } })],
      )
    }
    const requests = simulator.azure.requests.length - before
    if (requests < machines) throw new Error('az sent fewer requests than expected.')
    return { requests, seconds: (performance.now() - begun) / 1000 }
  } finally {
    await cli.close()
    await simulator.close()
  }
}

function machinesOf({ resources }: EstateSeed): EstateSeed['resources'] {
  return resources.filter(({ id }) => /\/virtualMachines\/[^/]+$/i.test(id))
}

function writeGraph(
  ours: readonly (readonly [number, number])[],
  theirs: readonly (readonly [number, number])[],
): void {
  const series: readonly Series[] = [
    { name: 'one read per object', points: theirs, color: '#9a3412', dash: '6 4' },
    { name: 'this action', points: ours, color: '#0969da' },
  ]
  writeFileSync(join(import.meta.dirname, 'requests.svg'), drawGraph(series))
  console.log('\nbench/requests.svg is written.')
}

function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toString()} s`
}

function thousands(value: number): string {
  return value.toLocaleString('en')
}

await main()
