import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Change } from '../../src/plan/plan.ts'
import { type Diagnostic, hasErrors } from '../../src/diagnostics.ts'
import { disagreements, proposeFor } from './disagree.ts'
import { judge } from './judge.ts'
import { isOurs } from './oracle.ts'
import { type Case, cases, oneMore } from './random.ts'
import { forget, leaveOut, recase, reorder, ruffle, shuffle } from './twist.ts'
import { low, observe, write, type World } from './world.ts'

/**
 * Compares the product with an oracle that was written from the contract alone, on random estates and
 * files. A failure prints the seed and the smallest case.
 */
const seed = 20261122

/** The slow tier runs twice as many cases. */
const times = process.env['SLOW'] === '1' ? 2 : 1

function holds(runs: number, check: (one: Case) => void, roughness?: 'clean'): void {
  fc.assert(fc.property(cases(roughness), check), { numRuns: runs, seed })
}

/** Gives the same numbers for the same case, so that a failure can be reproduced. */
function numbers(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Objects with another topology's mark are reported only as far as Resource Graph shows them: nothing is read for them. */
const isOfPlan = ({ code }: Diagnostic) => code !== 'marked-by-unknown-topology'

const meaning = (changes: readonly Change[]) => changes.map((one) => one.digest).sort()

/** Plans without a blocking diagnostic. */
function planOf({ topology, world }: Case): readonly Change[] | undefined {
  const { plan } = proposeFor(topology, world)
  return hasErrors(plan.diagnostics) ? undefined : plan.changes
}

describe('Product and oracle', () => {
  test('agree on changes, diagnostics and counts', () => {
    holds(500 * times, ({ topology, world }) => {
      expect(disagreements(topology, world)).toEqual([])
    })
  })

  test('agree if nothing is missing or unreadable', () => {
    holds(
      150 * times,
      ({ topology, world }) => {
        expect(disagreements(topology, world)).toEqual([])
      },
      'clean',
    )
  })
})

describe('An apply, in any order and killed at any point,', () => {
  test('takes no capability from any target', () => {
    let judged = 0
    holds(500, (one) => {
      const changes = planOf(one)
      if (!changes || changes.length === 0) return
      judged++
      expect(judge(one.topology, one.world, changes, numbers(changes.length))).toEqual([])
    })
    expect(judged).toBeGreaterThan(50)
  })

  test('reaches the desired state, and a second plan is empty', () => {
    holds(300, (one) => {
      const changes = planOf(one)
      if (!changes) return
      const world = changes.reduce(write, one.world)
      expect(disagreements(one.topology, world)).toEqual([])
      expect(planOf({ ...one, world })).toEqual([])
    })
  })

  test('is completed by the next run', () => {
    holds(100, (one) => {
      const changes = planOf(one)
      if (!changes) return
      const end = stateOf(changes.reduce(write, one.world))
      for (let done = 1; done < changes.length; done++) {
        const killed = changes.slice(0, done).reduce(write, one.world)
        const rest = planOf({ ...one, world: killed })
        expect(rest).toBeDefined()
        expect(judge(one.topology, killed, rest ?? [], numbers(done), 1)).toEqual([])
        expect(stateOf((rest ?? []).reduce(write, killed))).toEqual(end)
      }
    })
  })
})

/** The managed objects, without properties that depend on how they were created. */
function stateOf(world: World): unknown {
  const links = world.links.map((link) => `${low(link.linkedResourceId)} ${link.provisioningState}`)
  const endpoints = [...world.endpoints].flatMap(([key, reading]) =>
    reading.state === 'found'
      ? [`${key} ${JSON.stringify(reading.value.tags)} ${reading.value.publicNetworkAccess}`]
      : [],
  )
  const associations = [...world.associations].map(
    ([key, one]) => `${key} ${low(one.endpointId ?? one.ruleId ?? '')}`,
  )
  const modes = world.scope.state === 'found' ? world.scope.value.modes : undefined
  return {
    links: links.sort(),
    endpoints: endpoints.sort(),
    associations: associations.sort(),
    modes,
  }
}

describe('A plan', () => {
  test('does not depend on the order of answers from Azure', () => {
    holds(150, ({ topology, world }) => {
      const other = shuffle(world, numbers(7))
      expect(proposeFor(topology, other).plan).toEqual(proposeFor(topology, world).plan)
    })
  })

  test('does not depend on the case of ids', () => {
    holds(150, ({ topology, world }) => {
      const { plan } = proposeFor(topology, world)
      const other = proposeFor(topology, recase(world, numbers(11))).plan
      expect(meaning(other.changes)).toEqual(meaning(plan.changes))
      expect(other.fingerprint).toBe(plan.fingerprint)
      expect(other.unchanged).toBe(plan.unchanged)
    })
  })

  test('does not depend on properties that it does not manage', () => {
    holds(150, ({ topology, world }) => {
      const other = proposeFor(topology, ruffle(world, numbers(13))).plan
      expect(other.fingerprint).toBe(proposeFor(topology, world).plan.fingerprint)
    })
  })

  test('does not depend on the order of the file, except for its Azure Monitor workspaces', () => {
    holds(150, ({ topology, world }) => {
      const other = proposeFor(reorder(topology), world).plan
      expect(other.fingerprint).toBe(proposeFor(topology, world).plan.fingerprint)
    })
  })

  test('renames nothing when a target is added', () => {
    holds(150, ({ topology, world }) => {
      const more = oneMore({ topology, world })
      const { plan } = proposeFor(more.topology, more.world)
      const before = proposeFor(topology, world).plan.changes.filter(
        (one) => one.kind !== 'accessModes' && one.action !== 'delete',
      )
      expect(meaning(plan.changes)).toEqual(expect.arrayContaining(meaning(before)))
    })
  })

  test('has no additional changes if Resource Graph omits associations', () => {
    let compared = 0
    holds(500, ({ topology, world }) => {
      const whole = proposeFor(topology, world).plan
      if (hasErrors(whole.diagnostics)) return
      compared++
      const known = leaveOut(
        forget(observe(world), (one) => isOurs(one, topology)),
        numbers(3),
      )
      const { plan } = proposeFor(topology, world, known)
      expect(meaning(whole.changes)).toEqual(expect.arrayContaining(meaning(plan.changes)))
    })
    expect(compared).toBeGreaterThan(50)
  })

  test('is the same with only data from Resource Graph, after its questions are answered', () => {
    holds(150, ({ topology, world }) => {
      const known = forget(observe(world), (one) => isOurs(one, topology))
      const asked = proposeFor(topology, world, known)
      const { plan } = proposeFor(topology, world)
      expect(meaning(asked.plan.changes)).toEqual(meaning(plan.changes))
      expect(asked.plan.diagnostics.filter(isOfPlan)).toEqual(plan.diagnostics.filter(isOfPlan))
      expect(asked.plan.unchanged).toBe(plan.unchanged)
    })
  })
})
