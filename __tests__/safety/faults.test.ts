import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import type { EstateSeed, Knobs, Simulator } from '../../simulator/simulator.ts'
import { judge, watch } from '../support/capabilities.ts'
import { expectGolden } from '../support/goldens.ts'
import { judgeLog } from '../support/results.ts'
import { readTopology } from '../support/topology.ts'
import {
  azureClasses,
  type CallClass,
  correlationId,
  passing,
  staying,
  type Trouble,
} from './faultClasses.ts'
import { githubClasses, githubMatrix, githubTroubles } from './githubFaults.ts'
import { type Cell, renderMatrix, messageOf } from './matrix.ts'
import { applyJob, atMost, endOf, estateAfter, run, tallyOf, withSimulator } from './runs.ts'
import { hubInNetwork, moved, small, withNetwork } from './situations.ts'

/** Concurrent cells: they mostly wait for retries. */
const atATime = 8

/** An Azure where the apply of `moved` makes a call of every class. */
const estate: EstateSeed = await estateAfter(expandEstate(hubInNetwork), small)
const desired: EstateSeed = await estateAfter(estate, moved)

const cells: Cell[] = []
const knobs: Partial<Knobs> = { lro: 'async-operation', scopedWriteMs: 10, retryAfterSeconds: 0 }

/** Adds a fault for a class of calls. */
function strike({ azure }: Simulator, call: CallClass, trouble: Trouble): void {
  const fault = {
    match: call.match,
    do: trouble.effect,
    ...(trouble.times === undefined ? {} : { times: trouble.times }),
    ...(trouble.gets === undefined ? {} : { gets: trouble.gets }),
  }
  if (call.afterwards !== true) {
    azure.addFault(fault)
    return
  }
  const off = azure.onCommit(({ method, id }) => {
    // The last change: ingestion is closed after everything else.
    if (method !== 'PUT' || !/\/privateLinkScopes\/[^/]+$/i.test(id)) return
    off()
    azure.addFault(fault)
  })
}

/** What must never happen: a crash, a lost report, a lost capability, a gap in a message. */
function judgeRun(
  result: JobResult,
  simulator: Simulator,
  watched: ReturnType<ReturnType<typeof watch>['stop']>,
): string[] {
  const { exitCode, result: end, reason } = endOf(result)
  const isFine = end === 'applied'
  const words = result.stdout + result.summary
  return [
    ...(exitCode === (isFine ? 0 : 1) ? [] : [`the exit code is ${String(exitCode)}`]),
    ...(isFine === (reason === '') ? [] : [`${end} with the reason ${reason}`]),
    ...(/bug in the action/i.test(words) ? ['it takes itself for a bug'] : []),
    ...(result.summary.includes('production') || !isFine ? [] : ['there is no summary']),
    ...(isFine || messageOf(result) !== '' ? [] : ['nothing is said of the failure']),
    ...judgeLog(result, simulator),
    ...judge(readTopology(moved, desired), watched, desired),
  ]
}

describe('temporary faults are retried', () => {
  const writes = (call: CallClass) => ['PUT', 'DELETE'].includes(call.match.method ?? '')
  const plays = passing.flatMap((trouble) => {
    const struck = azureClasses.filter((call) => trouble.befalls?.(call) ?? true)
    // Separate, because a write whose answer is lost leaves nothing to follow.
    return [
      { title: `${trouble.name}, met by every write`, trouble, struck: struck.filter(writes) },
      {
        title: `${trouble.name}, met by everything else`,
        trouble,
        struck: struck.filter((call) => !writes(call)),
      },
    ].filter((play) => play.struck.length > 0)
  })

  test.concurrent.each(plays.map((play) => [play.title, play] as const))(
    '%s in one apply',
    async (_, { trouble, struck }) => {
      await withSimulator({ estate, knobs }, async (simulator) => {
        for (const call of struck) strike(simulator, call, trouble)
        const { stop } = watch(simulator.azure)
        const result = await run(simulator, applyJob(moved, withNetwork))
        expect(judgeRun(result, simulator, stop())).toEqual([])
        expect(messageOf(result)).toBe('')
        expect(endOf(result)).toEqual({ exitCode: 0, result: 'applied', reason: '' })
        expect(simulator.azure.snapshot()).toEqual(desired)
        const spared = struck.filter((call) => !wasStruck(simulator, call, trouble))
        expect(spared.map(({ name }) => name)).toEqual([])
        if (trouble.name.startsWith('429')) {
          expect(earliestRetry(simulator)).toBeGreaterThanOrEqual(1000)
        }
      })
      for (const call of struck) {
        cells.push({ row: call.name, column: trouble.name, outcome: '✅' })
      }
    },
  )
})

/** True when the fault applied to a request of the class, as far as an answer shows it. */
function wasStruck({ azure }: Simulator, call: CallClass, { effect }: Trouble): boolean {
  const { method, path: where, host = 'arm' } = call.match
  const hits = azure.requests.filter(
    (r) =>
      r.host === host &&
      (method === undefined || r.method === method) &&
      (where === undefined || where.test(r.path)),
  )
  if (typeof effect === 'object') {
    return 'status' in effect ? hits.some((r) => r.status === effect.status) : hits.length > 0
  }
  if (effect === 'html-502') return hits.some((r) => r.status === 502)
  if (effect === 'reset-before') return hits.some((r) => r.status === 0)
  // A request whose answer was lost is sent again.
  return hits.length > 1 || effect === '404-after-create'
}

