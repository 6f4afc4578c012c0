import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import type { EstateSeed, Knobs, Simulator } from '../../simulator/simulator.ts'
import { judge, type Watched, watch } from '../support/capabilities.ts'
import { opened, seedGitHub, topologyFile } from '../support/repository.ts'
import { judgeLog } from '../support/results.ts'
import { readTopology } from '../support/topology.ts'
import { endOperations } from './operations.ts'
import {
  applyJob,
  endOf,
  run,
  start,
  takenWrites,
  tallyOf,
  withSimulator,
  writesOf,
} from './runs.ts'
import { firstTime, hub, small } from './situations.ts'

const estate = expandEstate(hub)
/** The changes of `firstTime`. */
const allOfThem = 10
const partial = { exitCode: 1, result: 'partial', reason: 'partial-apply' }
const finished = { exitCode: 0, result: 'applied', reason: '' }

/** The state of Azure after an uninterrupted apply. */
async function applied(topology: string): Promise<EstateSeed> {
  return await withSimulator({ estate, knobs: { scopedWriteMs: 0 } }, async (simulator) => {
    await run(simulator, applyJob(topology))
    return simulator.azure.snapshot()
  })
}

interface Stopped {
  readonly result: JobResult
  readonly watched: Watched
  /** Write requests that arrived after the job had time to react to the signal. */
  readonly late: readonly string[]
}

/** Cancels the job while Azure delays its answer to the nth write. */
async function stopAt(
  simulator: Simulator,
  topology: string,
  point: number,
  signals: readonly NodeJS.Signals[],
): Promise<Stopped> {
  const { azure } = simulator
  const { stop } = watch(azure)
  const running = await start(simulator, applyJob(topology, { 'max-concurrency': '3' }))
  let seen = 0
  let inTime = 0
  let stopping: Promise<void> | undefined
  const signalThem = async (): Promise<void> => {
    for (const signal of signals) {
      running.kill(signal)
      await sleep(200)
    }
    // Others were in flight; every later request was started after the signal.
    await sleep(1500)
    inTime = azure.requests.length
  }
  const off = azure.onCommit(async ({ phase }) => {
    if (phase !== 'finished' && ++seen === point) await (stopping = signalThem())
  })
  const result = await running.done
  await stopping
  off()
  const late = new Set(azure.requests.slice(inTime).map(({ n }) => n))
  return {
    result,
    watched: stop(),
    late: writesOf(simulator)
      .filter(({ n }) => late.has(n))
      .map(({ method, path }) => `${method} ${path}`),
  }
}

describe('a job that is cancelled during an apply starts no more writes, finishes running ones, and reports', () => {
  test.each([
    ['SIGTERM at the first write', ['SIGTERM'], 1],
    ['SIGINT at the third write', ['SIGINT'], 3],
    ['SIGINT and then SIGTERM, as GitHub sends them, at the fifth write', ['SIGINT', 'SIGTERM'], 5],
  ] as const)('%s', async (_, signals, point) => {
    const desired = await applied(firstTime)
    const topology = readTopology(firstTime, desired)
    const knobs: Partial<Knobs> = { writeMs: 50, scopedWriteMs: 700 }
    await withSimulator({ estate, knobs }, async (simulator) => {
      const { result, watched, late } = await stopAt(simulator, firstTime, point, signals)
      expect(late).toEqual([])
      expect(endOf(result)).toEqual(partial)
      expect(judgeLog(result, simulator)).toEqual([])
      expect(judge(topology, watched, desired)).toEqual([])

      // Running writes finished: every committed write is reported as done, and nothing is left running.
      const done = takenWrites(simulator).length
      expect(tallyOf(result)).toEqual({ done, cancelled: allOfThem - done })
      expect(simulator.azure.snapshot().resources.filter(isUnfinished)).toEqual([])
      expect(result.stdout).toContain('The job is being cancelled: no more changes are started')

      const again = await run(simulator, applyJob(firstTime))
      expect(endOf(again)).toEqual(finished)
      expect(simulator.azure.snapshot()).toEqual(desired)
    })
  })
})

