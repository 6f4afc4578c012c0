import { describe, expect, it } from '@jest/globals'
import { estate, find, linesOf, stage, subscription, topologyText } from './harness.ts'

const ok = [
  'aks-1 → law: receiving',
  'vm-1 → law: receiving (private)',
  'vm-2 → law: receiving (private)',
  'aks-1 → amw: receiving',
]
const minutes = (count: number) => count * 60_000

describe('a correct estate', () => {
  it('is receiving, its logs privately, with one query per workspace', async () => {
    const { verify, simulator } = await stage()
    const { report, telemetry } = await verify()
    expect(linesOf(telemetry)).toEqual(ok)
    expect(report).toMatchObject({ command: 'verify', result: 'receiving', diagnostics: [] })
    expect(report.failure).toBeUndefined()
    const asked = simulator.azure.requests.filter(
      ({ host }) => host === 'logs' || host === 'metrics',
    )
    expect(asked.map(({ host, method, status }) => [host, method, status])).toEqual(
      expect.arrayContaining([
        ['logs', 'POST', 200],
        ['metrics', 'POST', 200],
      ]),
    )
    expect(asked).toHaveLength(2)
    const written = simulator.azure.requests.filter(
      ({ host, method, path }) =>
        host === 'arm' && method !== 'GET' && !path.includes('ResourceGraph'),
    )
    expect(written).toEqual([])
  })

  it('has the witnesses of its rules, and only free tables in the query', async () => {
    const { verify, simulator } = await stage(estate, { tablePlans: { 'law/Syslog': 'Basic' } })
    const { telemetry } = await verify()
    const rows = telemetry.targets.filter(({ kind }) => kind === 'logs')
    expect(rows.map(({ witnesses }) => witnesses.map(({ name }) => name))).toEqual([
      [
        'InsightsMetrics',
        'KubeEvents',
        'KubeNodeInventory',
        'KubePodInventory',
        'KubeServices',
        'Perf',
      ],
      ['Heartbeat', 'Perf'],
      ['Heartbeat', 'Perf'],
    ])
    const [query] = simulator.azure.requests.filter(({ host }) => host === 'logs')
    expect(JSON.stringify(query?.requestBody)).not.toMatch(/Syslog|ContainerLogV2/)
  })
})

describe('a fault in the estate causes silence', () => {
  it('when an association moves: shows who did it and when, for that machine only', async () => {
    const { verify, simulator } = await stage()
    const association = find(
      simulator,
      'vm-2/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint',
    )
    const at = new Date(Date.now()).toISOString()
    simulator.azure.put({
      id: association,
      properties: {
        dataCollectionEndpointId: find(simulator, '/dce-weu').replace('dce-weu', 'gone'),
      },
      systemData: {
        lastModifiedBy: 'alice@example.com',
        lastModifiedByType: 'User',
        lastModifiedAt: at,
      },
    })
    simulator.azure.knobs.clockOffsetMs = minutes(20)
    const { report, telemetry } = await verify()
    expect(linesOf(telemetry)).toEqual(
      [ok[0], 'vm-2 → law: silent (private)', ok[1], ok[3]].toSorted((a, b) => order(a) - order(b)),
    )
    const silent = telemetry.targets.find(({ state }) => state === 'silent')
    expect(silent?.lastSeen).toBeDefined()
    expect(silent?.changedSince).toEqual([
      { id: expect.stringMatching(/configurationAccessEndpoint$/i), at, by: 'alice@example.com' },
    ])
    expect(report).toMatchObject({
      result: 'silent',
      failure: {
        reason: 'telemetry-silent',
        message: '3 of 4 expected streams of telemetry arrive; 1 is silent.',
      },
    })
  })

  it('when the workspace’s link is deleted', async () => {
    const { verify, simulator } = await stage()
    simulator.azure.remove(find(simulator, 'scopedResources/l-law'))
    simulator.azure.knobs.clockOffsetMs = minutes(16)
    const { telemetry } = await verify()
    expect(linesOf(telemetry)).toEqual([
      'aks-1 → law: silent',
      'vm-1 → law: silent (private)',
      'vm-2 → law: silent (private)',
      'aks-1 → amw: receiving',
    ])
  })

  it('when the metrics endpoint is unlinked: shows who changed what', async () => {
    const { verify, simulator } = await stage()
    simulator.azure.remove(find(simulator, 'scopedResources/l-dce'))
    simulator.azure.knobs.clockOffsetMs = minutes(30)
    const { telemetry } = await verify()
    expect(telemetry.targets.map(({ state }) => state)).toEqual([
      'silent',
      'silent',
      'silent',
      'silent',
    ])
  })

  it('not yet when the window is longer than the silence', async () => {
    const { verify, simulator } = await stage()
    simulator.azure.remove(find(simulator, 'scopedResources/l-law'))
    simulator.azure.knobs.clockOffsetMs = minutes(16)
    expect((await verify({ window: 60 })).report.result).toBe('receiving')
    expect((await verify({ window: 15 })).report.result).toBe('silent')
  })
})

