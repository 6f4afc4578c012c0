import { describe, expect, it, test } from '@jest/globals'
import { linkNames, resultOf } from '../../src/explain/chain.ts'
import { renderExplainSummary } from '../../src/render/explain/summary.ts'
import { chainLines } from '../../src/render/explain/words.ts'
import type { Report } from '../../src/report.ts'
import { idKey } from '../../src/resources/id.ts'
import {
  aZone,
  allRoles,
  place,
  readings,
  scopeEndpoint,
  vnet,
  groupZone,
} from '../network/builders.ts'
import {
  amwId,
  association,
  dceId,
  dcrId,
  endpoint,
  lawId,
  link,
  logWorkspace,
  machine,
  rule,
  sub,
  target,
  vmId,
} from '../plan/builders.ts'
import {
  aks,
  arriving,
  auto,
  breakOf,
  chainOf,
  file,
  healthy,
  insights,
  logs,
  prom,
  prometheus,
  signsOf,
  type Story,
  vm,
} from './story.ts'

const whole = '✔'.repeat(linkNames.length)

describe('an intact chain', () => {
  it.each([
    ['a machine', { of: vm }],
    ['a cluster', { of: aks }],
  ])('%s: every link is ok, with its facts', (_, story) => {
    const chain = chainOf(story)
    expect(signsOf(chain)).toBe(whole)
    expect(resultOf(chain)).toBe('clean')
    expect(chain.links.map(({ link: name }) => name)).toEqual([...linkNames])
    expect(chain.links.every(({ detail, remedy }) => detail !== '' && remedy === '')).toBe(true)
  })
})

const without = (id: string) => healthy.links.filter((one) => one.linkedResourceId !== id)
const asMachine = (more: object) => ({
  targets: [
    target(vm, 'westeurope', { hasAgent: true, hasIdentity: true, ...more }),
    healthy.targets[1] ?? target(aks, 'westeurope'),
  ],
})
const asCluster = (more: object) => ({
  targets: [
    healthy.targets[0] ?? target(vm, 'westeurope'),
    target(aks, 'westeurope', { prometheusEnabled: true, addons: [], ...more }),
  ],
})
const withRules = (of: string, ...rules: readonly string[]) => ({
  ruleAssociations: { ...healthy.ruleAssociations, [of]: rules },
})
const elsewhere = dceId('dce-neu')
const silent = arriving(vm, { state: 'silent', lastSeen: '2026-11-28T10:00:00Z' })

