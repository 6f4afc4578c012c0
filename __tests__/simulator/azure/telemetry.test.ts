import { describe, expect, it } from '@jest/globals'
import type { Knobs } from '../../../simulator/simulator.ts'
import { idOf } from '../../../simulator/estate.ts'
import { expandEstate } from '../../../simulator/estate.ts'
import { logQuery } from '../../../src/telemetry/logQuery.ts'
import { metricsQuery } from '../../../src/telemetry/metricsQuery.ts'
import { estate } from '../../verify/harness.ts'
import { start, subscription } from './ask.ts'

const law = idOf(subscription, 'logWorkspace', 'rg-monitor/law')
const amw = idOf(subscription, 'monitorWorkspace', 'rg-monitor/amw')
const vm = idOf(subscription, 'machine', 'rg-app/vm-1').toLowerCase()
const heartbeats =
  'Heartbeat | summarize Last = max(TimeGenerated), Ip = take_any(ComputerIP) by _ResourceId'

/** A simulator with the estate of verify's tests, and functions to query its services. */
async function open(knobs: Partial<Knobs> = {}) {
  const { simulator, question } = await start(
    [],
    { queryEndpoints: 'self', caller: 'inside', ...knobs },
    expandEstate(estate),
  )
  const read = async (id: string) => (await question('GET', id)).body
  const { customerId } = ((await read(law)) as { properties: { customerId: string } }).properties
  const { metrics } = (
    (await read(amw)) as { properties: { metrics: { prometheusQueryEndpoint: string } } }
  ).properties
  const post = (
    url: string,
    audience: string,
    body: unknown,
    type: string,
    headers: Record<string, string> = {},
  ) =>
    question('POST', `${url}?bare`.replace('?bare', ''), body, {
      authorization: `Bearer ${simulator.token(undefined, audience)}`,
      'content-type': type,
      ...headers,
    })
  return {
    simulator,
    customerId,
    endpoint: metrics.prometheusQueryEndpoint,
    question,
    kql: (
      query: string,
      { id = customerId, audience = `${simulator.url}/_logs`, type = 'application/json' } = {},
    ) => post(`${simulator.url}/_logs/v1/workspaces/${id}/query`, audience, { query }, type),
    promql: (query: string, audience = 'https://prometheus.monitor.azure.com') =>
      post(
        `${metrics.prometheusQueryEndpoint}/api/v1/query`,
        audience,
        new URLSearchParams({ query }).toString(),
        'application/x-www-form-urlencoded',
      ),
  }
}

const rowsOf = (body: unknown) =>
  (body as { tables: { rows: unknown[][] }[] }).tables[0]?.rows ?? []
const seriesOf = (body: unknown) =>
  (body as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } }).data
    .result
const codes = (body: unknown) => {
  const { error } = body as {
    error: { code: string; innererror?: { code: string; innererror?: { code: string } } }
  }
  return [error.code, error.innererror?.code, error.innererror?.innererror?.code].filter(
    (c) => c !== undefined,
  )
}

