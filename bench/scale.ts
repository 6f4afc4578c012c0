import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EstateSeed } from '../simulator/simulator.ts'
import { largeEstate } from './estate.ts'
import { drawGraph, type Series } from './graph.ts'
import {
  chosenRuntime,
  hold,
  measure,
  option,
  printSurroundings,
  printTable,
  realistic,
  startWarm,
} from './measure.ts'
import { objectsKept } from './oneByOne.ts'

/**
 * One file whose select finds the targets, network included: requests, seconds and peak memory of a plan
 * with nothing to change, compared with one read per object, and how each grows: the exponent `e` of
 * `requests ~ targets^e` from one size to the next.
 *
 * `--targets 100,1000,10000,100000`, `--subscriptions 50`, `--refuse`: a Resource Graph that packs nothing;
 * `--graph` writes `docs/images/scale.svg`; `--node PATH`, `--entry PATH`.
 */
async function main(): Promise<void> {
  printSurroundings()
  const sizes = (option('targets') ?? '100,1000,10000,100000').split(',').map(Number)
  const subscriptions = Number(option('subscriptions') ?? 50)
  const all: Size[] = []
  for (const targets of sizes) all.push(await measureSize(targets, subscriptions))
  printTable(
    [
      ...['targets', 'requests', 'most', 'of them queries', '429s', 'seconds', 'memory', 'most'],
      ...['one read per object', 'exponent: requests', 'seconds', 'memory', 'one by one'],
    ],
    all.map((size, index) => rowOf(size, all[index - 1])),
  )
  if (process.argv.includes('--graph')) writeGraph(all)
}

interface Size {
  readonly targets: number
  readonly requests: number
  readonly queries: number
  readonly refused: number
  readonly seconds: number
  readonly megabytes: number
  /** Requests to read each object individually. */
  readonly objects: number
}

async function measureSize(targets: number, subscriptions: number): Promise<Size> {
  const { estate, topology } = largeEstate({
    targets,
    subscriptions,
    networks: subscriptions,
    named: false,
  })
  const graphLists = process.argv.includes('--refuse') ? 'refused' : 'taken'
  const simulator = await startWarm(estate, { ...realistic, graphLists })
  try {
    const { requests, seconds } = await measure(simulator, {
      command: 'plan',
      topologies: [topology],
      expected: 'no-changes',
      env: { NODE_OPTIONS: `--import=${probe}`, PEAK_FILE: peakFile },
      runtime: chosenRuntime(),
    })
    return {
      targets,
      requests: requests.all,
      queries: requests.queries,
      refused: requests.refused,
      seconds,
      megabytes: Number(readFileSync(peakFile, 'utf8')) / 1024,
      objects: objectsOf(estate),
    }
  } finally {
    await simulator.close()
    rmSync(peakFile, { force: true })
  }
}

function objectsOf(estate: EstateSeed): number {
  return objectsKept(estate).length
}

/** The promised requests and memory, by number of targets. */
const promised: Readonly<Record<number, readonly [requests: number, megabytes: number]>> = {
  1000: [24, 300],
  10_000: [24, 300],
  100_000: [60, 900],
}

function rowOf(size: Size, before: Size | undefined): (string | number)[] {
  const [requests, megabytes] = promised[size.targets] ?? []
  const name = `${size.targets.toLocaleString('en')} targets`
  const exponent = (of: (one: Size) => number): string =>
    before === undefined
      ? ''
      : (Math.log(of(size) / of(before)) / Math.log(size.targets / before.targets)).toFixed(2)
  const isHeld = !process.argv.includes('--refuse')
  return [
    size.targets.toLocaleString('en'),
    size.requests,
    requests === undefined || !isHeld ? '' : hold(`${name}, requests`, size.requests, requests),
    size.queries,
    size.refused,
    size.seconds.toFixed(1),
    `${size.megabytes.toFixed(0)} MB`,
    megabytes === undefined ? '' : hold(`${name}, memory`, Math.round(size.megabytes), megabytes),
    size.objects.toLocaleString('en'),
    exponent((one) => one.requests),
    exponent((one) => one.seconds),
    exponent((one) => one.megabytes),
    exponent((one) => one.objects),
  ]
}

function writeGraph(all: readonly Size[]): void {
  const series: readonly Series[] = [
    {
      name: 'one read per object',
      points: all.map(({ targets, objects }) => [targets, objects]),
      color: '#9a3412',
      dash: '6 4',
    },
    {
      name: 'this action',
      points: all.map(({ targets, requests }) => [targets, requests]),
      color: '#0969da',
    },
  ]
  writeFileSync(join(import.meta.dirname, '../docs/images/scale.svg'), drawGraph(series))
  console.log('\ndocs/images/scale.svg is written.')
}

const peakFile = join(tmpdir(), `ampl-scale-${process.pid}`)

/** Loaded before the bundle: writes the peak, in KiB, when the process ends. */
const probe = `data:text/javascript,${encodeURIComponent(
  [
    "import { readFileSync, writeFileSync } from 'node:fs'",
    "process.on('exit', () => writeFileSync(process.env.PEAK_FILE,",
    "/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]))",
  ].join('\n'),
)}`

await main()
