import { describe, expect, test } from '@jest/globals'
import { type Estate, expandEstate, idOf } from '../../simulator/estate.ts'
import type {
  AzureSimulator,
  EstateSeed,
  SeedResource,
  Simulator,
} from '../../simulator/simulator.ts'
import { subscription } from '../support/stable.ts'
import { applyJob, endOf, estateAfter, run, tallyOf, withSimulator, writesOf } from './runs.ts'
import { hub, moved, open, closed, small } from './situations.ts'

const id = (type: Parameters<typeof idOf>[1], reference: string) =>
  idOf(subscription, type, reference)
const endpoint = (reference: string) => id('endpoint', reference)
const scope = id('scope', 'rg-monitor/ampls-hub')
const associationOf = (machine: string) =>
  `${id('machine', machine)}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`
const associated = (machine: string, to: string): SeedResource => ({
  id: associationOf(machine),
  properties: { dataCollectionEndpointId: endpoint(to) },
})
const made = (reference: string, location: string, access: string, tags = {}): SeedResource => ({
  id: endpoint(reference),
  location,
  tags,
  properties: { networkAcls: { publicNetworkAccess: access } },
})
const ours = { 'azure-monitor-private-link': 'production/a50ff3dd' }

/** A hub with closed ingestion, so that a file that opens it makes that change first and separately. */
const closedHub: Estate = {
  ...hub,
  scope: { id: 'rg-monitor/ampls-hub', ingestion: 'PrivateOnly' },
  endpoints: { ...hub.endpoints, 'rg-old/dce-neu': 'northeurope' },
  machines: { ...hub.machines, 'rg-other/vm-guest': 'northeurope' },
}
const opening = (topology: string) =>
  topology
    .replace(/accessModes:.*\n/, '')
    .replace('logAnalyticsWorkspaces', 'accessModes: { ingestion: Open }\nlogAnalyticsWorkspaces')

/** The estate after `earlier` was applied, with ingestion closed again. */
async function closedAfter(earlier: string): Promise<EstateSeed> {
  const estate = await estateAfter(
    expandEstate({ ...closedHub, scope: { id: 'rg-monitor/ampls-hub' } }),
    earlier,
  )
  const close = (resource: SeedResource): SeedResource =>
    resource.id.toLowerCase() === scope.toLowerCase()
      ? {
          ...resource,
          properties: {
            ...resource.properties,
            accessModeSettings: modesOf('PrivateOnly', 'Open'),
          },
        }
      : resource
  return { ...estate, resources: estate.resources.map(close) }
}

function modesOf(ingestion: string, query: string) {
  return { ingestionAccessMode: ingestion, queryAccessMode: query, exclusions: [] }
}

interface Case {
  readonly title: string
  /** The foreign change after the first write, the move to Open. */
  readonly meanwhile: (azure: AzureSimulator) => void
  readonly tally: Readonly<Record<string, number>>
  /** The message in the report, if it stops a change. */
  readonly says?: string
  /** The foreign objects that must be unchanged. */
  readonly kept?: readonly string[]
}

/** Applies the file; the foreign change happens right after its first write. */
async function play(estate: EstateSeed, topology: string, one: Case): Promise<void> {
  await withSimulator({ estate, knobs: { endpointInUse: 'allow' } }, async (simulator) => {
    const { azure } = simulator
    const off = azure.onCommit(() => {
      off()
      one.meanwhile(azure)
    })
    const known = new Map<string, unknown>()
    const look = (key: string) =>
      azure.snapshot().resources.find((r) => r.id.toLowerCase() === key.toLowerCase())
    const offKept = azure.onCommit(() => {
      offKept()
      for (const key of one.kept ?? []) known.set(key, look(key))
    })
    const result = await run(simulator, applyJob(topology))
    const isStopped = one.says !== undefined
    expect({ ...endOf(result), tally: tallyOf(result) }).toEqual({
      exitCode: isStopped ? 1 : 0,
      result: isStopped ? 'partial' : 'applied',
      reason: isStopped ? 'partial-apply' : '',
      tally: one.tally,
    })
    if (one.says !== undefined) {
      expect(result.file('plan-markdown').replaceAll('\\', '')).toContain(one.says)
    }
    for (const [key, before] of known) expect(look(key)).toEqual(before)
  })
}

