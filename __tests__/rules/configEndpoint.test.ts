import { describe, expect, test } from '@jest/globals'
import type { Topology } from '../../src/topology/topology.ts'
import {
  amwId,
  association,
  dceId,
  dcrId,
  endpoint,
  idOf,
  link,
  machine,
  metricsFrom,
  ours,
  place,
  proposalOf,
  rule,
  summarize,
  target,
  type There,
  topology,
  vmId,
  workspace,
  world,
} from '../plan/builders.ts'

const vm = vmId('vm')
const here = 'westeurope'
const auto = dceId('amw', 'MA_amw')
const second = dceId('amw2', 'MA_amw2')
const shared = dceId('shared', 'rg-shared')
const existing = [{ region: here, id: idOf(shared), at: place }]

interface Case {
  readonly name: string
  readonly file?: Parameters<typeof topology>[0]
  readonly there: There
  /** The endpoint that the plan associates; absent if the association stays as it is. */
  readonly to?: string
  readonly problems?: readonly string[]
}

const basics: There = { targets: [target(vm, here)] }
const amw: There = {
  ...basics,
  monitorWorkspaces: [workspace('amw', here, auto), workspace('amw2', here, second)],
  endpoints: [endpoint(auto, here), endpoint(second, here)],
}
const two: Parameters<typeof topology>[0] = {
  azureMonitorWorkspaces: [metricsFrom('amw'), metricsFrom('amw2')],
}
const old = dceId('old', 'rg-old')

const cases: readonly Case[] = [
  {
    name: 'no endpoint exists: a regional endpoint is created',
    there: basics,
    to: 'dce-prod-westeurope',
  },
  {
    name: 'a workspace of the file in the region: its automatic endpoint',
    file: two,
    there: amw,
    to: 'amw',
  },
  {
    name: "the target's own workspace comes before the first of the file",
    file: {
      ...two,
      targets: [machine('vm', { metrics: 'amw2' })],
      endpoints: { machineIngestion: 'none' },
    },
    there: amw,
    to: 'amw2',
  },
  {
    name: 'a workspace in another region is not used',
    file: { azureMonitorWorkspaces: [metricsFrom('amw')] },
    there: {
      ...basics,
      monitorWorkspaces: [workspace('amw', 'eastus', auto)],
      endpoints: [endpoint(auto, 'eastus')],
    },
    to: 'dce-prod-westeurope',
  },
  {
    name: '`existing` takes precedence over a workspace',
    file: { ...two, endpoints: { existing } },
    there: { ...amw, endpoints: [...(amw.endpoints ?? []), endpoint(shared, here)] },
    to: 'shared',
  },
  {
    name: 'an association in the region takes precedence over both',
    file: { ...two, endpoints: { existing } },
    there: {
      ...amw,
      endpoints: [...(amw.endpoints ?? []), endpoint(shared, here), endpoint(old, here)],
      associations: [association(vm, old, 'by hand')],
    },
  },
  {
    name: 'an association with another region is replaced',
    there: {
      ...basics,
      endpoints: [endpoint(old, 'eastus')],
      associations: [association(vm, old)],
    },
    to: 'dce-prod-westeurope',
  },
  {
    name: 'an association with a deleted endpoint is replaced',
    there: { ...basics, associations: [association(vm, old)] },
    to: 'dce-prod-westeurope',
  },
  {
    name: 'with `replace` an association in the region is replaced too',
    file: { existingAssociations: 'replace' },
    there: { ...basics, endpoints: [endpoint(old, here)], associations: [association(vm, old)] },
    to: 'dce-prod-westeurope',
  },
  {
    name: 'an endpoint with the wanted name but without our tag is used as it is',
    there: { ...basics, endpoints: [endpoint(dceId('dce-prod-westeurope'), here)] },
    to: 'dce-prod-westeurope',
  },
  {
    name: 'an endpoint with the wanted name in another region blocks, ours or not',
    there: {
      ...basics,
      endpoints: [endpoint(dceId('dce-prod-westeurope'), 'eastus', { tags: ours })],
    },
    problems: ['error endpoint-in-other-region dce-prod-westeurope'],
  },
  {
    name: 'an `existing` endpoint in another region blocks, and no other endpoint is chosen',
    file: { ...two, endpoints: { existing } },
    there: { ...amw, endpoints: [...(amw.endpoints ?? []), endpoint(shared, 'eastus')] },
    problems: ['error endpoint-in-other-region shared'],
  },
  {
    name: 'a deleted `existing` endpoint blocks, and no other endpoint is chosen',
    file: { endpoints: { existing } },
    there: basics,
    problems: ['error unknown-resource shared'],
  },
  {
    name: 'an association with an unreadable endpoint stays, and blocks',
    there: {
      ...basics,
      endpoints: [{ id: old, state: 'unreadable' }],
      associations: [association(vm, old)],
    },
    problems: ['error unreadable-resource old'],
  },
  {
    name: 'a template that gives no valid name blocks',
    file: { endpoints: { regionalName: '{nothing}'.replace(/./g, '-') } },
    there: basics,
    problems: ['error duplicate-name'],
  },
  {
    name: 'a missing resource group blocks',
    file: { endpoints: { resourceGroup: undefined } as unknown as Partial<Topology['endpoints']> },
    there: basics,
    problems: ['error resource-group-missing'],
  },
]

