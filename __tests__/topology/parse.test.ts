import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from '@jest/globals'
import { parseTopology } from '../../src/topology/parseTopology.ts'
import { head, lines, parse, problemsOf } from './problems.ts'

const subscription = '11111111-1111-1111-1111-111111111111'

function id(group: string, type: string, name: string) {
  const text = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`
  const key = text.toLowerCase()
  return { text, key, subscription, resourceGroup: group, type: type.toLowerCase(), name }
}

describe('A topology file without problems', () => {
  it('yields every key in canonical form, with its position', () => {
    const { topology, diagnostics } = parse(
      lines(
        'version: 1',
        'name: production',
        `subscription: ${subscription}`,
        'privateLinkScope: rg-monitor/ampls-hub',
        'accessModes:',
        '  ingestion: PrivateOnly',
        'azureMonitorWorkspaces:',
        '  metrics-weu: rg-monitor/amw-weu',
        'logAnalyticsWorkspaces:',
        '  logs: rg-monitor/law-weu',
        'clusters:',
        '  - resource: rg-aks/aks-weu',
        '    metrics: metrics-weu',
        '    logs: logs',
        'machines:',
        '  - rg-app/vm-01',
        '  - select:',
        '      subscriptions: [AAAA0A0A-BB1B-CC2C-DD3D-EEEEEE4E4E4E]',
        '      resourceGroups: [rg-app]',
        '      locations: [West Europe, westeurope]',
        '      tags: { Monitoring: Private }',
        '      types: [microsoft.compute/VIRTUALMACHINES]',
        '    exclude: [rg-app/vm-legacy]',
        '    logs: [logs]',
        'remoteWrite:',
        '  - name: onprem-k3s',
        '    metrics: metrics-weu',
        'dataCollectionEndpoints:',
        '  resourceGroup: /subscriptions/AAAA0A0A-BB1B-CC2C-DD3D-EEEEEE4E4E4E/resourcegroups/rg-dce/',
        '  regionalName: dce-{region}',
        '  machineName: dce-{machine}-{hash}-{topology}',
        '  machineIngestion: perRegion',
        '  publicNetworkAccess: Enabled',
        '  tags: { team: platform }',
        '  existing:',
        '    North Europe: rg-shared/dce-neu',
        'existingAssociations: replace',
        'waivers:',
        '  - code: static-ip-private-endpoint',
        '    resource: rg-net/pe-ampls',
        '    reason: replaced in the June window',
        '    expires: 2026-11-22',
      ),
    )
    expect(diagnostics).toEqual([])
    expect(topology).toEqual({
      file: 'topology.yml',
      name: 'production',
      formerNames: [],
      subscription,
      privateLinkScope: {
        id: id('rg-monitor', 'Microsoft.Insights/privateLinkScopes', 'ampls-hub'),
        at: { line: 4, column: 19 },
      },
      accessModes: { ingestion: 'PrivateOnly', at: { line: 5, column: 1 } },
      azureMonitorWorkspaces: [
        {
          alias: 'metrics-weu',
          id: id('rg-monitor', 'Microsoft.Monitor/accounts', 'amw-weu'),
          at: { line: 8, column: 16 },
        },
      ],
      logAnalyticsWorkspaces: [
        {
          alias: 'logs',
          id: id('rg-monitor', 'Microsoft.OperationalInsights/workspaces', 'law-weu'),
          at: { line: 10, column: 9 },
        },
      ],
      targets: [
        {
          kind: 'cluster',
          id: id('rg-aks', 'Microsoft.ContainerService/managedClusters', 'aks-weu'),
          metrics: 'metrics-weu',
          logs: ['logs'],
          at: { line: 12, column: 15 },
        },
        {
          kind: 'machine',
          id: id('rg-app', 'Microsoft.Compute/virtualMachines', 'vm-01'),
          logs: [],
          at: { line: 16, column: 5 },
        },
      ],
      selects: [
        {
          kind: 'machine',
          subscriptions: ['aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e'],
          resourceGroups: ['rg-app'],
          locations: ['westeurope'],
          tags: { Monitoring: 'Private' },
          types: ['microsoft.compute/virtualmachines'],
          exclude: [id('rg-app', 'Microsoft.Compute/virtualMachines', 'vm-legacy')],
          logs: ['logs'],
          at: { line: 17, column: 5 },
        },
      ],
      remoteWrite: [{ name: 'onprem-k3s', metrics: 'metrics-weu', at: { line: 26, column: 5 } }],
      endpoints: {
        resourceGroup: { subscription: 'aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e', name: 'rg-dce' },
        regionalName: 'dce-{region}',
        machineName: 'dce-{machine}-{hash}-{topology}',
        machineIngestion: 'perRegion',
        publicNetworkAccess: 'Enabled',
        tags: { team: 'platform' },
        existing: [
          {
            region: 'northeurope',
            id: id('rg-shared', 'Microsoft.Insights/dataCollectionEndpoints', 'dce-neu'),
            at: { line: 36, column: 19 },
          },
        ],
        at: { line: 28, column: 1 },
      },
      existingAssociations: 'replace',
      waivers: [
        {
          code: 'static-ip-private-endpoint',
          resource: {
            text: 'rg-net/pe-ampls',
            subscription,
            resourceGroup: 'rg-net',
            name: 'pe-ampls',
          },
          reason: 'replaced in the June window',
          expires: '2026-11-22',
          at: { line: 39, column: 5 },
        },
      ],
    })
  })

  it('has a default for every omitted key', () => {
    expect(parse(head).topology).toEqual({
      file: 'topology.yml',
      name: 'production',
      formerNames: [],
      subscription,
      privateLinkScope: {
        id: id('rg-monitor', 'Microsoft.Insights/privateLinkScopes', 'ampls-hub'),
        at: { line: 4, column: 19 },
      },
      accessModes: { at: { line: 1, column: 1 } },
      azureMonitorWorkspaces: [],
      logAnalyticsWorkspaces: [],
      targets: [],
      selects: [],
      remoteWrite: [],
      endpoints: {
        regionalName: 'dce-{topology}-{region}',
        machineName: 'dce-{machine}-{hash}',
        machineIngestion: 'perMachine',
        publicNetworkAccess: 'Disabled',
        tags: {},
        existing: [],
        at: { line: 1, column: 1 },
      },
      existingAssociations: 'adopt',
      waivers: [],
    })
  })

  it('accepts full ids in any case, with or without slashes at the ends, and keeps them as written', () => {
    const vm = `subscriptions/${subscription}/RESOURCEGROUPS/rg/providers/microsoft.compute/VirtualMachines/VM`
    const { topology } = parse(`${head}machines: ["${vm}-1", "/${vm}-2", "/${vm}-3/"]\n`)
    expect(topology?.targets.map((target) => target.id.text)).toEqual([
      `/${vm}-1`,
      `/${vm}-2`,
      `/${vm}-3`,
    ])
    expect(topology?.targets[0]?.id.key).toBe(`/${vm}-1`.toLowerCase())
  })

  it('accepts every type that its sections allow', () => {
    const full = (type: string) =>
      `/subscriptions/${subscription}/resourceGroups/rg/providers/${type}/x`
    const clusters = [
      'Microsoft.ContainerService/managedClusters',
      'Microsoft.Kubernetes/connectedClusters',
    ]
    const machines = [
      'Microsoft.Compute/virtualMachines',
      'Microsoft.Compute/virtualMachineScaleSets',
      'Microsoft.HybridCompute/machines',
    ]
    const { topology, diagnostics } = parse(
      `${head}clusters: [${clusters.map(full).join(', ')}]\nmachines: [${machines.map(full).join(', ')}]\n`,
    )
    expect(diagnostics).toEqual([])
    expect(topology?.targets.map((target) => `${target.kind} ${target.id.type}`)).toEqual([
      ...clusters.map((type) => `cluster ${type.toLowerCase()}`),
      ...machines.map((type) => `machine ${type.toLowerCase()}`),
    ])
  })

  it('may repeat values by YAML aliases', () => {
    const { topology, diagnostics } = parse(
      `${head}${lines(
        'logAnalyticsWorkspaces: { a: rg/a, b: rg/b }',
        'machines:',
        '  - { resource: rg/vm-1, logs: &both [a, b] }',
        '  - { resource: rg/vm-2, logs: *both }',
      )}`,
    )
    expect(diagnostics).toEqual([])
    expect(topology?.targets.map((target) => target.logs)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  it('may reuse the name of an anchor; the last one before an alias counts', () => {
    const { topology } = parse(
      `${head}${lines(
        'logAnalyticsWorkspaces: { a: rg/a, b: rg/b }',
        'machines:',
        '  - &x { resource: rg/vm-1, logs: &x [a] }',
        '  - { resource: rg/vm-2, logs: *x }',
        '  - { resource: rg/vm-3, logs: &x [b] }',
        '  - { resource: rg/vm-4, logs: *x }',
      )}`,
    )
    expect(topology?.targets.map((target) => target.logs)).toEqual([['a'], ['a'], ['b'], ['b']])
  })

  it('may give its subscription in any case', () => {
    const { topology } = parse(
      `${head.replace(subscription, 'AAAA0A0A-BB1B-CC2C-DD3D-EEEEEE4E4E4E')}machines: [rg/vm, { select: { locations: [westeurope] } }]\n`,
    )
    const lower = 'aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e'
    expect(topology?.subscription).toBe(lower)
    expect(topology?.targets[0]?.id.subscription).toBe(lower)
    expect(topology?.targets[0]?.id.text).toContain(lower)
    expect(topology?.selects[0]?.subscriptions).toEqual([lower])
  })

  it('reads words as text that YAML 1.1 reads as booleans and dates', () => {
    const { topology } = parse(
      `${head}dataCollectionEndpoints: { tags: { a: no, b: on, c: 2026-11-22, d: !!str 5, e: ! 6 } }\n`,
    )
    expect(topology?.endpoints.tags).toEqual({ a: 'no', b: 'on', c: '2026-11-22', d: '5', e: '6' })
  })

  it('needs no resource group with machineIngestion: none', () => {
    const text = `${head}${lines(
      'azureMonitorWorkspaces: { m: rg/amw }',
      'machines: [{ resource: rg/vm, metrics: m }]',
      'dataCollectionEndpoints: { machineIngestion: none }',
    )}`
    expect(parse(text).topology?.endpoints.machineIngestion).toBe('none')
  })

  it('may name machines of different workspaces by region, since the regions may differ', () => {
    const text = `${head}${lines(
      'azureMonitorWorkspaces: { m: rg/amw, n: rg/amn }',
      'dataCollectionEndpoints: { resourceGroup: rg, machineName: "dce-{region}" }',
      'machines: [{ resource: rg/vm-1, metrics: m }, { resource: rg/vm-2, metrics: n }]',
    )}`
    expect(problemsOf(text)).toEqual([])
  })

  it('may hold ten thousand targets', () => {
    const targets = Array.from({ length: 10_000 }, (_, index) => `  - rg-app/vm-${index}\n`)
    expect(parse(`${head}machines:\n${targets.join('')}`).topology?.targets).toHaveLength(10_000)
  })
})

describe('A diagnostic of a topology file', () => {
  it('has message, position, remedy and resource', () => {
    expect(
      parseTopology(`${head}machines: [rg/vm, rg/vm]\n`, {
        file: '.github/azure-monitor-private-link.yml',
        today: '2026-11-22',
      }),
    ).toMatchObject({
      diagnostics: [
        {
          severity: 'error',
          code: 'duplicate-target',
          message: 'The target vm is listed twice; the first entry is on line 5.',
          remedy: 'Merge both into one entry.',
          resource: id('rg', 'Microsoft.Compute/virtualMachines', 'vm').text,
          file: '.github/azure-monitor-private-link.yml',
          line: 5,
          column: 19,
        },
      ],
    })
  })
})

describe('The limits of a topology file', () => {
  const comment = (bytes: number) => `#${'x'.repeat(bytes - 2)}\n`
  const mebibyte = 1024 * 1024

  test('a file of 1 MiB is read', () => {
    expect(problemsOf(head + comment(mebibyte - head.length))).toEqual([])
  })

  test('a file of 1 MiB and one byte is refused', () => {
    expect(problemsOf(head + comment(mebibyte - head.length + 1))).toEqual([
      '1:1 file-too-large: The topology file has 1048577 bytes; the limit is 1048576 (1 MiB). » Use "select" for targets, or split the estate into one file per private link scope.',
    ])
  })

  test('bytes are counted, not characters', () => {
    expect(problemsOf(`# ${'\u00e9'.repeat(mebibyte / 2)}\n`)[0]).toMatch(/^1:1 file-too-large: /)
  })

  test('aliases that expand without bound are refused', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) =>
        `k${level}: &k${level} [${Array(9)
          .fill(level === 0 ? '1' : `*k${level - 1}`)
          .join(', ')}]\n`,
    )
    expect(problemsOf(levels.join(''))).toEqual([
      '6:10 file-too-large: The aliases of the file repeat more than 100000 values. » Write the values out instead of nesting aliases.',
    ])
  })
})

describe('The examples', () => {
  const folder = new URL('../../examples/', import.meta.url)
  const files = readdirSync(folder).filter((file) => file.endsWith('.yml'))

  test('exist', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'arc-and-selectors.yml',
        'article.yml',
        'everything.yml',
        'minimal.yml',
      ]),
    )
  })

  test.each(files)('%s has no problem, and names its schema', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    expect(text.split('\n')[0]).toBe(
      '# yaml-language-server: $schema=../schema/topology.schema.json',
    )
    expect(problemsOf(text)).toEqual([])
  })
})
