import { describe, expect, it } from '@jest/globals'
import { estate, find, linesOf, stage, subscription } from './harness.ts'

const law = `/subscriptions/${subscription}/resourceGroups/rg-monitor/providers/Microsoft.OperationalInsights/workspaces/law`
const amw = `/subscriptions/${subscription}/resourceGroups/rg-monitor/providers/Microsoft.Monitor/accounts/amw`

describe('a Log Analytics workspace that does not answer is never mistaken for silence', () => {
  it.each([
    ['throttled', 'throttled'],
    ['timeout', 'error'],
    ['no-content', 'error'],
    ['empty', 'error'],
  ] as const)(
    '%s: unknown, %s',
    async (answer, cause) => {
      const { verify } = await stage(estate, { queryAnswers: { law: answer } })
      const { report, telemetry } = await verify()
      expect(linesOf(telemetry)).toEqual([
        `aks-1 → law: unknown ${cause}`,
        `vm-1 → law: unknown ${cause}`,
        `vm-2 → law: unknown ${cause}`,
        'aks-1 → amw: receiving',
      ])
      expect(report).toMatchObject({ result: 'unknown' })
      expect(report.failure).toBeUndefined()
      expect(telemetry.destinations).toMatchObject([
        { reachable: cause, kind: 'logs' },
        { reachable: 'yes' },
      ])
    },
    60_000,
  )

  it('refuses queries from this network: network-restricted, by the inner code, without showing its address', async () => {
    const { verify } = await stage(estate, { caller: 'internet' })
    const { report, telemetry } = await verify()
    expect(telemetry.destinations[0]).toMatchObject({ reachable: 'network-restricted' })
    expect(telemetry.targets[0]).toMatchObject({ state: 'unknown', cause: 'network-restricted' })
    expect(JSON.stringify(report)).not.toContain('203.0.113')
  })

  it('answers queries from inside', async () => {
    const { verify } = await stage()
    expect((await verify()).report.result).toBe('receiving')
  })

  it('denies access: forbidden, with the role that is needed', async () => {
    const denied = [{ action: 'Microsoft.OperationalInsights/workspaces/query/read', scope: law }]
    const { verify } = await stage({ ...estate, denied })
    const { telemetry } = await verify()
    expect(telemetry.destinations[0]).toMatchObject({
      reachable: 'forbidden',
      detail: expect.stringContaining('Log Analytics Reader'),
    })
  })

  it('answers in part: targets with rows are receiving, the rest unknown', async () => {
    const { verify } = await stage(estate, { queryAnswers: { law: 'partial' } })
    const { telemetry } = await verify()
    const logs = telemetry.targets.filter(({ kind }) => kind === 'logs')
    expect(new Set(logs.map(({ state, cause }) => cause ?? state))).toEqual(
      new Set(['receiving', 'partial-answer']),
    )
  })

  it('is gone: unknown', async () => {
    const { verify, simulator } = await stage()
    simulator.azure.remove(law)
    const { telemetry } = await verify()
    expect(telemetry.destinations[0]).toMatchObject({
      reachable: 'error',
      detail: expect.stringContaining('does not exist'),
    })
  })

  it('never had a table: silent, without an error', async () => {
    const machines = Object.fromEntries(
      Object.entries(estate.machines ?? {}).map(([name, sketch]) => [
        name,
        { ...(typeof sketch === 'string' ? { location: sketch } : sketch), agent: false },
      ]),
    )
    const { verify } = await stage({ ...estate, machines })
    const { telemetry } = await verify()
    expect(linesOf(telemetry)).toContain('vm-1 → law: silent')
    expect(telemetry.targets.find(({ state }) => state === 'silent')).not.toHaveProperty('lastSeen')
    expect(telemetry.destinations[0]).toMatchObject({ reachable: 'yes' })
  })

  it('reached its daily cap: silent, with the cap as the likely cause', async () => {
    const { verify } = await stage(estate, { dailyCaps: { law: 120 } })
    const { telemetry } = await verify()
    expect(telemetry.targets[0]).toMatchObject({
      state: 'silent',
      notes: [expect.stringContaining('daily cap')],
    })
  })
})

