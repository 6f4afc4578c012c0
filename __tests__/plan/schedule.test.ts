import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Outcome } from '../../src/plan/schedule/outcome.ts'
import type { Change } from '../../src/plan/plan.ts'
import { makeQueue } from '../../src/plan/schedule/queue.ts'
import { makeSchedule } from '../../src/plan/schedule/schedule.ts'
import type { Resource } from '../../src/resources/resource.ts'
import { dceId, link, scopeId } from './builders.ts'

const objects: Record<string, (key: string) => Resource> = {
  endpoint: (key) => ({
    kind: 'dataCollectionEndpoint',
    id: dceId(key),
    location: 'westeurope',
    publicNetworkAccess: 'Disabled',
    tags: {},
  }),
  link: (key) => ({
    kind: 'scopedResource',
    id: link(dceId(key)).id,
    linkedResourceId: dceId(key),
  }),
  close: () => ({ kind: 'accessModes', id: scopeId, ingestion: 'PrivateOnly', query: 'Open' }),
}

/** A minimal change from its key, such as `endpoint a` or `link b`. */
function change(key: string, ...dependsOn: string[]): Change {
  const [what = '', name = ''] = key.split(' ')
  const after = objects[what]?.(name)
  if (!after) throw new Error(key)
  const before: Resource | null =
    after.kind === 'accessModes' ? { ...after, ingestion: 'Open' } : null
  return {
    key,
    id: after.id,
    kind: after.kind,
    action: before ? 'update' : 'create',
    before,
    after,
    rule: 'config-endpoint',
    reason: 'since',
    dependsOn,
    digest: '',
  } as Change
}

const outcome = (change: Change, result: Outcome['result'] = 'done'): Outcome => ({
  change,
  result,
  elapsed: 1,
})
const keys = (changes: readonly { key: string }[]) => changes.map((one) => one.key)

describe('A schedule', () => {
  test('writes to the scope one at a time, and other objects concurrently', () => {
    const all = ['endpoint a', 'endpoint b', 'endpoint c', 'link d', 'link e'].map((key) =>
      change(key),
    )
    const schedule = makeSchedule(all, { maxConcurrency: 2 })
    const first = schedule.next()
    expect(keys(first)).toEqual(['endpoint a', 'endpoint b', 'link d'])
    expect(schedule.next()).toEqual([])
    schedule.settle(outcome(all[0] as Change))
    expect(keys(schedule.next())).toEqual(['endpoint c'])
    schedule.settle(outcome(all[3] as Change))
    expect(keys(schedule.next())).toEqual(['link e'])
    expect(schedule.running).toBe(3)
  })

  test('starts the changes with the most dependents first', () => {
    const all = [change('endpoint a'), change('endpoint b'), change('link c', 'endpoint b')]
    expect(keys(makeSchedule(all, { maxConcurrency: 1 }).next())).toEqual(['endpoint b'])
  })

  test('skips the dependents of a failed change, and nothing else', () => {
    const all = [
      change('endpoint a'),
      change('endpoint b'),
      change('link a', 'endpoint a'),
      change('link b', 'endpoint b'),
      change('endpoint c', 'link a'),
    ]
    const schedule = makeSchedule(all, { maxConcurrency: 8 })
    schedule.next()
    const skipped = schedule.settle(outcome(all[0] as Change, 'failed'))
    expect(skipped.map((one) => [one.change.key, one.result])).toEqual([
      ['link a', 'skipped'],
      ['endpoint c', 'skipped'],
    ])
    schedule.settle(outcome(all[1] as Change))
    expect(keys(schedule.next())).toEqual(['link b'])
    schedule.settle(outcome(all[3] as Change))
    expect(schedule.isDone).toBe(true)
  })

  test('writes PrivateOnly after everything else has ended, successfully or not', () => {
    const all = [change('endpoint a'), change('endpoint b'), change('close', 'endpoint a')]
    const schedule = makeSchedule(all, { maxConcurrency: 8 })
    schedule.next()
    schedule.settle(outcome(all[0] as Change))
    expect(schedule.next()).toEqual([])
    schedule.settle(outcome(all[1] as Change, 'failed'))
    expect(keys(schedule.next())).toEqual(['close'])
  })

  test('does not write PrivateOnly if one of its dependencies has failed', () => {
    const all = [change('endpoint a'), change('close', 'endpoint a')]
    const schedule = makeSchedule(all, { maxConcurrency: 8 })
    schedule.next()
    expect(
      schedule.settle(outcome(all[0] as Change, 'failed')).map((one) => one.change.key),
    ).toEqual(['close'])
    expect(schedule.isDone).toBe(true)
  })

  test('cancels changes that have not started', () => {
    const all = [change('endpoint a'), change('link a', 'endpoint a')]
    const schedule = makeSchedule(all, { maxConcurrency: 8 })
    schedule.next()
    expect(schedule.cancel('stopped').map((one) => [one.change.key, one.result])).toEqual([
      ['link a', 'cancelled'],
    ])
    schedule.settle(outcome(all[0] as Change))
    expect(schedule.next()).toEqual([])
    expect(schedule.isDone).toBe(true)
  })

  test('takes constant time per step, whatever the number of changes', () => {
    const count = 20_000
    const all = Array.from({ length: count }, (_, n) => change(`endpoint ${n}`))
    const schedule = makeSchedule(all, { maxConcurrency: 8 })
    const running: Change[] = []
    let done = 0
    for (; !schedule.isDone; done++) {
      running.push(...schedule.next())
      const next = running.shift()
      if (next) schedule.settle(outcome(next))
    }
    expect(done).toBe(count)
  })
})

test('A queue returns its smallest number first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000)), (numbers) => {
      const queue = makeQueue()
      for (const number of numbers) queue.push(number)
      const taken = numbers.map(() => queue.pop())
      expect(taken).toEqual(numbers.toSorted((a, b) => a - b))
      expect(queue.pop()).toBeUndefined()
    }),
    { seed: 20261122 },
  )
})
