import { describe, expect, test } from '@jest/globals'
import type { Waiver } from '../../src/topology/topology.ts'
import {
  amwId,
  association,
  dceId,
  dcrId,
  endpoint,
  lawId,
  link,
  logsFrom,
  logWorkspace,
  machine,
  place,
  rule,
  scope,
  summarize,
  target,
  type There,
  topology,
  vmId,
  world,
} from './builders.ts'

const here = 'westeurope'
const dce = dceId('dce', 'rg-x')
const vm = vmId('vm')
const waivers: Waiver[] = [
  'blackout',
  'unknown-resource',
  'unreadable-resource',
  'rule-would-be-lost',
].map((code) => ({
  code,
  reason: 'all of it',
  expires: '2999-01-01',
  at: place,
}))

const settled: There = {
  targets: [target(vm, here)],
  endpoints: [endpoint(dce, here)],
  links: [link(dce, 'theirs'), link(lawId('logs'), 'logs')],
  associations: [association(vm, dce)],
  logWorkspaces: [logWorkspace('logs')],
}
const withRule = (more: Partial<Parameters<typeof rule>[1]>): There => ({
  rules: [rule('dcr', more)],
  ruleAssociations: { [vm]: [dcrId('dcr')] },
})

interface Case {
  readonly name: string
  readonly file?: Parameters<typeof topology>[0]
  readonly there?: There
  readonly refused: boolean
  /** Modes in the file, if not PrivateOnly for ingestion. */
  readonly modes?: string
}

const query = { accessModes: { query: 'PrivateOnly' as const, at: place } }
const cases: readonly Case[] = [
  { name: 'every target has a private path', refused: false },
  {
    name: 'the plan itself provides the missing path',
    there: { links: [], associations: [] },
    refused: false,
  },
  {
    name: 'a target does not exist',
    there: { targets: [{ id: vm, state: 'missing' }] },
    refused: true,
  },
  {
    name: 'a target is unreadable',
    there: { targets: [{ id: vm, state: 'unreadable' }] },
    refused: true,
  },
  {
    name: 'a rule of a target is unreadable',
    there: {
      rules: [{ id: dcrId('dcr'), state: 'unreadable' }],
      ruleAssociations: { [vm]: [dcrId('dcr')] },
    },
    refused: true,
  },
  {
    name: 'the workspace of its logs does not exist',
    there: {
      ...withRule({ logDestinations: [lawId('logs')] }),
      logWorkspaces: [{ id: lawId('logs'), state: 'missing' }],
      links: [link(dce, 'theirs')],
    },
    refused: true,
  },
  {
    name: 'the workspace that the file names does not exist, and nothing sends there',
    there: {
      logWorkspaces: [{ id: lawId('logs'), state: 'missing' }],
      links: [link(dce, 'theirs')],
    },
    refused: false,
  },
  {
    name: 'a rule with a stream of high-scale container logs names no endpoint',
    there: withRule({ streams: ['Microsoft-ContainerLogV2-HighScale'] }),
    refused: true,
  },
  {
    name: 'a rule that sends to an Azure Monitor workspace names no endpoint',
    there: withRule({ metricsDestinations: [amwId('amw')] }),
    refused: true,
  },
  {
    name: 'a rule with plain logs names no endpoint',
    there: withRule({ streams: ['Microsoft-ContainerLogV2', 'Microsoft-Syslog'] }),
    refused: false,
  },
  {
    name: 'its add-on sends to a workspace that is not linked',
    there: {
      targets: [
        target(vm, here, {
          addons: [{ name: 'omsagent', workspaceId: lawId('far').toUpperCase(), usesKey: true }],
        }),
      ],
    },
    refused: true,
  },
  {
    name: 'it loses a rule that only its configuration association held',
    there: {
      rules: [rule('dcr', { logDestinations: [lawId('far')], endpointId: dceId('far') })],
      associations: [{ id: association(vm, dce).id, target: vm, ruleId: dcrId('dcr') }],
    },
    refused: false,
  },
  {
    name: 'a rule sends logs to a workspace that is not linked',
    there: withRule({ logDestinations: [lawId('far')] }),
    refused: true,
  },
  {
    name: 'a rule sends through an endpoint that does not exist',
    there: withRule({ endpointId: dceId('gone') }),
    refused: true,
  },
  {
    name: 'a rule sends through an endpoint that does not exist but is still linked',
    there: {
      ...withRule({ endpointId: dceId('gone') }),
      links: [...(settled.links ?? []), link(dceId('gone'), 'left')],
    },
    refused: true,
  },
  {
    name: 'only query changes, and a rule sends logs to a workspace that is not linked',
    file: query,
    there: withRule({ logDestinations: [lawId('far')] }),
    refused: false,
    modes: 'Open/PrivateOnly',
  },
  {
    name: 'only query changes, and a target is unreadable',
    file: query,
    there: { targets: [{ id: vm, state: 'unreadable' }] },
    refused: true,
    modes: 'Open/PrivateOnly',
  },
]

