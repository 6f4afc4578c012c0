import { largeEstate } from './estate.ts'
import {
  chosenRuntime,
  hold,
  type Measured,
  measure,
  median,
  option,
  printSurroundings,
  printTable,
  realistic,
  startWarm,
} from './measure.ts'

/**
 * Requests and seconds of a plan by number of targets: with nothing to change, in 3 subscriptions and 8
 * regions, and right after an apply of 1,000 associations that Resource Graph doesn't show yet.
 *
 * `--runs 3`, `--targets 10000` for the largest case, `--apply 1000`; `--networks` runs only the plans with a network around the
 * scope; `--node PATH`, `--entry PATH`.
 */
async function main(): Promise<void> {
  printSurroundings()
  const runs = Number(option('runs') ?? 3)
  const largest = Number(option('targets') ?? 10_000)
  const associations = Number(option('apply') ?? 1000)
  const rows: (string | number)[][] = []
  const isNetworksOnly = process.argv.includes('--networks')
  const cases = unchanged.filter(
    ({ targets, networks }) => targets <= largest && (networks > 0 || !isNetworksOnly),
  )
  for (const { targets, named, networks, most } of cases) {
    const around = networks === 0 ? '' : `, in ${networks} networks`
    const how = `${named ? 'named' : 'by a select'}${around}`
    const all = await planUnchanged({ targets, named, networks }, runs)
    rows.push(row(`${targets.toLocaleString('en')} targets ${how}`, all, most))
  }
  if (!isNetworksOnly) {
    const { applied, planned } = await planAfterApply(associations)
    rows.push(row(`apply of ${associations.toLocaleString('en')} associations`, [applied]))
    rows.push(row('plan right after it, not yet in Resource Graph', [planned]))
  }
  printTable(
    ['case', 'requests', 'most', 'sign-in', 'queries', 'reads', 'writes', '429s', 'seconds'],
    rows,
  )
}

/** Without a private endpoint a plan reads no networks; with one and 12 networks, it may take what contract section 8 allows for 1,000 targets. */
const unchanged = [
  { targets: 100, named: true, networks: 0, most: 20 },
  { targets: 1000, named: true, networks: 0, most: 20 },
  { targets: 10_000, named: true, networks: 0, most: 24 },
  { targets: 10_000, named: false, networks: 0, most: 24 },
  { targets: 1000, named: true, networks: 12, most: 24 },
  { targets: 10_000, named: true, networks: 12, most: 24 },
  { targets: 10_000, named: false, networks: 12, most: 24 },
]

async function planUnchanged(
  size: { readonly targets: number; readonly named: boolean; readonly networks: number },
  runs: number,
): Promise<readonly Measured[]> {
  const { estate, topology } = largeEstate(size)
  const simulator = await startWarm(estate, realistic)
  try {
    const all: Measured[] = []
    for (let run = 0; run < runs; run++) {
      all.push(
        await measure(simulator, {
          command: 'plan',
          topologies: [topology],
          expected: 'no-changes',
          runtime: chosenRuntime(),
        }),
      )
    }
    return all
  } finally {
    await simulator.close()
  }
}

async function planAfterApply(
  targets: number,
): Promise<{ readonly applied: Measured; readonly planned: Measured }> {
  const { estate, topology } = largeEstate({ targets, unassociated: targets })
  const simulator = await startWarm(estate, { ...realistic, resourceGraphLagMs: Infinity })
  const run = { topologies: [topology], runtime: chosenRuntime() }
  try {
    const applied = await measure(simulator, { ...run, command: 'apply', expected: 'applied' })
    const planned = await measure(simulator, { ...run, command: 'plan', expected: 'no-changes' })
    return { applied, planned }
  } finally {
    await simulator.close()
  }
}

function row(name: string, all: readonly Measured[], most?: number): (string | number)[] {
  const requests = Math.max(...all.map((one) => one.requests.all))
  const worst = all.find((one) => one.requests.all === requests) ?? all[0]
  const { signIn = 0, queries = 0, reads = 0, writes = 0, refused = 0 } = worst?.requests ?? {}
  return [
    name,
    requests.toLocaleString('en'),
    most === undefined ? '' : hold(name, requests, most),
    signIn,
    queries,
    reads,
    writes,
    refused,
    median(all.map((one) => one.seconds)).toFixed(1),
  ]
}

await main()
