import { describe, expect, test } from '@jest/globals'
import { expandEstate } from '../../simulator/estate.ts'
import type { EstateSeed, SeedResource } from '../../simulator/simulator.ts'
import { judge, type Step, type Watched } from './capabilities.ts'
import { judgeOwnership } from './ownership.ts'
import { subscription } from './stable.ts'
import { readTopology } from './topology.ts'

const topologyText = `version: 1
name: production
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
machines: [{ resource: rg-app/vm-01, logs: logs }]
`
const group = (name: string) => `/subscriptions/${subscription}/resourceGroups/${name}`
const scope = `${group('rg-monitor')}/providers/microsoft.insights/privateLinkScopes/ampls-hub`
const endpoint = (name: string) =>
  `${group('rg-monitor')}/providers/Microsoft.Insights/dataCollectionEndpoints/${name}`
const workspace = `${group('rg-monitor')}/providers/Microsoft.OperationalInsights/workspaces/law-weu`
const association = `${group('rg-app')}/providers/Microsoft.Compute/virtualMachines/vm-01/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`

const linkTo = (id: string, name: string, state?: string): SeedResource => ({
  id: `${scope}/scopedResources/${name}`,
  properties: {
    linkedResourceId: id,
    ...(state === undefined ? {} : { provisioningState: state }),
  },
})
const associateWith = (id: string): SeedResource => ({
  id: association,
  properties: { dataCollectionEndpointId: id },
})
const modes = (ingestion: string): SeedResource => ({
  id: scope,
  location: 'global',
  properties: {
    accessModeSettings: { ingestionAccessMode: ingestion, queryAccessMode: 'Open', exclusions: [] },
  },
})

/** A machine with its rule, two endpoints in its region and one in another, and the workspace. */
const start = expandEstate({
  subscription,
  scope: { id: 'rg-monitor/ampls-hub' },
  machines: { 'rg-app/vm-01': { location: 'westeurope', rules: ['rg-app/dcr'] } },
  logWorkspaces: { 'rg-monitor/law-weu': 'westeurope' },
  endpoints: {
    'rg-monitor/dce-a': 'westeurope',
    'rg-monitor/dce-b': 'West Europe',
    'rg-monitor/dce-far': 'eastus',
    'rg-monitor/dce-sent': 'westeurope',
  },
  rules: {
    'rg-app/dcr': {
      location: 'westeurope',
      endpoint: 'rg-monitor/dce-sent',
      logs: ['rg-monitor/law-weu'],
    },
  },
})

type Write = { readonly put: SeedResource } | { readonly remove: string }

/** The state of Azure after these writes. */
function after(state: EstateSeed, writes: readonly Write[]): EstateSeed {
  return writes.reduce<EstateSeed>((azure, write) => {
    const id = 'put' in write ? write.put.id : write.remove
    const rest = azure.resources.filter((one) => one.id.toLowerCase() !== id.toLowerCase())
    return { ...azure, resources: 'put' in write ? [...rest, write.put] : rest }
  }, state)
}

/** A run with these separate writes. */
function runOf(before: EstateSeed, writes: readonly Write[]): Watched {
  const steps = writes.map((write, index): Step => {
    const id = 'put' in write ? write.put.id : write.remove
    const earlier = after(before, writes.slice(0, index))
    const was = earlier.resources.find((one) => one.id.toLowerCase() === id.toLowerCase())
    return {
      write: {
        n: index,
        method: 'put' in write ? 'PUT' : 'DELETE',
        id,
        phase: 'committed',
        ...(was === undefined ? {} : { before: was }),
        ...('put' in write ? { after: write.put } : {}),
      },
      after: after(before, writes.slice(0, index + 1)),
    }
  })
  return { before, steps }
}

const [a, b, far, sent] = ['dce-a', 'dce-b', 'dce-far', 'dce-sent'].map(endpoint) as [
  string,
  string,
  string,
  string,
]
const linkA = { put: linkTo(a, 'a') }
const linkB = { put: linkTo(b, 'b') }
const linkSent = { put: linkTo(sent, 'sent') }
const linkLogs = { put: linkTo(workspace, 'logs') }
const useA = { put: associateWith(a) }
const useB = { put: associateWith(b) }
const everything = after(start, [linkA, linkSent, linkLogs, useA])

