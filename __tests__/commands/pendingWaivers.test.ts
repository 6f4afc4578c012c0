import { expect, test } from '@jest/globals'
import { findPendingWaivers } from '../../src/commands/pendingWaivers.ts'
import { idOf, place, scopeId, sub, topology } from '../plan/builders.ts'
import type { Waiver } from '../../src/topology/topology.ts'

const waiver = (code: Waiver['code'], more: Partial<Waiver> = {}): Waiver => ({
  code,
  reason: 'June',
  expires: '2099-01-31',
  at: place,
  ...more,
})
const written = (...lines: readonly string[]) =>
  `version: 1\nname: prod\nsubscription: ${sub}\nprivateLinkScope: ${scopeId}\nwaivers:\n${lines.map((line) => `  - ${line}\n`).join('')}`
const two = topology({ waivers: [waiver('endpoint-in-use'), waiver('scope-not-ready')] })
const pending = (base: Parameters<typeof findPendingWaivers>[1], file = two) =>
  findPendingWaivers(file, base, '2026-11-28')

test('every waiver is held back when the base branch cannot be read', () => {
  expect(pending({ state: 'unknown' })).toEqual([0, 1])
})

test('every waiver is new when the pull request adds the file', () => {
  expect(pending({ state: 'absent' })).toEqual([0, 1])
})

test('a waiver of the base branch counts, even with another reason', () => {
  const text = written('{ code: scope-not-ready, reason: other words, expires: 2099-01-31 }')
  expect(pending({ state: 'found', text })).toEqual([0])
})

test.each([
  ['a later end', 'code: scope-not-ready, reason: June, expires: 2099-01-30'],
  [
    'another resource',
    `code: scope-not-ready, reason: June, expires: 2099-01-31, resource: ${sub}`,
  ],
])('what is extended is new: %s', (_, line) => {
  expect(pending({ state: 'found', text: written(`{ ${line} }`) })).toEqual([0, 1])
})

test('a file of the base branch that is not YAML has no waivers', () => {
  expect(pending({ state: 'found', text: 'waivers: [' })).toEqual([0, 1])
})

test('a resource in another case is the same', () => {
  const file = topology({ waivers: [waiver('endpoint-in-use', { resource: idOf(scopeId) })] })
  const line = `{ code: endpoint-in-use, resource: ${scopeId.toUpperCase()}, reason: June, expires: 2099-01-31 }`
  expect(pending({ state: 'found', text: written(line) }, file)).toEqual([])
})