function order(line: string | undefined): number {
  return (line ?? '').includes('silent') ? 0 : (line ?? '').includes('amw') ? 2 : 1
}

describe('the path', () => {
  it('is public if the network resolves public names, with a warning while the workspace is linked', async () => {
    const { verify } = await stage(
      {
        ...estate,
        scope: { ...estate.scope, id: 'rg-monitor/hub', ingestion: 'Open' },
        logWorkspaces: {
          'rg-monitor/law': { location: 'westeurope', publicNetworkAccess: 'Enabled' },
        },
      },
      {
        outside: [
          `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/vm-1`,
        ],
      },
    )
    const { report, telemetry } = await verify()
    expect(linesOf(telemetry)).toContain('vm-1 → law: receiving (public)')
    expect(report.diagnostics).toMatchObject([
      {
        code: 'public-path',
        severity: 'warning',
        message: expect.stringMatching(/vm-1 \(203\.0\.113\.x\)/),
      },
    ])
    expect(JSON.stringify(report)).not.toMatch(/203\.0\.113\.\d/)
  })
})

describe('waiting', () => {
  it('queries each minute until nothing is silent, and logs which targets came back', async () => {
    const { verify, simulator, log } = await stage()
    const link = simulator.azure.snapshot().resources.find(({ id }) => id.endsWith('l-law'))
    simulator.azure.remove(find(simulator, 'scopedResources/l-law'))
    simulator.azure.knobs.clockOffsetMs = minutes(20)
    const { report } = await verify({
      wait: 15,
      meanwhile: (minute) => {
        simulator.azure.knobs.clockOffsetMs += minutes(1)
        if (minute === 2 && link !== undefined) simulator.azure.put(link)
      },
    })
    expect(report.result).toBe('receiving')
    const told = log.filter((line) => line.startsWith('Minute'))
    expect(told[0]).toBe('Minute 1 of 15: none came back; 3 still silent.')
    expect(told.at(-1)).toMatch(/aks-1 at law.* came back; none is silent any more\.$/)
    expect(told.length).toBeLessThanOrEqual(4)
    // Metrics always arrived, so they were queried only once.
    expect(simulator.azure.requests.filter(({ host }) => host === 'metrics')).toHaveLength(1)
  })

  it('ends when the time is up, and reports what is silent', async () => {
    const { verify, simulator, log } = await stage()
    simulator.azure.remove(find(simulator, 'scopedResources/l-law'))
    simulator.azure.knobs.clockOffsetMs = minutes(20)
    const { report } = await verify({ wait: 3 })
    expect(report.result).toBe('silent')
    expect(log.filter((line) => line.startsWith('Minute'))).toHaveLength(3)
  })
})

describe('what is expected', () => {
  it('is nothing if no rule sends', async () => {
    const machines = { ...estate.machines, 'rg-app/vm-2': { location: 'westeurope' } }
    const { verify } = await stage({ ...estate, machines })
    const { report, telemetry } = await verify()
    expect(linesOf(telemetry)).toContain('vm-2 → law: nothing-expected')
    expect(report.result).toBe('receiving')
  })

  it('is, for a machine with three workspaces, something in each, also in those outside the file', async () => {
    const { verify } = await stage({
      ...estate,
      logWorkspaces: {
        ...estate.logWorkspaces,
        'rg-x/law-2': 'westeurope',
        'rg-x/law-3': 'westeurope',
      },
      rules: {
        ...estate.rules,
        'rg-monitor/dcr': {
          location: 'westeurope',
          streams: ['Microsoft-Event'],
          logs: ['rg-monitor/law', 'rg-x/law-2', 'rg-x/law-3'],
        },
      },
    })
    const { telemetry } = await verify({ topology: topologyText.replace(/  - .*vm-2.*\n/, '') })
    expect(linesOf(telemetry).filter((line) => line.startsWith('vm-1'))).toEqual([
      'vm-1 → law: receiving (private)',
      'vm-1 → law-2: silent',
      'vm-1 → law-3: silent',
    ])
  })

  it('counts 200 instances for their scale set', async () => {
    const topology = topologyText.replace(
      '  - { resource: rg-app/vm-1, logs: logs }',
      `  - { resource: /subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachineScaleSets/set, logs: logs }`,
    )
    const scaleSets = {
      'rg-app/set': {
        location: 'westeurope',
        endpoint: 'rg-monitor/dce-weu',
        rules: ['rg-monitor/dcr'],
      },
    }
    const { verify, simulator } = await stage({ ...estate, scaleSets }, { scaleSetInstances: 200 })
    const { telemetry } = await verify({ topology })
    const row = telemetry.targets.find(({ id }) => id.endsWith('/set'))
    expect(row).toMatchObject({ state: 'receiving', path: 'private' })
    expect(row?.witnesses[0]?.records).toBeGreaterThan(200)
    const [query] = simulator.azure.requests.filter(({ host }) => host === 'logs')
    expect(JSON.stringify(query?.requestBody)).not.toContain('virtualmachines/199')
  })
})