/** The minimum time in milliseconds from the first 429 of a URL to its next attempt. */
function earliestRetry({ azure }: Simulator): number {
  const waits = azure.requests
    .filter(({ status }) => status === 429)
    .map((refused) => {
      const isSame = (r: typeof refused) =>
        r.method === refused.method &&
        r.path === refused.path &&
        JSON.stringify(r.requestBody) === JSON.stringify(refused.requestBody)
      const next = azure.requests.find((r) => r.n > refused.n && isSame(r))
      return next === undefined ? Infinity : next.at - refused.at
    })
  return Math.min(...waits)
}

describe('a permanent fault ends in a clean report, and the same job finishes once it is fixed', () => {
  const all = staying.flatMap((trouble) =>
    azureClasses
      .filter((call) => trouble.befalls?.(call) ?? true)
      .map((call) => ({ call, trouble })),
  )

  test.concurrent('every class of calls with every fault', async () => {
    const broken = await atMost(
      atATime,
      all.map(({ call, trouble }) => async () => {
        const problems = await playCell(call, trouble)
        return problems.map((problem) => `${trouble.name}, ${call.name}: ${problem}`)
      }),
    )
    expect(broken.flat()).toEqual([])
  })

  async function playCell(call: CallClass, trouble: Trouble): Promise<readonly string[]> {
    const broken: string[] = []
    const after = await withSimulator({ estate, knobs }, async (simulator) => {
      strike(simulator, call, trouble)
      const { stop } = watch(simulator.azure)
      const result = await run(simulator, applyJob(moved, withNetwork))
      broken.push(...judgeRun(result, simulator, stop()))
      const { result: end, reason } = endOf(result)
      const outcome = end === 'applied' ? '✅' : `${end === 'partial' ? '◐' : '❌'} ${reason}`
      cells.push({
        row: call.name,
        column: trouble.name,
        outcome,
        message: messageOf(result),
        tally: tallyOf(result),
      })
      // An unreadable resource blocks the plan, with Azure's message; all other errors also show the id.
      const isAnswered = typeof trouble.effect === 'object' && call.isArm && reason !== 'blocked'
      const output = result.stdout + result.summary
      if (isAnswered && end !== 'applied' && !output.includes(correlationId))
        broken.push('the correlation id is not reported')
      return simulator.azure.snapshot()
    })
    return [...broken, ...(await finish(after))]
  }

  const finished = new Map<string, Promise<readonly string[]>>()

  /** Runs the same job again without the fault, once from each state that faults leave behind. */
  async function finish(from: EstateSeed): Promise<readonly string[]> {
    const key = JSON.stringify(from)
    const begun = finished.get(key) ?? finishFrom(from)
    finished.set(key, begun)
    return await begun
  }

  async function finishFrom(from: EstateSeed): Promise<readonly string[]> {
    return await withSimulator({ estate: from, knobs }, async (simulator) => {
      const { stop } = watch(simulator.azure)
      const result = await run(simulator, applyJob(moved, withNetwork))
      const { result: end } = endOf(result)
      const isDone = ['applied', 'no-changes'].includes(end)
      const isSame = JSON.stringify(simulator.azure.snapshot()) === JSON.stringify(desired)
      return [
        ...(isDone ? [] : [`the same job again is ${end}: ${messageOf(result)}`]),
        ...(isSame ? [] : ['the same job again ends in another state']),
        ...judge(readTopology(moved, desired), stop(), desired),
      ]
    })
  }

  test.concurrent(
    'a long-running write that never ends is given up after wait-timeout-minutes',
    async () => {
      await withSimulator({ estate, knobs }, async (simulator) => {
        simulator.azure.addFault({
          match: { method: 'PUT', path: /\/scopedResources\//i },
          times: 1,
          do: 'lro-never',
        })
        const { stop } = watch(simulator.azure)
        const result = await run(
          simulator,
          applyJob(moved, { ...withNetwork, 'wait-timeout-minutes': '1' }),
        )
        expect(judgeRun(result, simulator, stop())).toEqual([])
        const { result: end, reason } = endOf(result)
        expect(end).toBe('partial')
        const outcome = `◐ ${reason}`
        cells.push({
          row: 'link',
          column: 'never ends',
          outcome,
          message: messageOf(result),
          tally: tallyOf(result),
        })
      })
    },
    150_000,
  )
})

describe('GitHub', () => {
  test.concurrent(
    'every class of calls with every fault',
    async () => {
      const { broken, found } = await githubMatrix(atATime)
      cells.push(...found)
      expect(broken).toEqual([])
    },
    600_000,
  )
})

test('FAULTS.md lists the result of each', () => {
  const classes = [...azureClasses, ...githubClasses]
  const troubles = [...passing, ...staying, { name: 'never ends' }, ...githubTroubles]
  const order = [...new Set([...classes, ...troubles].map(({ name }) => name))]
  expectGolden(path.join(import.meta.dirname, 'FAULTS.md'), renderMatrix(cells, order))
})