describe('the judge of promise 3', () => {
  const cases: Record<string, [before: EstateSeed, writes: readonly Write[], broken: RegExp[]]> = {
    'a good order breaks nothing': [
      start,
      [linkA, linkSent, linkLogs, useA, { put: modes('PrivateOnly') }],
      [],
    ],
    'a good move breaks nothing': [
      everything,
      [linkB, useB, { remove: linkA.put.id }, { remove: a }],
      [],
    ],
    'an association before its link': [
      start,
      [useA, linkA],
      [/associates with .*dce-a, which is not linked/],
    ],
    'an association with a link that is still Provisioning': [
      start,
      [{ put: linkTo(a, 'a', 'Provisioning') }, useA, linkA],
      [/associates with .*dce-a, which is not linked/],
    ],
    'a link that is removed before the move': [
      everything,
      [linkB, { remove: linkA.put.id }, useB],
      [/vm-01 has lost configuration/, /takes .*dce-a from .*vm-01/],
    ],
    'an endpoint that is deleted before the move': [
      everything,
      [linkB, { remove: a }, useB],
      [/vm-01 has lost configuration/, /takes .*dce-a from/, /deletes .*dce-a, which is linked/],
    ],
    'an association that is deleted before it is created again': [
      everything,
      [linkB, { remove: association }, useB],
      [/vm-01 has lost configuration/],
    ],
    'a move through an endpoint of another region': [
      after(everything, [{ put: linkTo(far, 'far') }]),
      [{ put: associateWith(far) }, linkB, useB],
      [/vm-01 has lost configuration/, /vm-01 has lost configuration/],
    ],
    'a workspace that is unlinked for a while': [
      everything,
      [{ remove: linkLogs.put.id }, linkLogs],
      [/vm-01 has lost logs to .*law-weu/],
    ],
    'an endpoint of a rule that is unlinked for a while': [
      everything,
      [{ remove: linkSent.put.id }, linkSent],
      [/vm-01 has lost metrics/],
    ],
    'PrivateOnly before everything holds': [
      start,
      [linkA, linkSent, useA, { put: modes('PrivateOnly') }, linkLogs],
      [
        /closes a mode, and PUT .*logs comes after it/,
        /closes ingestion while .*vm-01 has no logs to/,
      ],
    ],
    'PrivateOnly for a target without any path': [
      start,
      [{ put: modes('PrivateOnly') }],
      [/has no configuration/, /has no metrics/, /has no logs to/],
    ],
    'a move to Open that is not first': [
      after(everything, [{ put: modes('PrivateOnly') }]),
      [linkB, { put: modes('Open') }],
      [/opens a mode, and is not the first write/],
    ],
    'an endpoint that a rule sends through is deleted': [
      start,
      [{ remove: sent }],
      [/deletes .*dce-sent, which a rule sends through/],
    ],
  }

  test.each(Object.entries(cases))('%s', (_, [before, writes, broken]) => {
    const desired = after(before, writes)
    const violations = judge(readTopology(topologyText, before), runOf(before, writes), desired)
    expect(violations).toHaveLength(broken.length)
    broken.forEach((wanted, index) => {
      expect(violations[index]).toMatch(wanted)
    })
  })

  test('two writes to the scope at a time', () => {
    const run = runOf(start, [linkA, linkSent])
    const steps = run.steps.map((step) => ({
      ...step,
      write: { ...step.write, phase: 'accepted' as const },
    }))
    const violations = judge(readTopology(topologyText, start), { ...run, steps }, everything)
    expect(violations).toEqual([expect.stringMatching(/sent began while .*\/a was under way/)])
  })
})