/** One broken link per story: the first broken link, and the core of its remedy. */
const broken: readonly (readonly [string, Story, RegExp])[] = [
  [
    'it is not in the file',
    { topology: { ...file, targets: file.targets.slice(0, 1) } },
    /^in the file \| topology.yml does not name it.* \| Add it under machines: - rg-app\/vm-01$/,
  ],
  [
    'a select excludes it',
    {
      topology: {
        ...file,
        targets: file.targets.slice(0, 1),
        selects: [
          {
            kind: 'machine',
            subscriptions: [sub],
            types: ['microsoft.compute/virtualmachines'],
            exclude: [machine('vm-01').id],
            logs: ['law-weu'],
            at: { line: 7, column: 3 },
          },
        ],
      },
      there: { selected: [[]] },
    },
    /^in the file \| The select on line 7 excludes it.* \| Remove it from that exclude/,
  ],
  [
    'it does not exist',
    { there: { targets: [{ id: vm, state: 'missing' }] } },
    /^exists \| \/subscriptions.*vm-01 does not exist in Azure\. \| Correct subscription/,
  ],
  [
    'no agent',
    { there: asMachine({ hasAgent: false }) },
    /^agent and identity \| vm-01 does not have the Azure Monitor agent\. \| Install the extension/,
  ],
  [
    'no identity',
    { there: asMachine({ hasIdentity: false }) },
    /^agent and identity \| vm-01 has no managed identity.* \| Assign one \(az vm identity assign\)\.$/,
  ],
  [
    'Prometheus is disabled',
    { of: aks, there: asCluster({ prometheusEnabled: false }) },
    /^agent and identity \| Managed Prometheus is disabled .* \| Enable it \(az aks update/,
  ],
  [
    'the add-on uses the workspace key',
    {
      of: aks,
      there: asCluster({
        addons: [{ name: 'omsagent', usesKey: true, workspaceId: lawId('law-weu') }],
      }),
    },
    /^agent and identity \| The monitoring add-on .* workspace key.* \| Disable the add-on and enable it again/,
  ],
  [
    'no association',
    { there: { associations: [association(aks, auto)] } },
    /^association \| It has no association configurationAccessEndpoint.*it should be associated with amw-weu.* \| The plan of topology.yml fixes this \(create\): apply it\.$/,
  ],
  [
    'the association holds a rule',
    {
      there: {
        associations: [association(aks, auto), { id: 'a', target: vm, ruleId: logs.id }],
      },
    },
    /^association \| configurationAccessEndpoint refers to the rule dcr instead/,
  ],
  [
    'flexible orchestration',
    { there: asMachine({ orchestrationMode: 'Flexible' }) },
    /^association \| .* flexible orchestration.* \| Name its virtual machines/,
  ],
  [
    'the endpoint does not exist',
    {
      there: {
        associations: [association(vm, elsewhere), association(aks, auto)],
        endpoints: [...healthy.endpoints, { id: elsewhere, state: 'missing' }],
      },
    },
    /^endpoint exists, in its region \| The endpoint dce-neu .* does not exist\. \| The plan of topology.yml fixes this \(replace\)/,
  ],
  [
    'the endpoint is in another region',
    {
      there: {
        associations: [association(vm, elsewhere), association(aks, auto)],
        endpoints: [...healthy.endpoints, endpoint(elsewhere, 'northeurope')],
        links: [...healthy.links, link(elsewhere, 'l-neu')],
      },
    },
    /^endpoint exists, in its region \| dce-neu is in northeurope, but vm-01 is in westeurope.* \| The plan .* \(replace\)/,
  ],
  [
    'the endpoint is not linked',
    { there: { links: without(auto) } },
    /^linked, Succeeded \| The endpoint amw-weu is not linked to ampls\. \| The plan of topology.yml fixes this \(create\)/,
  ],
  [
    'its link failed',
    { there: { links: [...without(auto), link(auto, 'l-auto', 'Failed')] } },
    /^linked, Succeeded \| The link l-auto of amw-weu is in state Failed.* \| The plan .* \(update\)/,
  ],
  [
    'its link is in progress',
    { there: { links: [...without(auto), link(auto, 'l-auto', 'Provisioning')] } },
    /^linked, Succeeded \| .* in state Provisioning.* \| Wait/,
  ],
  [
    'the scope does not exist',
    { there: { scope: { state: 'missing' }, links: [], privateEndpoints: [] } },
    /^linked, Succeeded \| The private link scope ampls does not exist.* \| Create it/,
  ],
  [
    'the private endpoint waits for approval',
    {
      there: {
        privateEndpoints: [{ connection: 'pe-1', approved: false, staticAddresses: false }],
      },
      network: { endpoints: [] },
    },
    /^private endpoint approved \| The connection of pe-1 to ampls is not approved.* \| Approve it/,
  ],
  [
    'there is no private endpoint',
    { there: { privateEndpoints: [] }, network: { endpoints: [] } },
    /^private endpoint approved \| ampls has no private endpoint.* \| Connect it/,
  ],
  [
    'its network is not linked to the zones',
    {
      network: {
        virtualNetworks: readings([
          { id: vnet('vnet-hub'), dns: 'azure' as const },
          { id: vnet('vnet-spoke'), dns: 'azure' as const },
        ]),
        places: new Map([[idKey(vm), place('vnet-spoke')]]),
      },
    },
    /^zones and network \| Virtual network vnet-spoke is not linked to the private DNS zones .* \| Link it:/,
  ],
  [
    'the private endpoint lacks a zone',
    {
      network: {
        endpoints: [
          scopeEndpoint({
            zoneGroups: {
              state: 'found',
              value: [{ name: 'default', zones: [groupZone('monitor')] }],
            },
          }),
        ],
        zones: readings([aZone('monitor', ['vnet-hub'])]),
      },
    },
    /^zones and network \| Private endpoint pe-ampls lacks 4 private DNS zones/,
  ],
  [
    'its network is linked to zones of another scope',
    {
      network: {
        zones: readings([
          ...allRoles.map((role) => aZone(role, [])),
          ...allRoles.map((role) => ({
            ...aZone(role, ['vnet-hub']),
            id: aZone(role, []).id.replace('rg-dns', 'rg-other'),
          })),
        ]),
      },
    },
    /^zones and network \| Virtual network vnet-hub is linked to .* not to the zone/,
  ],
  [
    'no rule',
    { there: withRules(vm) },
    /^rules \| No data collection rule is associated with vm-01.* \| Associate/,
  ],
  [
    'a rule that does not exist',
    {
      there: {
        ...withRules(vm, dcrId('gone')),
        rules: [...healthy.rules, { id: dcrId('gone'), state: 'missing' }],
      },
    },
    /^rules \| No data collection rule is associated with vm-01 \(gone does not exist\)/,
  ],
  [
    'a rule that sends elsewhere',
    {
      there: {
        ...withRules(vm, dcrId('other')),
        rules: [
          ...healthy.rules,
          rule('other', { streams: ['Microsoft-Perf'], logDestinations: [lawId('law-own')] }),
        ],
        logWorkspaces: [...healthy.logWorkspaces, logWorkspace('law-own')],
        links: [...healthy.links, link(lawId('law-own'), 'l-own')],
      },
    },
    /^rules \| The file names law-weu for vm-01, but no rule of vm-01 sends there/,
  ],
  [
    'a rule without the endpoint that it needs',
    {
      of: aks,
      there: {
        rules: [{ ...prometheus, endpointId: undefined }, insights, logs] as never,
      },
    },
    /^rules \| The rule prom of aks-weu .* names none.* \| Set dataCollectionEndpointId/,
  ],
  [
    'no Prometheus rule',
    { of: aks, there: withRules(aks, insights.id) },
    /^rules \| aks-weu should send metrics .* no rule with the stream/,
  ],
  [
    'a rule whose endpoint does not exist',
    {
      of: aks,
      there: {
        endpoints: [endpoint(auto, 'westeurope'), { id: prom, state: 'missing' }],
      },
    },
    /^rules \| The rule prom of aks-weu sends through .* which does not exist/,
  ],
  [
    'the workspace is not linked',
    { there: { links: without(lawId('law-weu')) } },
    /^destinations linked \| The workspace law-weu is not linked to ampls\. \| The plan .* \(create\)/,
  ],
  [
    'the endpoint for metrics is not linked',
    { of: aks, there: { links: without(prom) } },
    /^destinations linked \| The endpoint MSProm-aks-weu is not linked to ampls\. \| The plan .* \(create\)/,
  ],
  [
    'a second workspace that is not in the file',
    {
      there: {
        ...withRules(vm, logs.id, dcrId('more')),
        rules: [
          ...healthy.rules,
          rule('more', { streams: ['Microsoft-Syslog'], logDestinations: [lawId('law-own')] }),
        ],
        logWorkspaces: [...healthy.logWorkspaces, logWorkspace('law-own')],
      },
    },
    /^destinations linked \| The workspace law-own is not linked.* \| Add the workspace to the file under logAnalyticsWorkspaces/,
  ],
  [
    'the workspace is gone',
    {
      there: {
        ...withRules(vm, logs.id, dcrId('more')),
        rules: [
          ...healthy.rules,
          rule('more', { streams: ['Microsoft-Syslog'], logDestinations: [lawId('law-own')] }),
        ],
        logWorkspaces: [...healthy.logWorkspaces, { id: lawId('law-own'), state: 'missing' }],
      },
    },
    /^destinations linked \| The Log Analytics workspace law-own does not exist/,
  ],
  [
    'it is silent',
    { telemetry: silent },
    /^telemetry \| Logs in law-weu: no record within 15 minutes; the last one arrived at 2026-11-28 10:00 UTC\. \| First fix/,
  ],
  [
    'it is silent since something changed',
    {
      telemetry: arriving(vm, {
        state: 'silent',
        changedSince: [
          { id: `${vm}/x/configurationAccessEndpoint`, at: '2026-11-28T10:01:00Z', by: 'a@b' },
        ],
      }),
    },
    /^telemetry \| .*configurationAccessEndpoint was changed at 2026-11-28 10:01 UTC by a@b\. \| Revert that change/,
  ],
]

describe('a single broken link is the first broken link, with a remedy', () => {
  test.each(broken)('%s', (_, story, wanted) => {
    const chain = chainOf(story)
    expect(breakOf(chain)).toMatch(wanted)
    expect(resultOf(chain)).toBe('broken')
    const first = chain.links.findIndex(({ state }) => state === 'broken')
    expect(chain.links.slice(0, first).every(({ state }) => state === 'ok')).toBe(true)
  })

  it('covers every link', () => {
    const told = new Set(broken.map(([, story]) => breakOf(chainOf(story)).split(' | ')[0]))
    expect([...told]).toEqual([...linkNames])
  })
})

/** Unknown facts never count as good: the unknown links of each story, without a broken link before them. */
const open: readonly (readonly [string, Story, readonly string[]])[] = [
  [
    'the target is unreadable',
    { there: { targets: [{ id: vm, state: 'unreadable' }] } },
    [
      'exists',
      'agent and identity',
      'endpoint exists, in its region',
      'zones and network',
      'rules',
      'destinations linked',
      'telemetry',
    ],
  ],
  [
    'its subscription is unreadable',
    {
      topology: {
        ...file,
        targets: file.targets.slice(0, 1),
        selects: [
          {
            kind: 'machine',
            subscriptions: [sub],
            types: ['microsoft.compute/virtualmachines'],
            exclude: [],
            logs: ['law-weu'],
            at: { line: 7, column: 3 },
          },
        ],
      },
      there: {
        selected: [[]],
        hiddenSubscriptions: [[sub, { state: 'unreadable', why: 'Forbidden' }]],
      },
    },
    ['in the file'],
  ],
  [
    'its extensions were not found',
    { there: asMachine({ hasAgent: undefined }) },
    ['agent and identity'],
  ],
  [
    'its endpoint is unreadable',
    {
      there: {
        associations: [association(vm, elsewhere), association(aks, auto)],
        endpoints: [...healthy.endpoints, { id: elsewhere, state: 'unreadable' }],
        links: [...healthy.links, link(elsewhere, 'l-neu')],
      },
    },
    ['endpoint exists, in its region'],
  ],
  [
    'the scope is unreadable',
    {
      there: { scope: { state: 'unreadable', why: 'Forbidden' }, links: [], privateEndpoints: [] },
    },
    ['linked, Succeeded', 'private endpoint approved', 'zones and network', 'destinations linked'],
  ],
  ['the network was not read', { network: null }, ['zones and network']],
  ['its interface is not visible', { network: { places: new Map() } }, ['zones and network']],
  [
    'its network uses custom DNS servers',
    { network: { virtualNetworks: readings([{ id: vnet('vnet-hub'), dns: 'own' as const }]) } },
    ['zones and network'],
  ],
  [
    'a rule is unreadable',
    {
      there: {
        ...withRules(vm, logs.id, dcrId('hidden')),
        rules: [...healthy.rules, { id: dcrId('hidden'), state: 'unreadable' }],
      },
    },
    ['rules', 'destinations linked'],
  ],
  [
    'the workspace can not be asked',
    {
      telemetry: arriving(vm, {
        state: 'unknown',
        cause: 'forbidden',
        notes: [
          'This identity may not query workspace law-weu. Give it the role Log Analytics Reader.',
        ],
      }),
    },
    ['telemetry'],
  ],
  [
    'its telemetry takes the public path',
    { telemetry: arriving(vm, { path: 'public', address: '20.1.x.x' }) },
    ['telemetry'],
  ],
  [
    'telemetry could not be queried',
    { telemetry: { asked: false, why: 'No token.', remedy: 'Sign in.' } },
    ['telemetry'],
  ],
]

describe('an unknown fact', () => {
  test.each(open)('%s: unknown, and not good', (_, story, wanted) => {
    const chain = chainOf(story)
    expect(chain.links.filter(({ state }) => state === 'unknown').map((one) => one.link)).toEqual(
      wanted,
    )
    expect(resultOf(chain)).toBe('unknown')
  })

  it.each(['partly', 'public', 'elsewhere', 'contested', 'unknown'] as const)(
    'a network that resolves "%s", without a finding that says why, is not good',
    (resolves) => {
      const chain = chainOf({
        judged: ({ findings, report }) => ({
          findings,
          report: {
            ...report,
            virtualNetworks: report.virtualNetworks.map((one) => ({ ...one, resolves })),
          },
        }),
      })
      expect(signsOf(chain)).toBe('✔✔✔✔✔✔✔?✔✔✔')
    },
  )

  it('says why telemetry could not be queried, and which role is needed', () => {
    const [, story] = open.find(([name]) => name === 'the workspace can not be asked') ?? ['', {}]
    const { detail } = chainOf(story).links.at(-1) ?? {}
    expect(detail).toContain('no permission to query')
    expect(detail).toContain('Log Analytics Reader')
  })

  it('an Arc machine: every link in Azure is ok, its network is not visible', () => {
    const arc = vm.replace('Microsoft.Compute/virtualMachines', 'Microsoft.HybridCompute/machines')
    const own = {
      ...file,
      targets: [
        machine('vm-01', {
          id: {
            ...machine('vm-01').id,
            text: arc,
            key: arc.toLowerCase(),
            type: 'microsoft.hybridcompute/machines',
          },
          logs: ['law-weu'],
        }),
      ],
    }
    const chain = chainOf({
      of: arc,
      topology: own,
      there: {
        targets: [target(arc, 'westeurope', { hasAgent: true })],
        associations: [association(arc, auto)],
        ruleAssociations: { [arc]: [logs.id] },
      },
      telemetry: arriving(arc),
    })
    expect(signsOf(chain)).toBe('✔✔✔✔✔✔✔?✔✔✔')
    expect(chain.links[7]?.detail).toContain('Azure Arc')
  })
})

it('a scale set is judged by the extension and the identity of its model', () => {
  const set = vm.replace('virtualMachines', 'virtualMachineScaleSets')
  const id = { ...machine('vm-01').id, text: set, key: set.toLowerCase() }
  const type = 'microsoft.compute/virtualmachinescalesets'
  const story = (more: object): Story => ({
    of: set,
    topology: { ...file, targets: [machine('vm-01', { id: { ...id, type }, logs: ['law-weu'] })] },
    there: {
      targets: [target(set, 'westeurope', { hasAgent: true, hasIdentity: true, ...more })],
      associations: [association(set, auto)],
      ruleAssociations: { [set]: [logs.id] },
    },
    network: { places: new Map([[idKey(set), place('vnet-hub')]]) },
    telemetry: arriving(set),
  })
  expect(signsOf(chainOf(story({})))).toBe(whole)
  expect(breakOf(chainOf(story({ hasIdentity: false })))).toMatch(
    /^agent and identity \| .* \| Assign one \(az vmss identity assign\)\.$/,
  )
})

describe('a target that the file does not name', () => {
  it('is followed as far as Azure shows, and the remedy is to add it to the file first', () => {
    const chain = chainOf({
      of: vmId('vm-02'),
      there: {
        targets: [
          ...healthy.targets,
          target(vmId('vm-02'), 'northeurope', { hasAgent: true, hasIdentity: true }),
        ],
      },
      network: { places: new Map([[idKey(vmId('vm-02')), place('vnet-hub')]]) },
    })
    expect(signsOf(chain)).toBe('✘✔✔✘??✔✔✘?✔')
    expect(chain.links[3]?.remedy).toMatch(/^Add the target to the file first/)
  })

  it('and that does not exist either has two broken links, and the rest is unknown', () => {
    const chain = chainOf({
      of: vmId('nobody'),
      there: { targets: [...healthy.targets, { id: vmId('nobody'), state: 'missing' }] },
    })
    expect(signsOf(chain)).toBe('✘✘????✔????')
  })
})

it('metrics of a cluster need the endpoint of its rule, and no link of the workspace itself', () => {
  const chain = chainOf({ of: aks })
  const detail = chain.links.find(({ link: name }) => name === 'destinations linked')?.detail ?? ''
  expect(detail).toContain('MSProm-aks-weu is linked')
  expect(detail).not.toContain(amwId('amw-weu'))
})

it('rendered: the first broken link is marked, and every broken link has its remedy', () => {
  const chain = chainOf({ there: { links: without(auto) } })
  const report: Report = {
    ...{
      file: 'topology.yml',
      topology: 'prod',
      command: 'explain',
      situation: 'found',
      result: 'broken',
    },
    ...{ diagnostics: [], findings: chain },
  }
  const summary = renderExplainSummary(chain, report, { portal: 'https://p.example', rulesUrl: '' })
  expect(summary.split('\n').slice(0, 1)).toEqual([
    '## ❌ vm-01: the chain breaks at “linked, Succeeded”',
  ])
  expect(summary).toContain(
    [
      '- ✘ **linked, Succeeded** **← first broken**: The endpoint amw-weu is not linked to ampls.',
      '  - **What to do:** The plan of topology.yml fixes this (create): apply it.',
      '- ✔ **private endpoint approved**: pe of ampls is approved.',
    ].join('\n'),
  )
  expect(chainLines(chain)[5]).toBe(
    '✘ linked, Succeeded: The endpoint amw-weu is not linked to ampls.',
  )
})
