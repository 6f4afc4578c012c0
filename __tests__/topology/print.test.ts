import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { load } from 'js-yaml'
import { resourceId } from '../../src/resources/id.ts'
import { parseTopology } from '../../src/topology/parseTopology.ts'
import { printTopology } from '../../src/topology/print/printTopology.ts'
import { comment, scalar } from '../../src/topology/print/scalar.ts'
import type { WrittenTopology } from '../../src/topology/print/written.ts'

const home = '11111111-1111-1111-1111-111111111111'

/** Texts that YAML 1.1 would not read as text, and texts that YAML would not read as a value. */
const odd = [
  ...[
    'null',
    'Null',
    '~',
    'true',
    'No',
    'on',
    'OFF',
    'y',
    'N',
    '1e3',
    '0x1F',
    '0o7',
    '1_000',
    '-1',
    '.inf',
    '.nan',
  ],
  ...[
    '2001-01-01',
    '1:30',
    '*x',
    '&y',
    '!tag',
    '?',
    '-',
    '- a',
    '# no',
    'a # b',
    'a: b',
    '{a}',
    '[a]',
    '%',
    '@',
    '`',
  ],
  ...[
    "it's",
    '"',
    '\\',
    ' ',
    '',
    ' a',
    'a ',
    'a\nb',
    'a\r\nb',
    '\t',
    '\u0000',
    '\u0007',
    '\u0085',
    '\u2028',
  ],
  ...['\u202e', '\ufeff', '🔥', '👩\u200d🚒', 'é', 'e\u0301', '=', '<<', '---', '...', '|', '>'],
]

describe('A text as a scalar', () => {
  test.each(odd)('%j stays text, as a value, as a key and in a list', (text) => {
    const yaml = `- ${scalar(text)}\n- ${scalar(text)}: 1\n- [${scalar(text)}]\n`
    expect(yaml.split('\n')).toHaveLength(4)
    expect(load(yaml)).toEqual([text, { [text]: 1 }, [text]])
  })

  test('any text stays text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (/\p{Cs}/u.test(text)) return
        expect(load(`a: ${scalar(text)}\n`)).toEqual({ a: text })
        expect(scalar(text)).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u)
      }),
      { numRuns: 2000, seed: 7 },
    )
  })

  test.each(['rg-app/vm-01', 'rg_1/1e3', 'metrics-weu', home])('%s needs no quotes', (text) => {
    expect(scalar(text)).toBe(text)
  })
})

describe('A remark', () => {
  test('is a comment on every line, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 900 }), (text) => {
        const lines = comment(`${text}\nmachines: [x]\r# y\u2028z`)
        for (const line of lines) expect(line).toMatch(/^# [\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u)
        expect(load(`${lines.join('\n')}\na: 1\n`)).toEqual({ a: 1 })
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})

describe('A topology', () => {
  const id = (type: string, group: string, name: string, subscription = home) =>
    resourceId(subscription, group, type, name)
  const away = '22222222-2222-2222-2222-222222222222'
  const law = 'Microsoft.OperationalInsights/workspaces'
  const vm = 'Microsoft.Compute/virtualMachines'

  const written: WrittenTopology = {
    remarks: ['top'],
    name: { value: 'on', remarks: ['name: *x'] },
    subscription: home,
    privateLinkScope: {
      value: id('microsoft.insights/privatelinkscopes', 'rg', 'ampls'),
      remarks: ['scope\nmachines: [no]'],
    },
    accessModes: { ingestion: 'PrivateOnly', query: 'Open' },
    azureMonitorWorkspaces: { entries: [], remarks: ['none'] },
    logAnalyticsWorkspaces: {
      entries: [
        { value: { alias: 'null', id: id(law, 'rg', 'null') }, remarks: [] },
        { value: { alias: 'x', id: id(law.toLowerCase(), 'rg', 'x', away) }, remarks: ['far'] },
      ],
      remarks: ['gone'],
    },
    clusters: { entries: [], remarks: [] },
    machines: {
      entries: [
        { value: { kind: 'machine', id: id(vm, 'rg', 'vm-1'), logs: [] }, remarks: [] },
        {
          value: { kind: 'machine', id: id(vm, 'rg', 'vm-2'), logs: ['null', 'x'] },
          remarks: ['two'],
        },
        {
          value: {
            kind: 'machine',
            id: id('microsoft.hybridcompute/machines', 'rg', 'vm-1'),
            logs: ['x'],
          },
          remarks: [],
          proposal: {
            kind: 'machine',
            subscriptions: [away],
            resourceGroups: ['rg'],
            tags: { 'a: b': 'on' },
            types: [vm.toLowerCase()],
            exclude: [id(vm, 'rg', 'vm-9')],
            logs: ['x'],
          },
        },
        {
          value: {
            kind: 'machine',
            subscriptions: [home],
            resourceGroups: ['rg-2'],
            tags: { 'a: b': 'on', '*': '#' },
            types: ['microsoft.hybridcompute/machines'],
            exclude: [],
            logs: ['null'],
          },
          remarks: [],
        },
      ],
      remarks: [],
    },
    remoteWrite: ['remote'],
    endpoints: {
      resourceGroup: { subscription: away, name: 'rg-(1)' },
      machineIngestion: 'none',
      publicNetworkAccess: 'Enabled',
      tags: { '*x': '&y', null: '' },
      existing: [
        {
          value: {
            region: 'westeurope',
            id: id('Microsoft.Insights/dataCollectionEndpoints', 'rg', 'dce'),
          },
          remarks: [],
        },
      ],
      remarks: ['unused'],
    },
  }

  test('is parsed back as it was printed', () => {
    const text = printTopology(written)
    const { topology, diagnostics } = parseTopology(text, { file: 't.yml', today: '2026-01-01' })
    expect(diagnostics).toEqual([])
    expect(topology).toMatchObject({
      name: 'on',
      subscription: home,
      accessModes: { ingestion: 'PrivateOnly', query: 'Open' },
      azureMonitorWorkspaces: [],
      logAnalyticsWorkspaces: [{ alias: 'null' }, { alias: 'x', id: { subscription: away } }],
      endpoints: {
        resourceGroup: { subscription: away, name: 'rg-(1)' },
        machineIngestion: 'none',
        publicNetworkAccess: 'Enabled',
        tags: { '*x': '&y', null: '' },
        existing: [{ region: 'westeurope' }],
      },
    })
    expect(topology?.targets.map((target) => [target.id.key, target.logs])).toEqual([
      [id(vm, 'rg', 'vm-1').key, []],
      [id(vm, 'rg', 'vm-2').key, ['null', 'x']],
      [id('microsoft.hybridcompute/machines', 'rg', 'vm-1').key, ['x']],
    ])
    expect(topology?.selects).toMatchObject([
      { resourceGroups: ['rg-2'], tags: { 'a: b': 'on', '*': '#' }, subscriptions: [home] },
    ])
  })

  test('has its sections in the order of the README, and short references where they resolve', () => {
    const keys = Object.keys(load(printTopology(written)) as object)
    expect(keys).toEqual([
      'version',
      'name',
      'subscription',
      'privateLinkScope',
      'accessModes',
      'logAnalyticsWorkspaces',
      'machines',
      'dataCollectionEndpoints',
    ])
    const lines = printTopology(written).split('\n')
    expect(lines).toContain('  - rg/vm-1')
    expect(lines).toContain(
      `  - resource: /subscriptions/${home}/resourceGroups/rg/providers/Microsoft.HybridCompute/machines/vm-1`,
    )
    expect(lines[0]).toMatch(/^# yaml-language-server: \$schema=https:/)
  })
})
