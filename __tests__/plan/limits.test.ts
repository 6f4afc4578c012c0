import { expect, test } from '@jest/globals'
import {
  association,
  dceId,
  endpoint,
  machine,
  mark,
  ours,
  target,
  proposalOf,
  topology,
  vmId,
  world,
} from './builders.ts'

const names = ['a', 'b', 'c']
const file = topology({ targets: names.map((name) => machine(name)) })
const azure = world({
  targets: names.map((name) => target(vmId(name), 'westeurope')),
  endpoints: [
    endpoint(dceId('far', 'rg-x'), 'eastus'),
    endpoint(dceId('left'), 'eastus', { tags: ours }),
  ],
  associations: [
    ...names.map((name) => association(vmId(name), dceId('far', 'rg-x'))),
    association(vmId('stray'), dceId('left'), mark),
  ],
})

const codes = (maxDeletes: number, maxReplacements: number) =>
  proposalOf(file, azure, { maxDeletes, maxReplacements }).plan.diagnostics.map(
    (one) => one.message.split(',')[0],
  )

test('The limit itself is allowed, one more is not', () => {
  expect(codes(2, 3)).toEqual([])
  expect(codes(1, 3)).toEqual(['This plan would delete 2 objects'])
  expect(codes(2, 2)).toEqual(['This plan would replace 3 objects'])
  expect(codes(0, 0)).toEqual([
    'This plan would delete 2 objects',
    'This plan would replace 3 objects',
  ])
})
