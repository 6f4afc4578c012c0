import { describe, expect, test } from '@jest/globals'
import { digestOf, fingerprintOf } from '../../src/plan/fingerprint.ts'
import type { Change } from '../../src/plan/plan.ts'
import { associationId } from '../../src/resources/resource.ts'
import { dceId, vmId } from './builders.ts'

type Meant = Parameters<typeof digestOf>[0]

const endpoint = {
  kind: 'dataCollectionEndpoint',
  id: dceId('a'),
  location: 'westeurope',
  publicNetworkAccess: 'Disabled',
  tags: { a: '1', b: '2' },
} as const
const associated = (name: string) =>
  ({
    kind: 'association',
    id: associationId(vmId('vm')),
    target: vmId('vm'),
    endpointId: dceId(name),
  }) as const

const create: Meant = {
  kind: 'dataCollectionEndpoint',
  id: endpoint.id,
  action: 'create',
  before: null,
  after: endpoint,
}
const replace: Meant = {
  kind: 'association',
  id: associationId(vmId('vm')),
  action: 'replace',
  before: associated('old'),
  after: associated('new'),
}

describe('The digest of a change', () => {
  const same: [string, Meant, Meant][] = [
    ['the case of its id', create, { ...create, id: create.id.toUpperCase() }],
    ['the order of tags', create, { ...create, after: { ...endpoint, tags: { b: '2', a: '1' } } }],
    [
      'the previous values of an updated object',
      { ...create, action: 'update', before: endpoint },
      { ...create, action: 'update', before: { ...endpoint, publicNetworkAccess: 'Enabled' } },
    ],
    [
      'the case of a reference',
      replace,
      { ...replace, before: { ...associated('old'), endpointId: dceId('OLD').toUpperCase() } },
    ],
    [
      'reason, rule and dependencies',
      replace,
      { ...replace, reason: 'other', rule: 'rule-endpoint', dependsOn: ['x'] } as Meant,
    ],
  ]
  test.each(same)('does not depend on %s', (_, a, b) => {
    expect(digestOf(b)).toBe(digestOf(a))
  })

  const other: [string, Meant, Meant][] = [
    ['its kind', create, { ...create, kind: 'association' }],
    ['its id', create, { ...create, id: dceId('b') }],
    ['its action', create, { ...create, action: 'update' }],
    [
      'a wanted value',
      create,
      { ...create, after: { ...endpoint, publicNetworkAccess: 'Enabled' } },
    ],
    ['a tag', create, { ...create, after: { ...endpoint, tags: { a: '1', b: '3' } } }],
    ['the wanted endpoint', replace, { ...replace, after: associated('newer') }],
    [
      'the previous endpoint of a replaced association',
      replace,
      { ...replace, before: associated('older') },
    ],
    [
      'the previous endpoint of a deleted association',
      { ...replace, action: 'delete', after: null },
      { ...replace, action: 'delete', after: null, before: associated('older') },
    ],
  ]
  test.each(other)('depends on %s', (_, a, b) => {
    expect(digestOf(b)).not.toBe(digestOf(a))
  })
})

test('The fingerprint covers the topology and all digests, in any order', () => {
  const digests = ['a', 'b'] satisfies Change['digest'][]
  expect(fingerprintOf('prod', digests)).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(fingerprintOf('prod', digests.toReversed())).toBe(fingerprintOf('prod', digests))
  expect(fingerprintOf('test', digests)).not.toBe(fingerprintOf('prod', digests))
  expect(fingerprintOf('prod', ['a'])).not.toBe(fingerprintOf('prod', digests))
  expect(fingerprintOf('prod', ['a', 'a'])).not.toBe(fingerprintOf('prod', ['a']))
})
