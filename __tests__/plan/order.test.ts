import { describe, expect, test } from '@jest/globals'
import type { Draft } from '../../src/plan/draft.ts'
import { order } from '../../src/plan/order.ts'
import { associationId, type Resource } from '../../src/resources/resource.ts'
import { dceId, dcrId, link, scopeId, vmId } from './builders.ts'

const why = { rule: 'access-modes', reason: 'since' } as const

function draft(key: string, before: Resource | null, after: Resource | null): Draft {
  const object = after ?? before
  if (!object) throw new Error('neither before nor after')
  const action = before
    ? after
      ? object.kind === 'association'
        ? 'replace'
        : 'update'
      : 'delete'
    : 'create'
  return { key, id: object.id, kind: object.kind, action, before, after, ...why } as Draft
}

const dce = (name: string, publicNetworkAccess: 'Enabled' | 'Disabled' = 'Disabled') =>
  ({
    kind: 'dataCollectionEndpoint',
    id: dceId(name),
    location: 'westeurope',
    publicNetworkAccess,
    tags: {},
  }) as const
const linked = (name: string) => {
  const { id, linkedResourceId } = link(dceId(name))
  return { kind: 'scopedResource', id, linkedResourceId } as const
}
const associated = (vm: string, name: string) =>
  ({
    kind: 'association',
    id: associationId(vmId(vm)),
    target: vmId(vm),
    endpointId: dceId(name),
  }) as const
const modes = (ingestion: 'Open' | 'PrivateOnly', query: 'Open' | 'PrivateOnly') =>
  ({ kind: 'accessModes', id: scopeId, ingestion, query }) as const

const all = [
  draft('close', modes('Open', 'Open'), modes('Open', 'PrivateOnly')),
  draft('delete old', dce('old'), null),
  draft('unlink old', linked('old'), null),
  draft('move vm', associated('vm', 'OLD'), associated('vm', 'new')),
  draft('free stray', associated('stray', 'old'), null),
  draft('link new', null, linked('new')),
  draft('make new', null, dce('new')),
  draft('hide kept', dce('kept', 'Enabled'), dce('kept')),
  draft('relink kept', linked('kept'), linked('kept')),
  draft('open', modes('PrivateOnly', 'Open'), modes('Open', 'Open')),
]

const holding = {
  kind: 'association',
  id: associationId(vmId('held')),
  target: vmId('held'),
  ruleId: dcrId('held'),
} as const

describe('The order of changes', () => {
  const ordered = order(all)

  test('lists each change after its dependencies, and PrivateOnly last', () => {
    expect(ordered.map((one) => one.key)).toEqual([
      'open',
      'make new',
      'relink kept',
      'link new',
      'move vm',
      'hide kept',
      'free stray',
      'unlink old',
      'delete old',
      'close',
    ])
    const seen = new Set<string>()
    for (const one of ordered) {
      for (const need of one.dependsOn) expect(seen).toContain(need)
      seen.add(one.key)
    }
  })

  test.each([
    ['open', []],
    ['make new', ['open']],
    ['link new', ['make new', 'open']],
    ['relink kept', ['open']],
    ['move vm', ['link new', 'make new', 'open']],
    ['free stray', ['open']],
    ['hide kept', ['open', 'relink kept']],
    ['unlink old', ['free stray', 'move vm', 'open']],
    ['delete old', ['free stray', 'move vm', 'open', 'unlink old']],
    ['close', ['link new', 'make new', 'move vm', 'open', 'relink kept']],
  ])('%s waits for %j', (key, needs) => {
    expect(ordered.find((one) => one.key === key)?.dependsOn).toEqual(needs)
  })

  test('deletes links only after all changes of associations that hold a rule, which may send through them', () => {
    const held = order([
      draft('unlink old', linked('old'), null),
      draft('let go', holding, associated('held', 'new')),
    ])
    expect(held.map(({ key, dependsOn }) => [key, dependsOn])).toEqual([
      ['let go', []],
      ['unlink old', ['let go']],
    ])
  })

  test('does not depend on the order in which the changes were found', () => {
    expect(order(all.toReversed())).toEqual(ordered)
  })
})