describe('only a change whose object was modified since the plan is stopped', () => {
  const cases: readonly Case[] = [
    {
      title: 'a machine that was to be associated has been, elsewhere',
      meanwhile: (azure) => azure.put(associated('rg-app/vm-03', 'rg-old/dce-neu')),
      tally: { done: 5, changed: 1 },
      says: 'vm-03 has been associated with dce-neu since the plan',
      kept: [associationOf('rg-app/vm-03')],
    },
    {
      title: 'a machine that was to be associated has been, with the same endpoint',
      meanwhile: (azure) =>
        azure.put(associated('rg-app/vm-03', 'rg-monitor/dce-production-northeurope')),
      tally: { done: 5, already: 1 },
      kept: [associationOf('rg-app/vm-03')],
    },
    {
      title: 'a machine that was to move has moved elsewhere',
      meanwhile: (azure) => azure.put(associated('rg-app/vm-02', 'rg-old/dce-neu')),
      tally: { done: 5, changed: 1 },
      says: 'vm-02 was associated with dce-eus in the plan, but is with dce-neu now',
      kept: [associationOf('rg-app/vm-02')],
    },
    {
      title: 'a machine that was to move has lost its association',
      meanwhile: (azure) => azure.remove(associationOf('rg-app/vm-02')),
      tally: { done: 5, changed: 1 },
      says: 'The association of vm-02 with dce-eus has been deleted since the plan',
    },
    {
      title: 'the endpoint that was to be created is there, open to public networks',
      meanwhile: (azure) =>
        azure.put(made('rg-monitor/dce-production-northeurope', 'northeurope', 'Enabled')),
      tally: { done: 2, changed: 1, skipped: 3 },
      says: 'Another process has created an endpoint dce-production-northeurope since the plan',
      kept: [endpoint('rg-monitor/dce-production-northeurope')],
    },
    {
      title: 'the endpoint that was to be created is there, just as it was to be',
      meanwhile: (azure) =>
        azure.put(made('rg-monitor/dce-production-northeurope', 'northeurope', 'Disabled', ours)),
      tally: { done: 5, already: 1 },
    },
    {
      title: 'the workspace that was to be linked is, under another name',
      meanwhile: (azure) =>
        azure.put({
          id: `${scope}/scopedResources/by-hand`,
          properties: { linkedResourceId: id('logWorkspace', 'rg-monitor/law-weu') },
        }),
      tally: { done: 5, already: 1 },
      kept: [`${scope}/scopedResources/by-hand`],
    },
    {
      title: 'the name of a link leads elsewhere',
      meanwhile: (azure) =>
        azure.put({
          id: `${scope}/scopedResources/production-law-weu-7a415ec2`,
          properties: { linkedResourceId: id('logWorkspace', 'rg-monitor/law-old') },
        }),
      tally: { done: 5, changed: 1 },
      says: 'A link named production-law-weu-7a415ec2 to',
      kept: [`${scope}/scopedResources/production-law-weu-7a415ec2`],
    },
  ]
  test.each(cases.map((one) => [one.title, one] as const))('%s', async (_, one) => {
    await play(expandEstate(closedHub), opening(small), one)
  })
})

describe('an object that is in use by now is not deleted, and the other changes are made', () => {
  const old = 'rg-monitor/dce-production-northeurope'
  const cases: readonly Case[] = [
    {
      title: 'an outsider has been associated with the endpoint',
      meanwhile: (azure) => azure.put(associated('rg-other/vm-guest', old)),
      tally: { done: 5, changed: 1, skipped: 1 },
      says: 'has been associated with dce-production-northeurope since the plan',
      kept: [associationOf('rg-other/vm-guest'), endpoint(old)],
    },
    {
      title: 'a rule sends through the endpoint',
      meanwhile: (azure) =>
        azure.put({
          id: id('rule', 'rg-other/dcr-guest'),
          location: 'northeurope',
          properties: { dataCollectionEndpointId: endpoint(old), dataFlows: [], destinations: {} },
        }),
      tally: { done: 6, changed: 1 },
      says: 'sends through it',
      kept: [endpoint(old)],
    },
    {
      title: 'another scope links the endpoint',
      meanwhile: (azure) => {
        const other = id('scope', 'rg-other/ampls-other')
        const accessModeSettings = modesOf('Open', 'Open')
        azure.put({ id: other, location: 'global', properties: { accessModeSettings } })
        azure.put({
          id: `${other}/scopedResources/guest`,
          properties: { linkedResourceId: endpoint(old) },
        })
      },
      tally: { done: 6, changed: 1 },
      says: 'it is linked by',
      kept: [endpoint(old)],
    },
    {
      title: 'the endpoint has lost our tag',
      meanwhile: (azure) => azure.put(made(old, 'northeurope', 'Disabled', { team: 'guests' })),
      tally: { done: 6, changed: 1 },
      says: 'The endpoint dce-production-northeurope no longer carries our tag',
      kept: [endpoint(old)],
    },
    {
      title: 'a machine that left the file has been associated elsewhere',
      meanwhile: (azure) => azure.put(associated('rg-app/vm-03', 'rg-old/dce-neu')),
      tally: { done: 4, changed: 1, skipped: 2 },
      says: 'vm-03 was associated with dce-production-northeurope in the plan, but is with dce-neu now',
      kept: [associationOf('rg-app/vm-03')],
    },
    {
      title: 'a machine that left the file has lost its association already',
      meanwhile: (azure) => azure.remove(associationOf('rg-app/vm-03')),
      tally: { done: 6, already: 1 },
    },
    {
      title: 'the link is gone already',
      meanwhile: (azure) => {
        const links = azure
          .snapshot()
          .resources.filter((r) => /\/scopedResources\/production-dce-/i.test(r.id))
        for (const link of links) azure.remove(link.id)
      },
      tally: { done: 6, already: 1 },
    },
  ]
  test.each(cases.map((one) => [one.title, one] as const))('%s', async (_, one) => {
    await play(await closedAfter(small), opening(moved), one)
  })
})

