import { expect, it } from '@jest/globals'
import type { Arm } from '../../src/azure/arm.ts'
import {
  queryAll,
  type TelemetryQuery,
  conclude,
  findExpected,
} from '../../src/azure/query/queryTelemetry.ts'
import type { OpenEstate } from '../../src/azure/look/openEstate.ts'
import type { QueryRequest } from '../../src/azure/query/queryServices.ts'
import { countStates } from '../../src/telemetry/telemetry.ts'
import { publicCloud } from '../azure/connection/support.ts'
import { amw, estateOf, law, rule, topologyOf, vm } from '../telemetry/estate.ts'

const logs = rule('dcr-logs')
const metrics = rule('dcr-metrics')

const nothing: Pick<Arm, 'monitor' | 'counts'> = {
  monitor: () => {
    throw new Error('Nothing is read through the SDK here.')
  },
  counts: { reads: 0, queries: 0, writes: 0, deletes: 0, signIns: 0, telemetry: 0 },
}

/** An Azure Resource Manager that knows plans of tables, and query services that have a record of everybody. */
function counting(): { readonly arm: Arm; readonly asked: string[]; readonly read: string[] } {
  const asked: string[] = []
  const read: string[] = []
  const now = new Date().toISOString()
  const ask = (request: QueryRequest) => {
    asked.push(request.service)
    if (request.service === 'metrics') {
      const body = { status: 'success', data: { resultType: 'vector', result: [] } }
      return Promise.resolve({ status: 200, text: JSON.stringify(body) })
    }
    const ids = [...request.body.matchAll(/'(\/subscriptions\/[^']+)'/g)].map(([, id]) => id)
    const names = ['R', 'T', 'TimeGenerated', 'ComputerIP', 'Records']
    const table = {
      name: 'PrimaryResult',
      columns: names.map((name) => ({ name, type: 'string' })),
      rows: ids.map((id) => [id, 'Heartbeat', now, 'fd40::1', 1440]),
    }
    return Promise.resolve({ status: 200, text: JSON.stringify({ tables: [table] }) })
  }
  const send = ({ path }: { readonly path: string }) => {
    read.push(path)
    const body = { properties: { plan: 'Analytics' } }
    return Promise.resolve({ status: 200, headers: { get: () => undefined }, body, text: '' })
  }
  const services = {
    logs: { address: 'https://api.loganalytics.io', scope: '' },
    metrics: { host: 'prometheus.monitor.azure.com', scope: '' },
  }
  return {
    arm: { ...nothing, cloud: { ...publicCloud, queries: services }, ask, send },
    asked,
    read,
  }
}

it.each([
  [1000, 2],
  [5000, 10],
  [10_000, 20],
])(
  '%i targets of one workspace take %i queries, one for metrics, and two reads',
  async (count, queries) => {
    const targets = Array.from({ length: count }, (_, index) => vm(`vm-${index}`))
    const estate = estateOf(Object.fromEntries(targets.map((id) => [id, [logs, metrics]])), {
      [logs]: { streams: ['Microsoft-Perf', 'Microsoft-Syslog'], logs: [law] },
      [metrics]: { streams: ['Microsoft-OtelPerfMetrics'], metrics: [amw] },
    })
    const { arm, asked, read } = counting()
    const asking: TelemetryQuery = {
      arm,
      topology: topologyOf(targets),
      estate: estate as OpenEstate,
      windowMinutes: 15,
    }
    const round = await queryAll(asking, await findExpected(asking))
    expect(asked.filter((service) => service === 'logs')).toHaveLength(queries)
    expect(asked.filter((service) => service === 'metrics')).toHaveLength(1)
    expect(read.map((path) => path.split('/').at(-1))).toEqual(['Perf', 'Syslog'])
    const received = round.verdicts.filter(
      ({ expectation }) => expectation.destination.kind === 'logs',
    )
    expect(received.every(({ state }) => state === 'receiving')).toBe(true)
    const silentOnes = round.verdicts.filter(({ state }) => state === 'silent')
    expect(silentOnes).toHaveLength(count)
    const well = { ...round, verdicts: received }
    expect(countStates((await conclude(asking, well)).targets).receiving).toBe(count)
  },
)