describe('the log query service', () => {
  it('V1 is listed in the metadata, and answers as recorded', async () => {
    const { simulator, question, kql } = await open()
    const metadata = await question('GET', '/metadata/endpoints?api-version=2022-09-01')
    expect(metadata.body).toMatchObject({ logAnalyticsResourceId: `${simulator.url}/_logs` })
    const { status, body } = await kql('Heartbeat | count')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      tables: [{ name: 'PrimaryResult', columns: [{ name: 'Count', type: 'long' }] }],
    })
  })

  it('V2 accepts only tokens for itself', async () => {
    const { simulator, kql, promql } = await open()
    expect((await kql('Heartbeat | count', { audience: `${simulator.url}/` })).status).toBe(403)
    expect((await promql('up', `${simulator.url}/`)).status).toBe(403)
  })

  it('V4 finds a workspace by its id, and refuses a missing table except in a fuzzy union', async () => {
    const { kql } = await open()
    expect(codes((await kql('Heartbeat', { id: 'bad_workspace_id' })).body)).toEqual([
      'PathNotFoundError',
    ])
    const missing = await kql('AppInsights | where TimeGenerated > ago(12h)')
    expect([missing.status, codes(missing.body)]).toEqual([
      400,
      ['BadArgumentError', 'SemanticError', 'SEM0100'],
    ])
    const fuzzy = await kql(logQuery(['Heartbeat', 'W3CIISLog'], [vm]))
    expect(fuzzy.status).toBe(200)
    expect(rowsOf(fuzzy.body)).toHaveLength(1)
    expect((await kql('Heartbeat', { type: 'text/plain' })).text).toBe('')
  })

  it('V5 has records of agents as long as they can send', async () => {
    const { simulator, kql } = await open()
    const before = rowsOf((await kql(heartbeats)).body)
    expect(before.map(([id]) => id)).toContain(vm)
    simulator.azure.remove(
      `${vm}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
    )
    simulator.azure.knobs.clockOffsetMs = 3_600_000
    const after = rowsOf((await kql(heartbeats)).body)
    const last = (rows: unknown[][]) => Date.parse(String(rows.find(([id]) => id === vm)?.[1]))
    expect(last(after)).toBe(last(before))
  })

  it('V6 records the source address of a heartbeat', async () => {
    const { kql } = await open({ outside: [vm] })
    const ips = new Map(rowsOf((await kql(heartbeats)).body).map(([id, , ip]) => [id, ip]))
    expect(ips.get(vm.replace('vm-1', 'vm-2'))).toMatch(/^fd40:/)
    const rows = await open()
    expect(rowsOf((await rows.kql(heartbeats)).body)[0]?.[2]).toMatch(/^fd40:/)
  })

  it('V7 stops at a daily cap and says so', async () => {
    const { kql } = await open({ dailyCaps: { law: 120 } })
    const { body } = await kql('_LogOperation | project Detail')
    expect(rowsOf(body)).toEqual([[expect.stringContaining('OverQuota')]])
    expect(rowsOf((await kql('Heartbeat | where TimeGenerated > ago(100m) | count')).body)).toEqual(
      [[0]],
    )
  })

  it('V8 has table plans, and refuses a table that is not Analytics', async () => {
    const { question, kql } = await open({ tablePlans: { 'law/Syslog': 'Basic' } })
    const plan = async (table: string) =>
      ((await question('GET', `${law}/tables/${table}`)).body as { properties: { plan: string } })
        .properties.plan
    expect([await plan('Perf'), await plan('Syslog'), await plan('ContainerLogV2')]).toEqual([
      'Analytics',
      'Basic',
      'Basic',
    ])
    expect((await kql('Syslog | count')).status).toBe(400)
  })

  it('V12 refuses as quoted, depending on the state of Azure and on knobs', async () => {
    const closed = await open({ caller: 'internet' })
    expect(codes((await closed.kql('Heartbeat')).body)).toEqual([
      'InsufficientAccessError',
      'NspValidationFailedError',
    ])
    const statuses = await Promise.all(
      (['throttled', 'timeout', 'no-content', 'empty', 'partial'] as const).map(async (answer) => {
        const { kql } = await open({ queryAnswers: { law: answer } })
        return (await kql(heartbeats)).status
      }),
    )
    expect(statuses).toEqual([429, 504, 204, 200, 200])
  })
})

describe('the query endpoint of an Azure Monitor workspace', () => {
  it('V3 has a name of Azure, or is on this server', async () => {
    const { simulator, endpoint } = await open()
    expect(endpoint.startsWith(`${simulator.url}/_prometheus/amw-`)).toBe(true)
    expect((await open({ queryEndpoints: 'azure' })).endpoint).toMatch(
      /^https:\/\/amw-\w+\.westeurope\.prometheus\.monitor\.azure\.com$/,
    )
  })

  it('V9 evaluates PromQL as Prometheus parses it', async () => {
    const { promql } = await open()
    const { status, body } = await promql(metricsQuery(15))
    expect(status).toBe(200)
    expect(seriesOf(body)).toHaveLength(1)
    expect((await promql('max by (')).status).toBe(400)
    expect((await promql('{cluster="a"}')).status).toBe(400)
  })

  it('V10 has series with the name of the cluster and, by knob, its resource id', async () => {
    const stamped = seriesOf((await (await open()).promql(metricsQuery(15))).body)
    expect(stamped[0]?.metric).toEqual({
      cluster: 'aks-1',
      'Microsoft.resourceid': expect.stringMatching(/\/aks-1$/),
    })
    const bare = seriesOf((await (await open({ seriesIds: false })).promql(metricsQuery(15))).body)
    expect(bare[0]?.metric).toEqual({ cluster: 'aks-1' })
  })

  it('V11 answers 403 or not at all when it is closed to the internet', async () => {
    expect((await (await open({ caller: 'internet' })).promql('up')).status).toBe(403)
    const cut = await open({ caller: 'internet', closedMetrics: 'reset' })
    await expect(cut.promql('up')).rejects.toThrow()
  })
})