describe('our endpoint, when it must be updated', () => {
  const ourEndpoint = 'rg-monitor/dce-production-northeurope'
  const cases: readonly Case[] = [
    {
      title: 'keeps a tag that somebody else has given it meanwhile',
      meanwhile: (azure) =>
        azure.put(
          made(ourEndpoint, 'northeurope', 'Enabled', { ...ours, team: 'platform', cost: '42' }),
        ),
      tally: { done: 2 },
    },
    {
      title: 'is left alone once its mark is gone',
      meanwhile: (azure) =>
        azure.put(made(ourEndpoint, 'northeurope', 'Enabled', { team: 'platform' })),
      tally: { done: 1, changed: 1 },
      says: 'Another process has changed the endpoint dce-production-northeurope since the plan',
      kept: [endpoint(ourEndpoint)],
    },
    {
      title: 'is not made again once somebody has deleted it',
      meanwhile: (azure) => azure.remove(endpoint(ourEndpoint)),
      tally: { done: 1, changed: 1 },
      says: 'The endpoint dce-production-northeurope has been deleted since the plan',
    },
  ]
  test.each(cases.map((one) => [one.title, one] as const))('%s', async (_, one) => {
    await play(await closedAfter(open), opening(closed), one)
  })

  test('a foreign tag is kept, and public access is closed', async () => {
    const estate = await closedAfter(open)
    await withSimulator({ estate }, async (simulator) => {
      const tags = { ...ours, team: 'platform', cost: '42' }
      simulator.azure.put(made(ourEndpoint, 'northeurope', 'Enabled', tags))
      await run(simulator, applyJob(opening(closed)))
      expect(find(simulator, endpoint(ourEndpoint))).toMatchObject({
        tags,
        properties: { networkAcls: { publicNetworkAccess: 'Disabled' } },
      })
    })
  })
})

describe('access modes', () => {
  const bothModes = small.replace(
    'logAnalyticsWorkspaces',
    'accessModes: { ingestion: Open, query: PrivateOnly }\nlogAnalyticsWorkspaces',
  )
  const closing = small.replace(
    'logAnalyticsWorkspaces',
    'accessModes: { ingestion: PrivateOnly }\nlogAnalyticsWorkspaces',
  )

  test('that were modified since the plan are not changed', async () => {
    await play(expandEstate(closedHub), bothModes, {
      title: '',
      meanwhile: (azure) =>
        azure.put({
          id: scope,
          location: 'global',
          properties: { accessModeSettings: modesOf('PrivateOnly', 'Open') },
        }),
      tally: { done: 6, changed: 1 },
      says: 'are ingestion PrivateOnly, query Open now; the plan saw ingestion Open, query Open',
      kept: [scope],
    })
  })

  test.concurrent.each<[string, (azure: AzureSimulator) => void, string]>([
    [
      'a machine has been associated with another region',
      (azure) => azure.put(associated('rg-app/vm-03', 'rg-old/dce-eus')),
      'vm-03 could not get its configuration',
    ],
    [
      'a rule sends to a workspace that is not linked',
      (azure) => {
        const destinations = {
          logAnalytics: [
            { name: 'x', workspaceResourceId: id('logWorkspace', 'rg-monitor/law-old') },
          ],
        }
        azure.put({
          id: id('rule', 'rg-app/dcr-new'),
          location: 'northeurope',
          properties: { dataFlows: [], destinations },
        })
        azure.put({
          id: `${id('machine', 'rg-app/vm-03')}/providers/Microsoft.Insights/dataCollectionRuleAssociations/new`,
          properties: { dataCollectionRuleId: id('rule', 'rg-app/dcr-new') },
        })
      },
      'vm-03 could not send logs to law-old, which is not linked',
    ],
    [
      'a rule sends through another endpoint now',
      (azure) =>
        azure.put({
          id: id('rule', 'rg-app/dcr-known'),
          location: 'northeurope',
          properties: {
            dataCollectionEndpointId: endpoint('rg-old/dce-neu'),
            dataFlows: [],
            destinations: {},
          },
        }),
      'vm-03 could not send through dce-neu',
    ],
  ])(
    'PrivateOnly is not written once %s',
    async (_, meanwhile, says) => {
      const estate = expandEstate({
        ...hub,
        endpoints: { ...hub.endpoints, 'rg-old/dce-neu': 'northeurope' },
        machines: {
          ...hub.machines,
          'rg-app/vm-03': { location: 'northeurope', rules: ['rg-app/dcr-known'] },
        },
        rules: { ...hub.rules, 'rg-app/dcr-known': { location: 'northeurope' } },
      })
      // Resource Graph doesn't show the change, so the providers must be read.
      await withSimulator(
        { estate, knobs: { resourceGraphLagMs: Infinity } },
        async (simulator) => {
          let writes = 0
          // The remaining changes: two links, an endpoint, two associations.
          simulator.azure.onCommit(({ phase }) => {
            if (phase !== 'finished' && ++writes === 5) meanwhile(simulator.azure)
          })
          // Network neighbours would block it before any write.
          const inputs = { 'check-network': 'false' }
          const result = await run(simulator, applyJob(closing, inputs))
          expect({ ...endOf(result), tally: tallyOf(result) }).toEqual({
            exitCode: 1,
            result: 'partial',
            reason: 'partial-apply',
            tally: { done: 5, changed: 1 },
          })
          expect(result.stdout).toContain(says)
          expect(find(simulator, scope)?.properties?.['accessModeSettings']).toMatchObject({
            ingestionAccessMode: 'Open',
          })
        },
      )
    },
    90_000,
  )
})

