import {
  type Job,
  type JobResult,
  runJob,
  type RunningJob,
  startJob,
} from '../../simulator/job/job.ts'
import {
  type EstateSeed,
  type GitHubSeed,
  type Knobs,
  type RecordedRequest,
  type Simulator,
  startSimulator,
} from '../../simulator/simulator.ts'
import { runtime } from '../support/play.ts'
import { dispatched, topologyFile } from '../support/repository.ts'

/** The workflow that applies without a review: `command: apply` on `workflow_dispatch` is its own approval. */
export function applyJob(
  topology: string,
  inputs: Readonly<Record<string, string>> = {},
  more: Partial<Job> = {},
): Job {
  const files = { [topologyFile]: topology }
  // These suites are about writes; `withNetwork` includes the network check.
  const all = { 'check-network': 'false', ...inputs, command: 'apply' }
  return dispatched(files, { ...more, inputs: all })
}

/** Runs a job of the bundle to completion. */
export async function run(simulator: Simulator, job: Job): Promise<JobResult> {
  return await runJob(simulator, job, runtime)
}

/** Starts a job of the bundle. */
export async function start(simulator: Simulator, job: Job): Promise<RunningJob> {
  return await startJob(simulator, job, runtime)
}

/** Starts a simulator, passes it to a function, and always closes it. */
export async function withSimulator<T>(
  options: {
    readonly estate: EstateSeed
    readonly knobs?: Partial<Knobs>
    readonly github?: GitHubSeed
  },
  use: (simulator: Simulator) => Promise<T>,
): Promise<T> {
  const simulator = await startSimulator(options)
  try {
    return await use(simulator)
  } finally {
    await simulator.close()
  }
}

/** The state of Azure after an earlier file was applied. */
export async function estateAfter(estate: EstateSeed, topology: string): Promise<EstateSeed> {
  return await withSimulator({ estate, knobs: { scopedWriteMs: 0 } }, async (simulator) => {
    const { outputs, stdout } = await run(simulator, applyJob(topology))
    if (outputs['result'] !== 'applied') throw new Error(`could not prepare the estate:\n${stdout}`)
    return simulator.azure.snapshot()
  })
}

/** Requests that would change Azure, in order of arrival. */
export function writesOf({ azure }: Simulator): readonly RecordedRequest[] {
  return azure.requests.filter(
    ({ host, method }) => host === 'arm' && ['PUT', 'PATCH', 'DELETE'].includes(method),
  )
}

/** Writes that Azure accepted, `PUT /subscriptions/…`, sorted, because their order is a race. */
export function takenWrites(simulator: Simulator): readonly string[] {
  return writesOf(simulator)
    .filter(({ status }) => status >= 200 && status < 300)
    .map(({ method, path }) => `${method} ${path.toLowerCase()}`)
    .sort()
}

/** Runs tasks with limited concurrency and returns their results in order. */
export async function atMost<T>(
  most: number,
  tasks: readonly (() => Promise<T>)[],
): Promise<readonly T[]> {
  const results: T[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) {
      const task = tasks[index]
      if (task !== undefined) results[index] = await task()
    }
  }
  await Promise.all(Array.from({ length: most }, work))
  return results
}

const outcomeWords = {
  done: '✅ done',
  already: '☑️ already in place',
  failed: '❌ failed',
  changed: '⚠️ changed in the meantime, left alone',
  skipped: '⏭️ skipped',
  cancelled: '⏹️ not started',
  unfinished: '❓ outcome unknown',
} as const

/** How many changes the report shows as done, failed, not started …; the log must say the same. */
export function tallyOf(
  result: JobResult,
): Readonly<Partial<Record<keyof typeof outcomeWords, number>>> {
  // The log omits the variation selectors that make some of the signs colored.
  const plain = (text: string) => text.replaceAll('\uFE0F', '')
  const count = (lines: readonly string[], start: string) =>
    Object.fromEntries(
      Object.entries(outcomeWords).flatMap(([outcome, words]) => {
        const found = lines.filter((line) =>
          plain(line).startsWith(plain(`${start}${words}`)),
        ).length
        return found === 0 ? [] : [[outcome, found]]
      }),
    )
  const inReport = count(result.file('plan-markdown').split('\n'), '- ')
  const inLog = count(result.stdout.split('\n'), '')
  if (JSON.stringify(inReport) !== JSON.stringify(inLog)) {
    const both = JSON.stringify({ inReport, inLog })
    throw new Error(`the report and the log tell different things: ${both}\n${result.stdout}`)
  }
  return inReport
}

/** The outputs that say how a run ended. */
export function endOf({ outputs, exitCode }: JobResult): {
  readonly exitCode: number | null
  readonly result: string
  readonly reason: string
} {
  return { exitCode, result: outputs['result'] ?? '', reason: outputs['failure-reason'] ?? '' }
}
