import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import type { EstateSeed, Knobs } from '../../simulator/simulator.ts'
import { judge, watch } from '../support/capabilities.ts'
import { judgeOwnership } from '../support/ownership.ts'
import { judgeLog } from '../support/results.ts'
import { readTopology } from '../support/topology.ts'
import { messageOf } from './matrix.ts'
import { applyJob, atMost, endOf, estateAfter, run, start, withSimulator } from './runs.ts'
import { firstTime, hub, moved, shrunk, small } from './situations.ts'

/** Pairs that run concurrently. */
const atATime = 2

const outcomes = new Map<string, number>()

/**
 * Two concurrent applies of one topology, as from two quick pushes without a `concurrency:` block: the second
 * starts after a number of writes of the first, and Azure is slow in different ways.
 */
describe('two concurrent applies of one topology end in the same state, without a blackout', () => {
  test.each([
    ['everything is new', undefined, firstTime],
    ['a machine moves, another leaves, the old endpoint is deleted', small, moved],
    ['most is given up, modes change in opposite directions', firstTime, shrunk],
  ] as const)(
    '%s',
    async (_, earlier, topology) => {
      const bare = expandEstate(hub)
      const estate = earlier === undefined ? bare : await estateAfter(bare, earlier)
      const desired = await estateAfter(estate, topology)
      const starts = [undefined, 1, 2, 3, 4, 5, 6, 7, 8]
      const broken = await atMost(
        atATime,
        starts.map((after, index) => async () => {
          const problems = await race({
            estate,
            desired,
            topology,
            after,
            knobs: paces[index % paces.length] ?? {},
          })
          return problems.map((problem) => `second begins after ${after ?? 'nothing'}: ${problem}`)
        }),
      )
      expect(broken.flat()).toEqual([])
    },
    300_000,
  )

  afterAll(() => {
    const lines = [...outcomes].map(([pair, count]) => `${count} × ${pair}`).sort()
    process.stdout.write(`Pairs of applies: ${lines.join(', ')}.\n`)
  })
})

const paces: readonly Partial<Knobs>[] = [
  { readMs: 0, writeMs: 0, scopedWriteMs: 60 },
  { readMs: 40, writeMs: 0, scopedWriteMs: 10 },
  { readMs: 0, writeMs: 80, scopedWriteMs: 0 },
  { readMs: 15, writeMs: 30, scopedWriteMs: 250 },
]

interface Race {
  readonly estate: EstateSeed
  readonly desired: EstateSeed
  readonly topology: string
  /** The second job starts after this many writes of the first; at once when absent. */
  readonly after: number | undefined
  readonly knobs: Partial<Knobs>
}

async function race({ estate, desired, topology, after, knobs }: Race): Promise<readonly string[]> {
  const options = { estate, knobs: { endpointInUse: 'allow' as const, ...knobs } }
  return await withSimulator(options, async (simulator) => {
    const { azure } = simulator
    const { stop } = watch(azure)
    const job = applyJob(topology)
    let seen = 0
    const off = azure.onCommit(({ phase }) => {
      if (phase !== 'finished') seen++
    })
    const first = await start(simulator, job)
    const ended = new AbortController()
    void first.done.finally(() => ended.abort())
    // If the first has fewer writes, the second starts when it is done.
    while (after !== undefined && seen < after && !ended.signal.aborted) await sleep(5)
    const results = await Promise.all([first.done, run(simulator, job)])
    off()
    const watched = stop()
    const same = JSON.stringify(azure.snapshot()) === JSON.stringify(desired)
    const ends = results.map((result) => endOf(result).result)
    const pair = ends.join(' + ')
    outcomes.set(pair, (outcomes.get(pair) ?? 0) + 1)
    const third = await run(simulator, job)
    const isGood = ends.every((end) => ['applied', 'no-changes'].includes(end))
    const judged = readTopology(topology, desired)
    return [
      ...results.flatMap(judgeEnd),
      ...results.flatMap((result) => judgeLog(result, simulator)),
      ...(isGood && !same ? [`both are content (${pair}), and Azure is not as the file says`] : []),
      ...judge(judged, watched, desired),
      ...judgeOwnership(judged, watched),
      ...(['applied', 'no-changes'].includes(endOf(third).result)
        ? []
        : [`the same job again is ${endOf(third).result}: ${messageOf(third)}`]),
      ...(isGood && endOf(third).result !== 'no-changes' ? ['there was something left to do'] : []),
      ...(JSON.stringify(azure.snapshot()) === JSON.stringify(desired)
        ? []
        : ['the same job again does not end as one alone']),
    ]
  })
}

/** Each of the two succeeds, or reports the conflict and that the same job finishes the work. */
function judgeEnd(result: JobResult): readonly string[] {
  const { exitCode, result: end, reason } = endOf(result)
  if (['applied', 'no-changes'].includes(end))
    return exitCode === 0 ? [] : [`${end} exits with ${String(exitCode)}`]
  const isClean =
    exitCode === 1 &&
    ((end === 'partial' && ['partial-apply', 'not-converged'].includes(reason)) ||
      (end === 'failed' && ['plan-changed', 'blocked'].includes(reason))) &&
    /again/i.test(messageOf(result))
  return isClean
    ? []
    : [`one of them is ${end} (${reason}): ${messageOf(result)}\n${result.stdout}`]
}
