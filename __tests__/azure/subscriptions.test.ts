import { describe, expect, it } from '@jest/globals'
import { findHiddenSubscriptions } from '../../src/azure/look/findSubscriptions.ts'
import type { Estate } from '../../src/estate/estate.ts'
import { observe } from '../oracle/world.ts'
import { target, topology, vmId, world } from '../plan/builders.ts'
import { fakeArm } from './connection/support.ts'

const one = '22222222-2222-2222-2222-222222222222'
const file = topology({
  selects: [
    {
      kind: 'machine',
      subscriptions: [one],
      types: ['microsoft.compute/virtualmachines'],
      exclude: [],
      logs: [],
      at: { line: 1, column: 1 },
    },
  ],
})
const nothing: Estate = observe(world())
const answers = {
  'can be read': { status: 200, body: { subscriptionId: one } },
  'cannot be read': {
    status: 403,
    body: { error: { code: 'AuthorizationFailed', message: 'You may not.' } },
  },
  'is not in the tenant': { status: 404, body: { error: { code: 'SubscriptionNotFound' } } },
  'is unknown to this Azure': { status: 404, body: { error: { code: 'NotFound' } } },
}

describe("a select's subscription in which nothing was found", () => {
  it.each([
    ['can be read', []],
    ['cannot be read', [[one, { state: 'unreadable', why: 'You may not.' }]]],
    ['is not in the tenant', [[one, { state: 'missing' }]]],
    ['is unknown to this Azure', []],
  ] as const)('%s', async (what, hidden) => {
    const { arm, sent } = fakeArm(() => answers[what])
    expect([...(await findHiddenSubscriptions(arm, file, nothing))]).toEqual(hidden)
    expect(sent).toHaveLength(1)
  })
})

describe('a subscription in which something was found', () => {
  it('is not read', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 500 }))
    const id = vmId('vm').replace(/^\/subscriptions\/[^/]+/, `/subscriptions/${one.toUpperCase()}`)
    const estate = observe(world({ targets: [target(id, 'westeurope')] }))
    expect([...(await findHiddenSubscriptions(arm, file, estate))]).toEqual([])
    expect(sent).toEqual([])
  })
})