describe('when running writes do not finish in time, the job still ends before GitHub kills it', () => {
  test('a link in progress is reported as unfinished, and the next run waits for it', async () => {
    const desired = await applied(small)
    await withSimulator({ estate, knobs: { scopedWriteMs: Infinity } }, async (simulator) => {
      const { result } = await stopAt(simulator, small, 2, ['SIGINT'])
      expect(endOf(result)).toEqual(partial)
      expect(tallyOf(result)).toEqual({ done: 1, unfinished: 1, cancelled: 3 })
      expect(result.file('plan-markdown')).toContain('is Provisioning')

      const writes = takenWrites(simulator)
      const operations = endOperations(simulator)
      operations.pause()
      operations.resumeOnceSeen(readTopology(small, desired).scope)
      const again = await run(simulator, applyJob(small))
      operations.stop()
      expect(endOf(again)).toEqual(finished)
      expect(again.stdout).toContain('is Provisioning: waiting for it')
      expect(simulator.azure.snapshot()).toEqual(desired)
      expect(new Set(takenWrites(simulator)).size).toBe(takenWrites(simulator).length)
      expect(takenWrites(simulator)).toEqual(expect.arrayContaining([...writes]))
    })
  })

  test('a write without an answer is reported as unfinished', async () => {
    await withSimulator({ estate, knobs: {} }, async (simulator) => {
      simulator.azure.addFault({
        match: { method: 'PUT', path: /\/dataCollectionRuleAssociations\//i },
        do: 'hang',
      })
      const running = await start(simulator, applyJob(small))
      await waitFor(() => writesOf(simulator).filter(({ status }) => status === 0).length === 2)
      running.kill('SIGTERM')
      const result = await running.done
      expect(endOf(result)).toEqual(partial)
      expect(judgeLog(result, simulator)).toEqual([])
      expect(tallyOf(result)).toEqual({ done: 3, unfinished: 2 })
    })
  })
})

describe('a job that is cancelled before it has a plan says so', () => {
  test('while it waits for a scope that is Provisioning', async () => {
    await withSimulator({ estate, knobs: { scopedWriteMs: Infinity } }, async (simulator) => {
      // Another client is writing a link.
      await stopAt(simulator, small, 2, ['SIGKILL'])
      const writes = writesOf(simulator).length
      const running = await start(simulator, applyJob(small))
      await waitFor(() => wasReadTwice(simulator))
      running.kill('SIGINT')
      const result = await running.done
      expect(endOf(result)).toEqual({ exitCode: 1, result: 'failed', reason: 'azure-error' })
      expect(result.summary).toContain('Stopped before it could')
      expect(writesOf(simulator)).toHaveLength(writes)
      expect(judgeLog(result, simulator)).toEqual([])
    })
  })

  test('while GitHub does not answer', async () => {
    await withSimulator({ estate, github: seedGitHub() }, async (simulator) => {
      simulator.github?.addFault({ match: { method: 'GET' }, do: 'hang' })
      const running = await start(simulator, opened({ [topologyFile]: small }))
      await waitFor(() => (simulator.github?.requests.length ?? 0) > 0)
      running.kill('SIGINT')
      const result = await running.done
      expect(endOf(result)).toEqual({ exitCode: 0, result: 'changes', reason: '' })
      expect(result.file('plan-json')).not.toBe('')
    })
  })
})

function isUnfinished({ properties }: EstateSeed['resources'][number]): boolean {
  return properties?.['provisioningState'] !== undefined
}

function wasReadTwice({ azure }: Simulator): boolean {
  const scope = /\/privateLinkScopes\/[^/]+$/i
  return azure.requests.filter((r) => r.method === 'GET' && scope.test(r.path)).length > 4
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20)
}
