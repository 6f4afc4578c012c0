import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import {
  associationMark,
  isMarkedOurs,
  isMarkedWithoutScope,
  isOurEndpoint,
  isOurLink,
  linkMark,
} from '../../src/estate/ownership.ts'
import {
  markOf,
  marksOf,
  ownDescriptions,
  ownershipDescription,
} from '../../src/resources/ownership.ts'
import { association, dceId, endpoint, link, scopeId, topology, vmId } from '../plan/builders.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8)
const here = sha(scopeId.toLowerCase())
const owner = topology()
const renamed = topology({ name: 'new', formerNames: ['prod', 'moved/0123abcd'] })
const elsewhere = [
  { scopedResourceId: `${scopeId}-other/scopedResources/x`, scopeId: `${scopeId}-other` },
]
const bound = [{ scopedResourceId: `${scopeId.toUpperCase()}/scopedResources/x` }]

test('The mark is the name and the first eight digits of the sha256 of the lower-case id of the scope', () => {
  expect(markOf('prod', scopeId)).toBe(`prod/${here}`)
  expect(marksOf(owner).own).toBe(`prod/${here}`)
  expect(ownershipDescription(`prod/${here}`)).toBe(
    `Managed by azure-monitor-private-link (prod/${here})`,
  )
})

describe('An endpoint is ours', () => {
  test.each([
    ['with our tag', { 'azure-monitor-private-link': `prod/${here}` }, true],
    ['with our tag in another case', { 'Azure-Monitor-Private-LINK': `prod/${here}` }, true],
    ['beside other tags', { team: 'x', 'azure-monitor-private-link': `prod/${here}` }, true],
    ["not with another topology's tag", { 'azure-monitor-private-link': `test/${here}` }, false],
    [
      'not with our name for another scope',
      { 'azure-monitor-private-link': 'prod/00000000' },
      false,
    ],
    ['not with our name in another case', { 'azure-monitor-private-link': `Prod/${here}` }, false],
    ['not by our name alone', { 'azure-monitor-private-link': 'prod' }, false],
    ['not without the tag', { 'azure-monitor': `prod/${here}` }, false],
  ] as const)('%s', (_, tags, expected) => {
    expect(isOurEndpoint(endpoint(dceId('x'), 'westeurope', { tags }), owner)).toBe(expected)
  })

  test.each([
    ['by a former name', `prod/${here}`, [], true],
    ['by a former mark', 'moved/0123abcd', elsewhere, true],
    ['not by a former name for another scope', 'prod/00000000', [], false],
    ['not by the name of a former mark', `moved/${here}`, [], false],
    ['as the first version marked it, when nothing links it', 'prod', [], true],
    ['as the first version marked it, when this scope links it', 'prod', bound, true],
    [
      'not as the first version marked it, when only another scope links it',
      'prod',
      elsewhere,
      false,
    ],
    ['not as the first version marked something else', 'moved', [], false],
  ])('taken over %s', (_, mark, links, expected) => {
    const tags = { 'azure-monitor-private-link': mark }
    const one = endpoint(dceId('x'), 'westeurope', { tags, links })
    expect(isOurEndpoint(one, renamed)).toBe(expected)
  })

  test('as the first version marked it, when formerNames holds its own name', () => {
    const tags = { 'azure-monitor-private-link': 'prod' }
    const one = endpoint(dceId('x'), 'westeurope', { tags, links: bound })
    expect(isOurEndpoint(one, topology({ formerNames: ['prod'] }))).toBe(true)
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
    expect(isOurLink(one, owner)).toBe(expected)
    expect(isOurLink(one, renamed)).toBe(expected)
  })

  test('not by the name in a mark of another scope', () => {
    const named = { ...right, name: right.name.replace('prod', 'moved') }
    expect(isOurLink(named, renamed)).toBe(false)
    expect(isOurLink(named, topology({ formerNames: [`moved/${here}`] }))).toBe(true)
  })

  test('and its name contains the name of its topology', () => {
    expect(linkMark(right)).toBe('prod')
    expect(linkMark({ ...right, name: right.name.toUpperCase() })).toBe('prod')
    expect(linkMark({ ...right, name: 'by-hand' })).toBeUndefined()
    expect(linkMark({ ...right, linkedResourceId: dceId('y') })).toBeUndefined()
  })
})

test('An association is marked by its description, exactly', () => {
  const words = ownershipDescription(`prod/${here}`)
  const marked = (description?: string) => association(vmId('vm'), dceId('x'), description)
  expect(isMarkedOurs(marked(words), owner)).toBe(true)
  expect(isMarkedOurs(marked(words), renamed)).toBe(true)
  expect(isMarkedOurs(marked(words), topology({ name: 'test' }))).toBe(false)
  expect(isMarkedOurs(marked(`${words} `), owner)).toBe(false)
  expect(isMarkedOurs(marked(), owner)).toBe(false)
  expect(associationMark(marked(words))).toBe(`prod/${here}`)
  expect(associationMark(marked('by hand'))).toBeUndefined()
})

test('A mark of the first version has no scope hash: it alone does not make an association ours', () => {
  const first = association(
    vmId('vm'),
    dceId('x'),
    'Managed by azure-monitor-private-link (topology: prod)',
  )
  expect(associationMark(first)).toBe('prod')
  expect(isMarkedOurs(first, owner)).toBe(false)
  expect(isMarkedOurs(first, renamed)).toBe(false)
  expect(isMarkedWithoutScope(first, owner)).toBe(false)
  expect(isMarkedWithoutScope(first, renamed)).toBe(true)
})

test('The search covers every description that may be ours', () => {
  expect(ownDescriptions(renamed)).toEqual([
    `Managed by azure-monitor-private-link (new/${here})`,
    `Managed by azure-monitor-private-link (prod/${here})`,
    'Managed by azure-monitor-private-link (moved/0123abcd)',
    'Managed by azure-monitor-private-link (topology: prod)',
  ])
})
