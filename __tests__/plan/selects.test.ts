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

/** Severity, message and remedy of each diagnostic about selects, and the number of matches of each select. */
function diagnosticsFor(
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
  test('names the tag that no resource has, and the closest one', () => {
    const { words, matched } = diagnosticsFor(entry({ tags: { env: 'prodd' } }), { nearby: [prod] })
    expect(words).toEqual([
      'warning: This select matches nothing: no resource has tags "env: prodd". Did you mean "env: prod"?',
    ])
    expect(matched).toEqual([0])
  })

  test('names the region, and the closest one', () => {
    const { words } = diagnosticsFor(entry({ locations: ['westeurop'] }), { nearby: [prod] })
    expect(words).toEqual([
      expect.stringMatching(/locations "westeurop".*Did you mean "westeurope"/),
    ])
  })

  test('names the resource group, and the closest one in the spelling of Azure', () => {
    const { words } = diagnosticsFor(entry({ resourceGroups: ['rg-ap'] }), { nearby: [prod] })
    expect(words).toEqual([expect.stringMatching(/resourceGroups "rg-ap".*Did you mean "rg-app"/)])
  })

  test('lists the existing values if none is close', () => {
    const { words } = diagnosticsFor(entry({ tags: { env: 'live' } }), { nearby: [prod] })
    expect(words).toEqual([expect.stringMatching(/Existing values: env: prod\./)])
  })

  test('is an error if the plan would remove our association from a target that it may have been meant for', () => {
    const there = {
      targets: [prod],
      endpoints: [dce],
      links: [link(dceId('dce-prod-westeurope'))],
      associations: [association(prod.id, dceId('dce-prod-westeurope'), mark)],
      nearby: [prod],
    }
    const wrong = diagnosticsFor(entry({ tags: { env: 'prodd' } }), there)
    expect(wrong.words).toEqual([
      expect.stringMatching(/^error: .*association from vm-1.*env: prod"/),
    ])
    // The same loss, but the machine is not in the resource group of the select.
    const other = diagnosticsFor(entry({ tags: { env: 'prodd' }, resourceGroups: ['rg-x'] }), {
      ...there,
      nearby: [prod, target(vmId('vm-2').replace('rg-app', 'rg-x'), here)],
    })
    expect(other.words).toEqual([expect.stringMatching(/^warning: /)])
  })

  test('is not an error if the affected target is of another kind', () => {
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
    expect(diagnosticsFor(select, there).words).toEqual([
      expect.stringMatching(/^warning: types "microsoft.kubernetes\/connectedclusters"/),
    ])
  })

  test('is reported if it excludes everything that it matches', () => {
    const select = entry({ tags: { env: 'prod' }, exclude: [idOf(prod.id)] })
    const { words } = diagnosticsFor(select, { targets: [prod] })
    expect(words).toEqual([expect.stringMatching(/after its exclusions/)])
  })
})

describe('In a select that matches something', () => {
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
  ])('%s that matches nothing is reported', (_, more, words) => {
    const result = diagnosticsFor(entry({ tags: { env: 'prod' }, ...more }), there)
    expect(result.words).toEqual([expect.stringMatching(words)])
    expect(result.matched).toEqual([1])
  })

  test('nothing is reported if every part matches', () => {
    const select = entry({ tags: { ENV: 'prod' }, locations: [here], resourceGroups: ['RG-app'] })
    expect(diagnosticsFor(select, there).words).toEqual([])
  })

  test('nothing is reported for unreadable subscriptions', () => {
    const hidden = { state: 'unreadable', why: 'no' } as const
    const select = entry({ subscriptions: [sub, 'x'], tags: { env: 'prod' } })
    const { words } = diagnosticsFor(select, { ...there, hiddenSubscriptions: [['x', hidden]] })
    expect(words).toEqual([])
  })
})
