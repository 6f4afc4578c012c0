import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { EstateSeed, Knobs, Simulator } from '../../simulator/simulator.ts'
import { judge, watch } from '../support/capabilities.ts'
import { judgeOwnership } from '../support/ownership.ts'
import { type JudgedTopology, readTopology } from '../support/topology.ts'
import { endOperations } from './operations.ts'
import {
  applyJob,
  atMost,
  estateAfter,
  run,
  start,
  takenWrites,
  withSimulator,
  writesOf,
} from './runs.ts'
import { ownSituations, readSituations, type Situation } from './situations.ts'

/** Concurrent kills: a job mostly waits. */
const atATime = 4

let kills = 0

/** Our own situations have every kind of change in every direction; the scenarios add about two minutes. */
const isSlow = process.env['SLOW'] === '1'
const situations = isSlow ? readSituations() : ownSituations

/**
 * Promises 3 and 4, "also if it is killed there" and "re-run finishes": for every write of every situation, a
 * fresh Azure, a job that is killed (SIGKILL) after Azure committed that write and before its answer, and the
 * same job again.
 */
describe('an apply that is killed after any write cuts off no target, and the same job finishes it', () => {
  test.each(situations.map((situation) => [situation.name, situation] as const))(
    '%s',
    async (_, situation) => {
      const whole = await applyUndisturbed(situation)
      expect(whole.broken).toEqual([])
      const points = whole.writes.map((_, index) => index + 1)
      const broken = await atMost(
        atATime,
        points.map((point) => () => killAt(situation, whole, point)),
      )
      kills += points.length
      expect(broken.flat()).toEqual([])
    },
    600_000,
  )

  afterAll(() => {
    process.stdout.write(`Kill points: ${kills}.\n`)
  })
})

/** A complete apply, whose result every killed one must reach too. */
interface Whole {
  readonly before: EstateSeed
  readonly after: EstateSeed
  readonly topology: JudgedTopology
  readonly writes: readonly string[]
  readonly broken: readonly string[]
}

async function applyUndisturbed(situation: Situation): Promise<Whole> {
  const { earlier, estate, topology: text, inputs } = situation
  const before = earlier === undefined ? estate : await estateAfter(estate, earlier)
  return await withSimulator({ estate: before, knobs: knobsOf(0) }, async (simulator) => {
    const operations = endOperations(simulator)
    const { stop } = watch(simulator.azure)
    const result = await run(simulator, applyJob(text, inputs))
    operations.stop()
    const watched = stop()
    const after = simulator.azure.snapshot()
    const topology = readTopology(text, after)
    const isApplied = ['applied', 'no-changes'].includes(result.outputs['result'] ?? '')
    return {
      before,
      after,
      topology,
      writes: takenWrites(simulator),
      broken: [
        ...(isApplied ? [] : [`was not applied:\n${result.stdout}\n${result.stderr}`]),
        ...judge(topology, watched, after),
        ...judgeOwnership(topology, watched),
      ],
    }
  })
}

/** `endOperations` ends long-running writes, so that a kill finds them in progress. */
function knobsOf(point: number): Partial<Knobs> {
  const lro = (['body', 'async-operation', 'location'] as const)[point % 3] ?? 'body'
  return {
    scopedWriteMs: Infinity,
    retryAfterSeconds: 0,
    resourceGraphLagMs: point % 2 === 0 ? Infinity : 0,
    endpointInUse: 'allow',
    lro,
  }
}

/** The violations when the job is killed at this write, one line each. */
async function killAt(
  situation: Situation,
  whole: Whole,
  point: number,
): Promise<readonly string[]> {
  const { before: estate, after: wanted, topology } = whole
  const job = applyJob(situation.topology, situation.inputs)
  return await withSimulator({ estate, knobs: knobsOf(point) }, async (simulator) => {
    const { azure } = simulator
    const operations = endOperations(simulator)
    const first = watch(azure)
    const killed = await killAtWrite(simulator, job, point, () => operations.pause())
    const before = first.stop()

    const second = watch(azure)
    operations.resumeOnceSeen(topology.scope)
    const result = await run(simulator, job)
    operations.stop()
    const after = second.stop()

    const complaints = [
      ...(killed === 'SIGKILL' ? [] : [`it ended by itself (${String(killed)})`]),
      ...judge(topology, before, wanted),
      ...judge(topology, after, wanted),
      ...[before, after].flatMap((watched) => judgeOwnership(topology, watched)),
      ...judgeSecond(whole, simulator, result.outputs['result'] ?? '', result.stdout, point),
    ]
    return complaints.map((complaint) => `killed at write ${point}: ${complaint}`)
  })
}

/** Kills the job while Azure delays its answer to the nth write; returns the signal that ended it. */
async function killAtWrite(
  simulator: Simulator,
  job: Parameters<typeof start>[1],
  point: number,
  onKill: () => void,
): Promise<NodeJS.Signals | null> {
  const running = await start(simulator, job)
  let seen = 0
  const off = simulator.azure.onCommit(async ({ phase }) => {
    if (phase === 'finished' || ++seen !== point) return
    onKill()
    running.kill('SIGKILL')
    await running.done
  })
  const { signal } = await running.done
  // Writes in flight at the kill are still committed.
  await sleep(20)
  off()
  return signal
}

/** The second run succeeds, reaches the same state, and repeats no write that Azure had committed. */
function judgeSecond(
  whole: Whole,
  simulator: Simulator,
  result: string,
  log: string,
  point: number,
): readonly string[] {
  const after = simulator.azure.snapshot()
  const writes = takenWrites(simulator)
  const expected = point === whole.writes.length ? ['no-changes'] : ['applied', 'no-changes']
  const refused = writesOf(simulator).filter(({ status }) => status >= 400)
  return [
    ...(expected.includes(result) ? [] : [`the second run is ${result}:\n${log}`]),
    ...(same(after, whole.after)
      ? []
      : [`it ends in another state: ${difference(after, whole.after)}`]),
    ...(same(writes, whole.writes)
      ? []
      : [`it wrote\n${writes.join('\n')}\nand undisturbed it writes\n${whole.writes.join('\n')}`]),
    ...refused.map(({ method, path, status }) => `Azure refused ${method} ${path} (${status})`),
  ]
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function difference(a: EstateSeed, b: EstateSeed): string {
  const known = new Set(b.resources.map((resource) => JSON.stringify(resource)))
  const other = a.resources.filter((resource) => !known.has(JSON.stringify(resource)))
  return JSON.stringify(other)
}
