import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { bundle, type JobResult, runJob, type Runtime } from '../simulator/job/job.ts'
import {
  type EstateSeed,
  type Knobs,
  type RecordedRequest,
  type Simulator,
  startSimulator,
} from '../simulator/simulator.ts'

/** The measurement of one run of the bundle. */
export interface Measured {
  readonly seconds: number
  readonly requests: Counts
  readonly result: string
  readonly job: JobResult
  /** The requests, in the order of arrival. */
  readonly recorded: readonly RecordedRequest[]
}

/** Requests by kind; `all` is their sum, including sign-in. */
export interface Counts {
  readonly all: number
  readonly signIn: number
  readonly queries: number
  readonly reads: number
  readonly writes: number
  /** How many of all were answered 429. */
  readonly refused: number
}

/** Latencies and limits from issue threads and Microsoft's documentation. */
export const realistic: Partial<Knobs> = {
  readMs: 80,
  writeMs: 150,
  throttle: 'published',
  graphQuota: true,
}

const topologyFile = '.github/azure-monitor-private-link.yml'

/** Starts a simulator and warms it up with one query, so that its own start is not measured. */
export async function startWarm(estate: EstateSeed, knobs: Partial<Knobs>): Promise<Simulator> {
  const simulator = await startSimulator({ estate, knobs: { ...knobs, graphQuota: false } })
  await question(simulator, 'POST', '/providers/Microsoft.ResourceGraph/resources', {
    query: 'resources | project id | order by id asc',
  })
  simulator.azure.knobs.graphQuota = knobs.graphQuota ?? false
  return simulator
}

/** Sends one request from another client than the bundle, with its own token. */
export async function question(
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<number> {
  const address = new URL(`${simulator.url}${path}`)
  if (!address.searchParams.has('api-version')) {
    address.searchParams.set('api-version', '2021-03-01')
  }
  return await new Promise((resolve, reject) => {
    const sent = request(
      address,
      {
        method,
        ca: readFileSync(simulator.caFile),
        headers: {
          authorization: `Bearer ${simulator.token('00000000-0000-4000-8000-0000000000be')}`,
          'content-type': 'application/json',
        },
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/**
 * Runs the built bundle once, from the start of its process to the end.
 *
 * @throws Error with the job's log when the result is unexpected
 */
export async function measure(
  simulator: Simulator,
  options: {
    readonly command: 'plan' | 'apply' | 'drift'
    readonly topologies: readonly string[]
    readonly expected: string
    readonly inputs?: Readonly<Record<string, string>>
    readonly env?: Readonly<Record<string, string>>
    readonly runtime?: Runtime
  },
): Promise<Measured> {
  const files = Object.fromEntries(
    options.topologies.map((text, i) => [
      i === 0 ? topologyFile : topologyFile.replace('.yml', `-${i}.yml`),
      text,
    ]),
  )
  const before = simulator.azure.requests.length
  const begun = performance.now()
  const job = await runJob(
    simulator,
    {
      event: 'workflow_dispatch',
      inputs: {
        command: options.command,
        'topology-file': Object.keys(files).join('\n'),
        ...options.inputs,
      },
      files,
      ...(options.env === undefined ? {} : { env: options.env }),
    },
    options.runtime ?? bundle,
  )
  const seconds = (performance.now() - begun) / 1000
  const recorded = simulator.azure.requests.slice(before)
  const result = job.outputs['result'] ?? ''
  if (result !== options.expected) {
    throw new Error(
      `The ${options.command} ended as "${result}", not "${options.expected}":\n${job.stdout.slice(-3000)}\n${job.stderr}`,
    )
  }
  return { seconds, requests: countRequests(recorded), result, job, recorded }
}

/** Requests by kind. */
export function countRequests(recorded: readonly RecordedRequest[]): Counts {
  const isPublic = (r: RecordedRequest): boolean => r.path.startsWith('/metadata/')
  const arm = recorded.filter((r) => r.host === 'arm' && !isPublic(r))
  return {
    all: recorded.length,
    signIn: recorded.length - arm.length,
    queries: arm.filter((r) => r.method === 'POST').length,
    reads: arm.filter((r) => r.method === 'GET').length,
    writes: arm.filter((r) => r.method !== 'POST' && r.method !== 'GET').length,
    refused: recorded.filter((r) => r.status === 429).length,
  }
}

/** The median. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const [low = 0, high = 0] = [sorted[half - 1], sorted[half]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

/** Prints the rows as a Markdown table. */
export function printTable(
  heading: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  console.log([line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n'))
}

/** Prints the time, the machine and its load. */
export function printSurroundings(): void {
  const [cpu] = cpus()
  const load = loadavg()[0]?.toFixed(1) ?? ''
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  console.log(
    `${new Date().toISOString().slice(0, 16)}Z, Node ${process.versions.node}, Linux ${release()}, ${cpus().length} × ${cpu?.model ?? '?'}, ${gigabytes} GiB, load ${load}\n`,
  )
}

/** The value of `--name value` on the command line. */
export function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}

/** The bundle of this folder, with the Node that `--node` names and the file that `--entry` names. */
export function chosenRuntime(): Runtime {
  return { node: option('node') ?? bundle.node, entry: option('entry') ?? bundle.entry }
}

/** Compares a figure with its promise; a broken promise makes the bench exit with an error. */
export function hold(what: string, figure: number, most: number): string {
  const isKept = figure <= most
  if (!isKept) {
    process.exitCode = 1
    console.error(`${what}: ${figure} is more than ${most}.`)
  }
  return `${isKept ? '≤' : '**>**'} ${most.toLocaleString('en')}`
}
