import { expect, test } from '@jest/globals'
import { findUnconfirmed, mostConfirmed, sampleSize } from '../../src/plan/confirm.ts'
import { parseResourceId } from '../../src/resources/id.ts'
import { idOf, machine, proposalOf, sub, target, topology, vmId, world } from './builders.ts'

test('The confirmed changes of a long plan are from every subscription, so that no read quota is used up', () => {
  const subscriptions = [sub, ...['2', '3'].map((digit) => sub.replaceAll('1', digit))]
  const ids = Array.from({ length: 900 }, (_, index) =>
    // Sorted by id, the first three hundred are all in one subscription.
    vmId(`vm-${String(index % 300).padStart(3, '0')}`).replace(
      sub,
      subscriptions[Math.floor(index / 300)] ?? sub,
    ),
  )
  const file = topology({ targets: ids.map((id) => ({ ...machine('x'), id: idOf(id) })) })
  const azure = world({ targets: ids.map((id) => target(id, 'westeurope')) })
  const { plan, desired } = proposalOf(file, azure)
  // Nothing has been read from a provider yet.
  const estate = { ...desired.world.estate, confirmed: new Set<string>() }
  const fresh = { ...desired, world: { ...desired.world, estate } }
  const asked = findUnconfirmed(fresh, plan.changes, { all: false }).filter(
    ({ what }) => what === 'association',
  )
  const counts = subscriptions.map(
    (one) => asked.filter(({ id }) => parseResourceId(id)?.subscription === one).length,
  )
  expect(plan.changes.filter(({ kind }) => kind === 'association')).toHaveLength(900)
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2)
  expect(asked).toHaveLength(sampleSize)
})

test('A short plan is confirmed whole', () => {
  const targetsOf = (count: number) => {
    const ids = Array.from({ length: count }, (_, n) => vmId(`vm-${n}`))
    const file = topology({ targets: ids.map((id) => ({ ...machine('x'), id: idOf(id) })) })
    const { plan, desired } = proposalOf(
      file,
      world({ targets: ids.map((id) => target(id, 'westeurope')) }),
    )
    const estate = { ...desired.world.estate, confirmed: new Set<string>() }
    const fresh = { ...desired, world: { ...desired.world, estate } }
    const asked = findUnconfirmed(fresh, plan.changes, { all: false })
    return { changes: plan.changes.length, asked: asked.filter((q) => q.what === 'association') }
  }
  const others = targetsOf(1).changes - 1
  expect(targetsOf(mostConfirmed - others).asked.every((q) => q.withTarget)).toBe(true)
  expect(targetsOf(mostConfirmed - others).asked).toHaveLength(mostConfirmed - others)
  expect(targetsOf(mostConfirmed - others + 1).asked).toHaveLength(sampleSize)
})
