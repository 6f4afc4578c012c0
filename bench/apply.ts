import { largeEstate, type LargeEstateOptions } from './estate.ts'
import {
  chosenRuntime,
  hold,
  type Measured,
  measure,
  option,
  printSurroundings,
  printTable,
  realistic,
  startWarm,
} from './measure.ts'

/**
 * An apply against the minimum time that Azure allows: the maximum of the serial writes to the scope and
 * of what the token buckets of the writes allow. Everything is at full scale: a write to the scope takes
 * 20 s, other writes 150 ms, reads 80 ms, and throttling is as published.
 *
 * `--links 6`, `--targets 1000` for the first case, `--writes 1500` for the second; `--node PATH`,
 * `--entry PATH`.
 */
async function main(): Promise<void> {
  printSurroundings()
  const links = Number(option('links') ?? 6)
  const targets = Number(option('targets') ?? 1000)
  const writes = Number(option('writes') ?? 1500)
  const rows = [
    await measureCase(`${links} links, ${targets.toLocaleString('en')} associations`, {
      targets,
      unassociated: targets,
      unlinkedEndpoints: Math.min(8, links),
      unlinkedWorkspaces: Math.max(0, links - 8),
    }),
    await measureCase(`${writes.toLocaleString('en')} associations`, {
      targets: writes,
      unassociated: writes,
    }),
  ]
  printTable(
    [
      ...['case', 'scope, serial', 'buckets', 'bound', 'first to last write', 'ratio', 'most'],
      ...['whole run', 'ratio', 'most', 'requests', '429s'],
    ],
    rows.filter((row) => row !== undefined),
  )
}

const scopedWriteMs = 20_000
const subscriptions = 3

async function measureCase(
  name: string,
  options: LargeEstateOptions,
): Promise<(string | number)[] | undefined> {
  const links = (options.unlinkedEndpoints ?? 0) + (options.unlinkedWorkspaces ?? 0)
  if (options.targets === 0) return undefined
  const { estate, topology } = largeEstate(options)
  const simulator = await startWarm(estate, { ...realistic, scopedWriteMs })
  try {
    const run = await measure(simulator, {
      command: 'apply',
      topologies: [topology],
      expected: 'applied',
      runtime: chosenRuntime(),
    })
    const scope = (links * (scopedWriteMs + (realistic.writeMs ?? 0))) / 1000
    const buckets = bucketSeconds(options.unassociated ?? 0)
    const bound = Math.max(scope, buckets)
    const writing = writingSeconds(run)
    return [
      name,
      inSeconds(scope),
      inSeconds(buckets),
      inSeconds(bound),
      inSeconds(writing),
      (writing / bound).toFixed(3),
      hold(name, writing / bound, 1.1),
      inSeconds(run.seconds),
      (run.seconds / bound).toFixed(3),
      hold(`${name}, the whole run`, run.seconds / bound, 1.1),
      run.requests.all.toLocaleString('en'),
      run.requests.refused,
    ]
  } finally {
    await simulator.close()
  }
}

/** The minimum time by the token buckets: per subscription 200 writes and then 10 per second, and 300 associations and then 5 per second. */
function bucketSeconds(associations: number): number {
  const each = Math.ceil(associations / subscriptions)
  return Math.max(0, (each - 200) / 10, (each - 300) / 5)
}

/** The time from the first write until Azure is read again. */
function writingSeconds({ recorded }: Measured): number {
  const isWrite = (method: string): boolean => method === 'PUT' || method === 'DELETE'
  const first = recorded.findIndex((r) => r.host === 'arm' && isWrite(r.method))
  const last = recorded.findLastIndex((r) => r.host === 'arm' && isWrite(r.method))
  const again = recorded.slice(last).find((r) => r.method === 'POST')
  return ((again?.at ?? 0) - (recorded[first]?.at ?? 0)) / 1000
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(1)} s`
}

await main()
