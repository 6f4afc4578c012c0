import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  compareText,
  idKey,
  nameOf,
  normalLocation,
  parseResourceId,
  resourceId,
  sameId,
} from '../../src/resources/id.ts'

const vm = '/subscriptions/AAA/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/Vm-1'

describe('A resource id', () => {
  test.each([
    ['as Azure writes it', vm],
    ['without a leading slash', vm.slice(1)],
    ['with a slash at the end', `${vm}/`],
    ['with slashes doubled', vm.replace('/providers', '//providers')],
    ['with blanks around it', `  ${vm}\n`],
  ])('%s is parsed', (_, text) => {
    expect(parseResourceId(text)).toEqual({
      text: vm,
      key: vm.toLowerCase(),
      subscription: 'aaa',
      resourceGroup: 'RG',
      type: 'microsoft.compute/virtualmachines',
      name: 'Vm-1',
    })
  })

  test('of a child resource has all types and the name of the child', () => {
    const link =
      '/subscriptions/a/resourcegroups/rg/providers/microsoft.insights/privateLinkScopes/s/scopedResources/l'
    expect(parseResourceId(link)).toMatchObject({
      type: 'microsoft.insights/privatelinkscopes/scopedresources',
      name: 'l',
      resourceGroup: 'rg',
    })
  })

  test.each([
    '',
    '/',
    'rg/vm',
    '/subscriptions/a',
    '/subscriptions/a/resourceGroups/rg',
    '/subscriptions/a/resourceGroups/rg/providers/Microsoft.Compute',
    '/subscriptions/a/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines',
    '/subscriptions/a/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/x/extensions',
    '/subscriptions/a b/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/x',
  ])('is not %j', (text) => {
    expect(parseResourceId(text)).toBeUndefined()
  })

  test('that is built equals the one that is parsed', () => {
    expect(resourceId('AAA', 'RG', 'Microsoft.Compute/virtualMachines', 'Vm-1')).toEqual(
      parseResourceId(vm),
    )
  })
})

describe('Ids', () => {
  test.each([
    [vm, vm.toUpperCase(), true],
    [vm, `${vm.slice(1)}/`, true],
    [vm, ` ${vm}`, true],
    [vm, `${vm}2`, false],
  ])('%s and %s name one resource: %s', (a, b, same) => {
    expect(sameId(a, b)).toBe(same)
  })

  test('have one key, however they are written', () => {
    const letters = fc.constantFrom('a', 'B', '/', ' ', '-', '\t', 'é')
    fc.assert(
      fc.property(
        fc.array(letters).map((all) => all.join('')),
        (text) => {
          const key = idKey(text)
          if (!/\s/.test(text)) expect(idKey(key)).toBe(key)
          expect(key).toBe(
            `/${text.trim()}`
              .replace(/\/{2,}/g, '/')
              .replace(/\/$/, '')
              .toLowerCase(),
          )
          expect(nameOf(text)).toBe(
            `/${text.trim()}`
              .replace(/\/{2,}/g, '/')
              .replace(/\/$/, '')
              .split('/')
              .at(-1),
          )
        },
      ),
      { seed: 20261122, numRuns: 500 },
    )
  })

  test('end in their name', () => {
    expect(nameOf(`${vm}/`)).toBe('Vm-1')
  })
})

test('A location is one word in lower case', () => {
  expect(['West Europe', 'westeurope', ' East US 2 '].map(normalLocation)).toEqual([
    'westeurope',
    'westeurope',
    'eastus2',
  ])
})

test('Texts are compared by code unit', () => {
  expect(['b', 'a', 'B', 'ä', '1'].toSorted(compareText)).toEqual(['1', 'B', 'a', 'b', 'ä'])
})