describe('The endpoint for configuration access', () => {
  test.each(cases)('$name', ({ file, there, to, problems }) => {
    const result = summarize(topology({ targets: [machine('vm')], ...file }), world(there))
    const written = result.changes.filter((change) => change.includes('association'))
    expect(written.map((change) => change.split(' → ')[1])).toEqual(to === undefined ? [] : [to])
    expect(result.problems.filter((one) => one.startsWith('error'))).toEqual(problems ?? [])
  })

  test('for a misspelt region: the remedy suggests the right one', () => {
    const file = (region: string) =>
      topology({
        targets: [machine('vm')],
        endpoints: { existing: [{ region, id: idOf(shared), at: place }] },
      })
    const there = world({ ...amw, endpoints: [...(amw.endpoints ?? []), endpoint(shared, here)] })
    const remedyOf = (region: string) =>
      proposalOf(file(region), there).plan.diagnostics.find(
        ({ code }) => code === 'endpoint-in-other-region',
      )?.remedy
    expect(remedyOf('westeurop')).toMatch(/^No target is in westeurop: did you mean westeurope\?/)
    // A region without a similar name gets no suggestion.
    expect(remedyOf('brazilsouth')).toMatch(/^Name an endpoint in brazilsouth/)
  })

  test('is one per region, however many targets there are', () => {
    const names = ['a', 'b', 'c', 'd']
    const regions = ['eastus', here, 'eastus', here]
    const { changes } = summarize(
      topology({ targets: names.map((name) => machine(name)) }),
      world({ targets: names.map((name, i) => target(vmId(name), regions[i] ?? here)) }),
    )
    expect(changes).toEqual([
      'create endpoint dce-prod-eastus',
      'create endpoint dce-prod-westeurope',
      'create link dce-prod-eastus',
      'create link dce-prod-westeurope',
      'create association a → dce-prod-eastus',
      'create association b → dce-prod-westeurope',
      'create association c → dce-prod-eastus',
      'create association d → dce-prod-westeurope',
    ])
  })

  test('with the same name in two regions is an error', () => {
    const { problems } = summarize(
      topology({
        targets: [machine('a'), machine('b')],
        endpoints: { regionalName: 'dce-{topology}' },
      }),
      world({ targets: [target(vmId('a'), here), target(vmId('b'), 'eastus')] }),
    )
    expect(problems).toEqual(['error duplicate-name dce-prod'])
  })
})

describe('An association', () => {
  const there = {
    targets: [target(vm, here)],
    endpoints: [endpoint(dceId('dce-prod-westeurope'), here)],
  }
  const linked = { ...there, links: [link(dceId('dce-prod-westeurope'), 'theirs')] }
  const file = topology({ targets: [machine('vm')] })

  test('with the right endpoint satisfies its rule, whoever wrote it', () => {
    const another = 'Managed by azure-monitor-private-link (other/7ccb9b9f)'
    for (const words of [undefined, 'by hand', another]) {
      const right = association(vm.toUpperCase(), dceId('dce-prod-westeurope').toLowerCase(), words)
      expect(summarize(file, world({ ...linked, associations: [right] }))).toEqual({
        changes: [],
        problems: words === another ? ['warning marked-by-unknown-topology ampls'] : [],
      })
    }
  })

  test('that holds the only association with a rule blocks its replacement', () => {
    const { id, target } = association(vm, '')
    const held = { id, target, ruleId: amwId('x') }
    expect(summarize(file, world({ ...linked, associations: [held] }))).toEqual({
      changes: ['replace association vm → dce-prod-westeurope'],
      problems: ['error rule-would-be-lost vm'],
    })
  })

  test('that holds a rule which the target also has under another name is replaced without a diagnostic', () => {
    const { id, target } = association(vm, '')
    const held = { id, target, ruleId: dcrId('x').toUpperCase() }
    const azure = { ...linked, rules: [rule('x')], ruleAssociations: { [vm]: [dcrId('x')] } }
    expect(summarize(file, world({ ...azure, associations: [held] }))).toEqual({
      changes: ['replace association vm → dce-prod-westeurope'],
      problems: [],
    })
  })
})