describe('Setting a mode to PrivateOnly while', () => {
  test.each(cases)('$name', ({ file, there, refused, modes = 'PrivateOnly/Open' }) => {
    const { changes, problems } = summarize(
      topology({
        targets: [machine('vm', { logs: ['logs'] })],
        logAnalyticsWorkspaces: [logsFrom('logs')],
        accessModes: { ingestion: 'PrivateOnly', at: place },
        waivers,
        ...file,
      }),
      world({ scope: scope(), ...settled, ...there }),
    )
    expect(changes.at(-1)).toBe(`update modes ${modes}`)
    // A waiver has no effect.
    expect(
      problems.filter((one) => one.startsWith('error')).map((one) => one.split(' ')[1]),
    ).toEqual(refused ? ['blackout'] : [])
  })

  test('it is PrivateOnly already is no change, so there is no blackout', () => {
    const file = topology({
      targets: [machine('vm')],
      accessModes: { ingestion: 'PrivateOnly', at: place },
      waivers,
    })
    const azure = world({ scope: scope('PrivateOnly'), targets: [{ id: vm, state: 'missing' }] })
    expect(summarize(file, azure).problems).not.toContain('error blackout ampls')
  })
})

describe('Modes', () => {
  test.each([
    [
      'both to Open need one write, first',
      'PrivateOnly',
      'PrivateOnly',
      'Open',
      'Open',
      ['Open/Open'],
    ],
    [
      'both to PrivateOnly need one write',
      'Open',
      'Open',
      'PrivateOnly',
      'PrivateOnly',
      ['PrivateOnly/PrivateOnly'],
    ],
    [
      'ingestion to Open and query to PrivateOnly need two writes',
      'PrivateOnly',
      'Open',
      'Open',
      'PrivateOnly',
      ['Open/Open', 'Open/PrivateOnly'],
    ],
    [
      'query to Open and ingestion to PrivateOnly need two writes',
      'Open',
      'PrivateOnly',
      'PrivateOnly',
      'Open',
      ['Open/Open', 'PrivateOnly/Open'],
    ],
    ['without a difference need no write', 'Open', 'PrivateOnly', 'Open', 'PrivateOnly', []],
  ] as const)('%s', (_, ingestion, query, wantIngestion, wantQuery, writes) => {
    const file = topology({
      accessModes: { ingestion: wantIngestion, query: wantQuery, at: place },
    })
    const { changes } = summarize(file, world({ scope: scope(ingestion, query) }))
    expect(changes).toEqual(writes.map((one) => `update modes ${one}`))
  })

  test('that the file does not set are not changed', () => {
    const file = topology({ accessModes: { query: 'Open', at: place } })
    const { changes } = summarize(file, world({ scope: scope('PrivateOnly', 'PrivateOnly') }))
    expect(changes).toEqual(['update modes PrivateOnly/Open'])
  })
})