describe('an Azure Monitor workspace that does not answer', () => {
  it.each([403, 'reset'] as const)(
    'is closed to this network (%s): network-restricted',
    async (closedMetrics) => {
      const { verify } = await stage(estate, { caller: 'internet', closedMetrics })
      const { telemetry } = await verify()
      expect(linesOf(telemetry)).toContain('aks-1 → amw: unknown network-restricted')
    },
    60_000,
  )

  it('denies access: forbidden, with the role that is needed', async () => {
    const denied = [{ action: 'Microsoft.Monitor/accounts/data/metrics/read', scope: amw }]
    const open = { 'rg-monitor/amw': { location: 'westeurope', publicNetworkAccess: 'Enabled' } }
    const { verify } = await stage({ ...estate, denied, monitorWorkspaces: open })
    const { telemetry } = await verify()
    expect(telemetry.destinations[1]).toMatchObject({
      reachable: 'forbidden',
      detail: expect.stringContaining('Monitoring Data Reader'),
    })
  })

  it('has its query endpoint on a foreign host: no token goes there, and it is said', async () => {
    const { verify, simulator } = await stage(estate, { queryEndpoints: 'azure' })
    const { telemetry } = await verify()
    expect(telemetry.destinations[1]).toMatchObject({
      reachable: 'error',
      detail: expect.stringContaining('not a host of this cloud'),
    })
    const tokens = simulator.azure.requests.filter(
      ({ host, requestBody }) =>
        host === 'entra' && JSON.stringify(requestBody ?? '').includes('prometheus'),
    )
    expect(tokens).toEqual([])
  })
})

describe('tokens', () => {
  it('are of the audience of each service, and go nowhere else', async () => {
    const { verify, simulator } = await stage()
    await verify()
    const audiences = simulator.azure.requests
      .filter(({ host, method }) => host === 'entra' && method === 'POST')
      .map(
        ({ requestBody }) => new URLSearchParams(String(requestBody)).get('scope')?.split(' ')[0],
      )
    expect(new Set(audiences)).toEqual(
      new Set([
        `${simulator.url}/.default`,
        `${simulator.url}/_logs/.default`,
        'https://prometheus.monitor.azure.com/.default',
      ]),
    )
  })
})

describe('odd records', () => {
  const vm = (name: string) =>
    `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Compute/virtualMachines/${name}`

  it('of resources that are in no file change nothing', async () => {
    const extraRows = [
      { workspace: 'law', table: 'Heartbeat', resource: vm('stranger'), minutesAgo: 1 },
    ]
    const { verify } = await stage(estate, { extraRows })
    const { telemetry } = await verify()
    expect(telemetry.targets).toHaveLength(4)
  })

  it('have ids in any case', async () => {
    const { verify } = await stage(estate, { casing: 'upper' })
    expect((await verify()).report.result).toBe('receiving')
  })

  it('of agents whose clock is an hour ahead are received, and an hour behind silent; the clock of the runner plays no part', async () => {
    const ahead = await stage(estate, { agentSkewMinutes: 60 })
    expect((await ahead.verify()).telemetry.targets[1]).toMatchObject({
      state: 'receiving',
      notes: [expect.stringContaining('ahead')],
    })
    // One that is behind writes records that are an hour old when they come: by the window it is silent, and told when it was seen.
    const behind = await stage(estate, { agentSkewMinutes: -60 })
    const [, late] = (await behind.verify()).telemetry.targets
    expect(late).toMatchObject({ state: 'silent' })
    expect(JSON.stringify(late)).toMatch(/"lastSeen":"\d{4}-/)
    const azureAhead = await stage(estate, { clockOffsetMs: 3_600_000 })
    expect((await azureAhead.verify()).report.result).toBe('receiving')
  })
})

describe('clusters of one name', () => {
  const twin = {
    ...estate,
    clusters: {
      ...estate.clusters,
      'rg-other/aks-1': {
        location: 'westeurope',
        endpoint: 'rg-monitor/dce-weu',
        rules: ['rg-aks/prom-1'],
      },
    },
  }

  it('are told apart by the resource id of their series', async () => {
    const { verify } = await stage(twin)
    expect(linesOf((await verify()).telemetry)).toContain('aks-1 → amw: receiving')
  })

  it('can not be told apart without, although only one of them is in the file', async () => {
    const { verify } = await stage(twin, { seriesIds: false })
    expect(linesOf((await verify()).telemetry)).toContain('aks-1 → amw: unknown ambiguous-name')
  })

  it('are known by a name that is theirs alone', async () => {
    const { verify } = await stage(estate, { seriesIds: false })
    expect(linesOf((await verify()).telemetry)).toContain('aks-1 → amw: receiving')
  })

  it('that are gone are of no account', async () => {
    const { verify, simulator } = await stage(twin, { seriesIds: false })
    simulator.azure.remove(
      find(simulator, 'rg-other/providers/Microsoft.ContainerService/managedClusters/aks-1'),
    )
    expect(linesOf((await verify()).telemetry)).toContain('aks-1 → amw: receiving')
  })
})
