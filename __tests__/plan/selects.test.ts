import { describe, expect, test } from '@jest/globals'
import type { SelectEntry } from '../../src/topology/topology.ts'
import {
  aksId,
  association,
  dceId,
  endpoint,
  idOf,
  link,
  mark,
  ours,
  place,
  proposalOf,
  sub,
  target,
  type There,
  topology,
  vmId,
  world,
} from './builders.ts'

const here = 'westeurope'
const entry = (more: Partial<SelectEntry>): SelectEntry => ({
  kind: 'machine',
  subscriptions: [sub],
  types: ['microsoft.compute/virtualmachines'],
  exclude: [],
  logs: [],
  at: place,
  ...more,
})
const vm = (name: string, tags = {}, location = here) => target(vmId(name), location, { tags })
const prod = vm('vm-1', { env: 'prod' })
const dce = endpoint(dceId('dce-prod-westeurope'), here, { tags: ours })

/** Severity, message and remedy of what is told of a select, with how many each select matches. */
function told(
  select: SelectEntry,
  there: There & { readonly nearby?: readonly ReturnType<typeof vm>[] },
) {
  const { nearby = [], ...rest } = there
  const azure = { ...world({ selected: [[]], ...rest }), nearby }
  const { plan } = proposalOf(topology({ selects: [select] }), azure)
  return {
    words: plan.diagnostics
      .filter(({ code }) => code === 'select-matches-nothing')
      .map(({ severity, message, remedy }) => `${severity}: ${message} ${remedy}`),
    matched: plan.selects?.map(({ matched }) => matched),
  }
}

describe('A select that matches nothing', () => {
  test('names the tag that nobody has, and the nearest', () => {
    const { words, matched } = told(entry({ tags: { env: 'prodd' } }), { nearby: [prod] })
    expect(words).toEqual([
      'warning: This select matches nothing: nothing there has tags "env: prodd". Did you mean "env: prod"?',
    ])
    expect(matched).toEqual([0])
  })

  test('names the region, and the nearest', () => {
    const { words } = told(entry({ locations: ['westeurop'] }), { nearby: [prod] })
    expect(words).toEqual([
      expect.stringMatching(/locations "westeurop".*Did you mean "westeurope"/),
    ])
  })

  test('names the group, and the nearest as Azure writes it', () => {
    const { words } = told(entry({ resourceGroups: ['rg-ap'] }), { nearby: [prod] })
    expect(words).toEqual([expect.stringMatching(/resourceGroups "rg-ap".*Did you mean "rg-app"/)])
  })

  test('says what there is where nothing is near', () => {
    const { words } = told(entry({ tags: { env: 'live' } }), { nearby: [prod] })
    expect(words).toEqual([expect.stringMatching(/There is: env: prod\./)])
  })

  test('is an error where what is ours would go from what it may have meant', () => {
    const there = {
      targets: [prod],
      endpoints: [dce],
      links: [link(dceId('dce-prod-westeurope'))],
      associations: [association(prod.id, dceId('dce-prod-westeurope'), mark)],
      nearby: [prod],
    }
    const wrong = told(entry({ tags: { env: 'prodd' } }), there)
    expect(wrong.words).toEqual([expect.stringMatching(/^error: .*taken from vm-1.*env: prod"/)])
    // The same harm, but the group that the file asks for as well is not that of the machine.
    const other = told(entry({ tags: { env: 'prodd' }, resourceGroups: ['rg-x'] }), {
      ...there,
      nearby: [prod, target(vmId('vm-2').replace('rg-app', 'rg-x'), here)],
    })
    expect(other.words).toEqual([expect.stringMatching(/^warning: /)])
  })

  test('is no error where what goes is of a kind that it can not name', () => {
    const select = entry({
      kind: 'cluster',
      types: [
        'microsoft.containerservice/managedclusters',
        'microsoft.kubernetes/connectedclusters',
      ],
      tags: { env: 'prod' },
    })
    const there = {
      targets: [target(aksId('aks-1'), here, { tags: { env: 'prod' } }), prod],
      selected: [[aksId('aks-1').toLowerCase()]],
      endpoints: [dce],
      links: [link(dceId('dce-prod-westeurope'))],
      associations: [association(prod.id, dceId('dce-prod-westeurope'), mark)],
    }
    expect(told(select, there).words).toEqual([
      expect.stringMatching(/^warning: types "microsoft.kubernetes\/connectedclusters"/),
    ])
  })

  test('is told of when it excludes all that it matches', () => {
    const select = entry({ tags: { env: 'prod' }, exclude: [idOf(prod.id)] })
    const { words } = told(select, { targets: [prod] })
    expect(words).toEqual([expect.stringMatching(/once what it excludes is taken out/)])
  })
})

describe('Of a select that matches something', () => {
  const there: There = { targets: [prod], selected: [[prod.id.toLowerCase()]] }

  test.each([
    [
      'a region',
      { locations: [here, 'northeurop'] },
      /locations "northeurop" of this select matches/,
    ],
    ['a group', { resourceGroups: ['RG-APP', 'rg-wbe'] }, /resourceGroups "rg-wbe" of this/],
    [
      'a type',
      { types: ['microsoft.compute/virtualmachines', 'microsoft.hybridcompute/machines'] },
      /types "microsoft.hybridcompute\/machines" of this select/,
    ],
    ['an exclusion', { exclude: [idOf(vmId('vm-9'))] }, /exclude ".*vm-9" of this select excludes/],
  ])('%s that matches nothing is told of', (_, more, words) => {
    const result = told(entry({ tags: { env: 'prod' }, ...more }), there)
    expect(result.words).toEqual([expect.stringMatching(words)])
    expect(result.matched).toEqual([1])
  })

  test('nothing is told when all of it matches', () => {
    const select = entry({ tags: { ENV: 'prod' }, locations: [here], resourceGroups: ['RG-app'] })
    expect(told(select, there).words).toEqual([])
  })

  test('nothing is told of what can not be looked at', () => {
    const hidden = { state: 'unreadable', why: 'no' } as const
    const select = entry({ subscriptions: [sub, 'x'], tags: { env: 'prod' } })
    const { words } = told(select, { ...there, hiddenSubscriptions: [['x', hidden]] })
    expect(words).toEqual([])
  })
})