describe('the judge of ownership', () => {
  const ours = { 'azure-monitor-private-link': 'production/a50ff3dd' }
  const tagged = after(start, [
    { put: { id: a, location: 'westeurope', tags: { ...ours, cost: '1' } } },
  ])
  const described = (text: string): SeedResource => ({
    id: `${group('rg-x')}/providers/Microsoft.Compute/virtualMachines/vm-x/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
    properties: { dataCollectionEndpointId: far, description: text },
  })
  const mark = 'Managed by azure-monitor-private-link (production/a50ff3dd)'
  const cases: Record<string, [before: EstateSeed, writes: readonly Write[], broken: RegExp[]]> = {
    'our endpoint is deleted': [tagged, [{ remove: a }], []],
    'a foreign endpoint is deleted': [
      start,
      [{ remove: a }],
      [/dce-a was deleted, and isn't ours/],
    ],
    'an association with our mark is deleted': [
      after(start, [{ put: described(mark) }]),
      [{ remove: described(mark).id }],
      [],
    ],
    'an association of another topology is deleted': [
      after(start, [{ put: described(mark.replace('production', 'edge')) }]),
      [{ remove: described(mark).id }],
      [/was deleted, and isn't ours/],
    ],
    'a link under a foreign name is deleted': [
      everything,
      [{ remove: linkA.put.id }],
      [/scopedResources\/a was deleted, and isn't ours/],
    ],
    'our endpoint loses a foreign tag': [
      tagged,
      [{ put: { id: a, location: 'westeurope', tags: ours } }],
      [/tag cost is gone/],
    ],
    'a foreign endpoint is changed': [
      start,
      [{ put: { id: a, location: 'westeurope', tags: ours } }],
      [/an endpoint that isn't ours was changed/],
    ],
    'a good link is written again': [everything, [linkA], [/a link that is not broken/]],
    'a failed link is written again': [
      after(start, [{ put: linkTo(a, 'a', 'Failed') }]),
      [linkA],
      [],
    ],
    'the modes are written': [start, [{ put: modes('PrivateOnly') }], []],
    'the scope loses a field with the modes': [
      after(start, [
        { put: { ...modes('Open'), properties: { ...modes('Open').properties, future: 1 } } },
      ]),
      [{ put: modes('PrivateOnly') }],
      [/more than the modes changed/],
    ],
    'the association of a target moves': [everything, [useB], []],
    'a foreign association moves': [
      after(start, [{ put: described('theirs') }]),
      [{ put: { ...described('theirs'), properties: { dataCollectionEndpointId: a } } }],
      [/not a target of the file/],
    ],
  }

  test.each(Object.entries(cases))('%s', (_, [before, writes, broken]) => {
    const violations = judgeOwnership(readTopology(topologyText, before), runOf(before, writes))
    expect(violations).toHaveLength(broken.length)
    broken.forEach((wanted, index) => {
      expect(violations[index]).toMatch(wanted)
    })
  })
})

describe('the topology reader of the judges', () => {
  test('an explicit entry wins over a select, exclude and tags count, a Flexible scale set does not', () => {
    const estate = expandEstate({
      subscription,
      machines: {
        'rg-app/vm-01': { location: 'westeurope', tags: { Monitoring: 'private' } },
        'rg-app/vm-02': { location: 'West Europe', tags: { monitoring: 'private' } },
        'rg-app/vm-03': { location: 'westeurope', tags: { monitoring: 'Private' } },
        'rg-app/vm-04': { location: 'westeurope', tags: { monitoring: 'private' } },
        'rg-web/vm-05': { location: 'eastus', tags: { monitoring: 'private' } },
      },
      scaleSets: {
        'rg-app/vmss': {
          location: 'westeurope',
          orchestration: 'Flexible',
          tags: { monitoring: 'private' },
        },
      },
    })
    const { targets } = readTopology(
      `${topologyText.replace(/machines: .*/, '')}
machines:
  - { resource: RG-APP/vm-01, logs: logs }
  - select:
      locations: [west europe]
      tags: { monitoring: private }
      types: [microsoft.compute/virtualmachines, Microsoft.Compute/virtualMachineScaleSets]
    exclude: [rg-app/vm-04]
`,
      estate,
    )
    expect(targets.map(({ key, logs }) => [key.split('/').at(-1), logs.length]).sort()).toEqual([
      ['vm-01', 1],
      ['vm-02', 0],
    ])
  })
})
