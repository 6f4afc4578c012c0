import { describe, expect, test } from '@jest/globals'
import {
  association,
  dceId,
  endpoint,
  lawId,
  link,
  logsFrom,
  logWorkspace,
  machine,
  ours,
  summarize,
  target,
  type There,
  proposalOf,
  topology,
  vmId,
  world,
} from './builders.ts'

const here = 'westeurope'
const dce = dceId('dce-prod-westeurope')
const vm = vmId('vm')

const settled = (more: There = {}): There => ({
  targets: [target(vm, here)],
  endpoints: [endpoint(dce, here, { tags: ours })],
  links: [link(dce)],
  associations: [association(vm, dce)],
  ...more,
})
const file = topology({ targets: [machine('vm')] })

describe('An endpoint of ours', () => {
  test.each([
    ['with the settings of the file needs no change', {}, { tags: ours }, []],
    ['with tags of others needs no change', {}, { tags: { ...ours, cost: '42' } }, []],
    [
      'whose tag name has another case needs no change',
      { tags: { Team: 'x' } },
      { tags: { ...ours, TEAM: 'x' } },
      [],
    ],
    [
      'whose tag value has another case needs a change',
      { tags: { team: 'x' } },
      { tags: { ...ours, team: 'X' } },
      ['tag team'],
    ],
    [
      'without a tag of the file needs a change',
      { tags: { team: 'x' } },
      { tags: ours },
      ['tag team'],
    ],
    [
      'that is public needs a change',
      {},
      { tags: ours, publicNetworkAccess: 'Enabled' },
      ['public network access Enabled → Disabled'],
    ],
    [
      'that is secured by a perimeter needs a change',
      {},
      { tags: ours, publicNetworkAccess: 'SecuredByPerimeter' },
      ['public network access SecuredByPerimeter → Disabled'],
    ],
  ] as const)('%s', (_, endpoints, live, differences) => {
    const azure = world(settled({ endpoints: [endpoint(dce, here, live)] }))
    const { plan } = proposalOf(topology({ targets: [machine('vm')], endpoints }), azure)
    expect(plan.changes.map((one) => one.reason)).toEqual(
      differences.map((one) => `dce-prod-westeurope is ours and differs from the file: ${one}.`),
    )
  })
})

describe('A link', () => {
  test.each([
    ['under a foreign name satisfies its rule', 'theirs', 'Succeeded', []],
    ['in another case satisfies its rule', undefined, 'succeeded', []],
    [
      'that failed is written again under its current name',
      'theirs',
      'Failed',
      ['update link dce-prod-westeurope'],
    ],
    [
      'that was canceled is written again too',
      'theirs',
      'Canceled',
      ['update link dce-prod-westeurope'],
    ],
    [
      'that is still Provisioning after the wait is written again too',
      undefined,
      'Provisioning',
      ['update link dce-prod-westeurope'],
    ],
  ] as const)('%s', (_, name, state, changes) => {
    const links = [link(dce.toUpperCase(), name, state)].map((one) => ({
      ...one,
      linkedResourceId: dce,
    }))
    expect(summarize(file, world(settled({ links }))).changes).toEqual(changes)
    const { plan } = proposalOf(file, world(settled({ links })))
    for (const change of plan.changes) expect(change.id).toBe(links[0]?.id)
  })

  test('that is not Succeeded is written before anything is associated with its endpoint', () => {
    const { plan } = proposalOf(
      file,
      world(settled({ links: [link(dce, 'theirs', 'Updating')], associations: [] })),
    )
    expect(plan.changes.map((one) => `${one.action} ${one.kind}`)).toEqual([
      'update scopedResource',
      'create association',
    ])
    expect(plan.changes[1]?.dependsOn).toEqual([plan.changes[0]?.key])
  })
})

test('Objects that are already as desired are counted, whoever created them', () => {
  const { plan } = proposalOf(
    topology({ targets: [machine('vm')], logAnalyticsWorkspaces: [logsFrom('logs')] }),
    world(
      settled({
        links: [link(dce), link(lawId('logs'), 'theirs')],
        logWorkspaces: [logWorkspace('logs')],
      }),
    ),
  )
  expect(plan.changes).toEqual([])
  // Endpoint, two links, association.
  expect(plan.unchanged).toBe(4)
  expect(plan.unmanaged.map((one) => one.note)).toEqual([
    "Links logs under a name that isn't ours. It satisfies log-analytics and is used as it is.",
  ])
})

test('A replacement has the previous and the new endpoint', () => {
  const far = dceId('far', 'rg-x')
  const { plan } = proposalOf(
    file,
    world(
      settled({
        endpoints: [endpoint(dce, here, { tags: ours }), endpoint(far, 'eastus')],
        associations: [association(vm, far)],
      }),
    ),
  )
  expect(plan.changes).toMatchObject([
    { action: 'replace', before: { endpointId: far }, after: { endpointId: dce } },
  ])
  expect(plan.changes[0]?.reason).toContain('far is in eastus.')
})
