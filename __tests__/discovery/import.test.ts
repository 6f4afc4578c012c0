import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { shuffle } from '../oracle/twist.ts'
import { disagreements } from '../oracle/disagree.ts'
import { low, write, type World } from '../oracle/world.ts'
import { compliantWorlds, endpointsIn, isLinked } from './compliant.ts'
import { faultyWorlds } from './faults.ts'
import { importOf } from './importOf.ts'

const seed = 20261128

function holds(worlds: fc.Arbitrary<World>, check: (world: World) => void, numRuns: number): void {
  fc.assert(fc.property(worlds, check), { numRuns, seed })
}

function numbers(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

describe('An estate that follows the article, with its own names,', () => {
  test('imports to a file whose plan is empty', () => {
    let targets = 0
    holds(
      compliantWorlds(),
      (world) => {
        const { plan, topology, text } = importOf(world)
        targets += topology.targets.length
        if (plan.changes.length > 0)
          throw new Error(`${text}\n${JSON.stringify(plan.changes, null, 1)}`)
        expect(plan.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
      },
      200,
    )
    expect(targets).toBeGreaterThan(300)
  })

  test('names every target that a linked endpoint serves, and no others', () => {
    holds(
      compliantWorlds(),
      (world) => {
        const { topology } = importOf(world)
        expect(topology.targets.map(({ id }) => id.key).sort()).toEqual(
          [...world.associations.keys()].sort(),
        )
      },
      60,
    )
  })

  test('imports to the same bytes, whatever the order of the answers', () => {
    holds(
      compliantWorlds(),
      (world) => {
        const { text } = importOf(world)
        expect(importOf(world).text).toBe(text)
        expect(importOf(shuffle(world, numbers(5))).text).toBe(text)
      },
      60,
    )
  })
})

describe('An estate with faults', () => {
  test('imports to a file whose plan holds only what the rules call for', () => {
    let changes = 0
    holds(
      faultyWorlds(),
      (world) => {
        const { plan, topology } = importOf(world)
        changes += plan.changes.length
        for (const change of plan.changes) judge(change, world)
        expect(disagreements(topology, { ...world, selected: [] })).toEqual([])
      },
      250,
    )
    expect(changes).toBeGreaterThan(150)
  })

  test('is repaired by applying that plan: the next plan is empty', () => {
    holds(
      faultyWorlds(),
      (world) => {
        const { plan, topology } = importOf(world)
        if (plan.diagnostics.some(({ severity }) => severity === 'error')) return
        const mended = plan.changes.reduce(write, world)
        expect(disagreements(topology, { ...mended, selected: [] })).toEqual([])
        expect(importOf(mended, topology.name).plan.changes).toEqual([])
      },
      80,
    )
  })
})

type Change = ReturnType<typeof importOf>['plan']['changes'][number]

/** Nothing is renamed, recreated, taken over or deleted; only missing objects are created. */
function judge({ action, before, after }: Change, world: World): void {
  expect(action).not.toBe('delete')
  switch (after?.kind) {
    case 'scopedResource': {
      const state = world.links.find(
        (link) => low(link.linkedResourceId) === low(after.linkedResourceId),
      )?.provisioningState
      expect(action === 'create' ? state : state === 'Failed').toBe(
        action === 'create' ? undefined : true,
      )
      return
    }
    case 'association': {
      const target = world.targets.get(low(after.target))
      const region = target?.state === 'found' ? target.value.location : ''
      const old = world.associations.get(low(after.target))?.endpointId
      const reading = old === undefined ? undefined : world.endpoints.get(low(old))
      // What worked is left alone.
      expect(reading?.state === 'found' && reading.value.location === region).toBe(false)
      const there = endpointsIn(world, region)
      if (there.length === 0) return
      const uses = (id: string) =>
        [...world.associations.values()].filter((one) => low(one.endpointId ?? '') === low(id))
          .length
      const most = Math.max(...there.map(({ id }) => uses(id)))
      expect(isLinked(world, after.endpointId ?? '')).toBe(true)
      expect(uses(after.endpointId ?? '')).toBe(most)
      return
    }
    case 'dataCollectionEndpoint': {
      expect(action).toBe('create')
      expect(endpointsIn(world, after.location)).toEqual([])
      return
    }
    case 'accessModes':
    case undefined:
      throw new Error(`an import never calls for this: ${action} of ${before?.kind ?? ''}`)
  }
}