describe('a write of the access modes changes only the two modes', () => {
  const exclusions = [
    {
      privateEndpointConnectionName: 'thisisatest',
      queryAccessMode: 'Open',
      ingestionAccessMode: 'Open',
    },
    { privateEndpointConnectionName: 'pe-ampls.connection', ingestionAccessMode: 'PrivateOnly' },
  ]
  const scopes: readonly (readonly [string, Partial<SeedResource>])[] = [
    [
      'with exclusions',
      { properties: { accessModeSettings: { ...modesOf('Open', 'PrivateOnly'), exclusions } } },
    ],
    [
      'with tags in odd cases',
      { tags: { Owner: 'Network', 'hidden-link:/x': 'Resource', ümlaut: '✓' } },
    ],
    [
      'with fields of the future, beside the modes and within them',
      {
        properties: {
          accessModeSettings: {
            ...modesOf('Open', 'Open'),
            exclusions,
            controlPlaneAccessMode: 'PrivateOnly',
          },
          resiliency: {
            zones: ['1', '2'],
            depth: { of: [{ nesting: true, count: 0, empty: '' }] },
          },
          aListThatIsEmpty: [],
          aFalsehood: false,
        },
      },
    ],
    ['without access modes', { properties: {} }],
    ['without properties', {}],
    [
      'with only one of the modes',
      { properties: { accessModeSettings: { queryAccessMode: 'PrivateOnly' } } },
    ],
  ]
  const topology = `version: 1
name: production
subscription: ${subscription}
privateLinkScope: rg-monitor/ampls-hub
accessModes: { ingestion: PrivateOnly }
`
  test.each(scopes)('of a scope %s', async (_, given) => {
    const written: SeedResource = { id: scope, location: 'global', properties: {}, ...given }
    const bare = expandEstate({ subscription })
    await withSimulator({ estate: { ...bare, resources: [written] } }, async (simulator) => {
      const before = find(simulator, scope)
      const result = await run(simulator, applyJob(topology))
      expect(result.stdout + result.stderr).not.toContain('bug in the action')
      expect(endOf(result)).toEqual({ exitCode: 0, result: 'applied', reason: '' })
      expect(writesOf(simulator)).toHaveLength(1)
      const was = before?.properties?.['accessModeSettings'] as object | undefined
      const modes = { queryAccessMode: 'Open', ...was, ingestionAccessMode: 'PrivateOnly' }
      const [write] = writesOf(simulator)
      expect(write?.requestBody).toMatchObject({ properties: { accessModeSettings: modes } })
      // The simulated Azure drops unknown fields of the modes.
      const known = ['exclusions', 'ingestionAccessMode', 'queryAccessMode']
      const stored = Object.fromEntries(
        Object.entries({ exclusions: [], ...modes }).filter(([name]) => known.includes(name)),
      )
      expect(find(simulator, scope)).toEqual({
        ...before,
        tags: before?.tags ?? {},
        properties: { ...before?.properties, accessModeSettings: stored },
      })
    })
  })
})

function find({ azure }: Simulator, key: string): SeedResource | undefined {
  return azure.snapshot().resources.find((r) => r.id.toLowerCase() === key.toLowerCase())
}
