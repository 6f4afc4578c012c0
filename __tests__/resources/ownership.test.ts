import { describe, expect, test } from '@jest/globals'
import { ownershipDescription } from '../../src/resources/ownership.ts'
import { isMarkedOurs, isOurEndpoint, isOurLink, markOf } from '../../src/estate/ownership.ts'
import { association, dceId, endpoint, link, vmId } from '../plan/builders.ts'

describe('An endpoint is ours', () => {
  test.each([
    ['with our tag', { 'azure-monitor-private-link': 'prod' }, true],
    ['with our tag in another case', { 'Azure-Monitor-Private-LINK': 'prod' }, true],
    ['beside other tags', { team: 'x', 'azure-monitor-private-link': 'prod' }, true],
    ["not with another topology's tag", { 'azure-monitor-private-link': 'test' }, false],
    ['not with our name in another case', { 'azure-monitor-private-link': 'Prod' }, false],
    ['not without the tag', { 'azure-monitor': 'prod' }, false],
  ] as const)('%s', (_, tags, expected) => {
    expect(isOurEndpoint(endpoint(dceId('x'), 'westeurope', { tags }), 'prod')).toBe(expected)
  })
})

describe('A link is ours', () => {
  const right = link(dceId('x'))
  test.each([
    ['by the name that we would give it', right, true],
    ['in any case', { ...right, name: right.name.toUpperCase() }, true],
    [
      'whatever the case of what it links',
      { ...right, linkedResourceId: dceId('x').toUpperCase() },
      true,
    ],
    ['not by a name for something else', { ...right, linkedResourceId: dceId('y') }, false],
    [
      'not by a name of one it resembles',
      { ...right, linkedResourceId: dceId('x', 'rg-other') },
      false,
    ],
    [
      "not by another topology's name",
      { ...right, name: right.name.replace('prod', 'test') },
      false,
    ],
  ])('%s', (_, one, expected) => {
    expect(isOurLink(one, 'prod')).toBe(expected)
  })
})

test('An association is marked by its description, exactly', () => {
  const words = ownershipDescription('prod')
  expect(words).toBe('Managed by azure-monitor-private-link (topology: prod)')
  const marked = (description?: string) => association(vmId('vm'), dceId('x'), description)
  expect(isMarkedOurs(marked(words), 'prod')).toBe(true)
  expect(isMarkedOurs(marked(words), 'test')).toBe(false)
  expect(isMarkedOurs(marked(`${words} `), 'prod')).toBe(false)
  expect(isMarkedOurs(marked(), 'prod')).toBe(false)
  expect(markOf(marked(words))).toBe('prod')
  expect(markOf(marked('by hand'))).toBeUndefined()
})
