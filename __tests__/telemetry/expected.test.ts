import { describe, expect, test } from '@jest/globals'
import { expectTelemetry } from '../../src/telemetry/expected.ts'
import { isMetricsStream, witnessTables } from '../../src/telemetry/streams.ts'
import { nameOf } from '../../src/resources/id.ts'
import { aks, amw, estateOf, law, otherLaw, rule, topologyOf, vm, type Sends } from './estate.ts'

const logsRule = rule('dcr-logs')
const metricsRule = rule('dcr-metrics')
const syslog: Sends = { streams: ['Microsoft-Syslog', 'Microsoft-Perf'], logs: [law] }
const otel: Sends = { streams: ['Microsoft-OtelPerfMetrics'], metrics: [amw] }
const prometheus: Sends = { streams: ['Microsoft-PrometheusMetrics'], metrics: [amw] }

function told(targets: Parameters<typeof estateOf>[0], rules: Parameters<typeof estateOf>[1]) {
  const { expectations, questions } = expectTelemetry(
    topologyOf(Object.keys(targets)),
    estateOf(targets, rules),
  )
  const lines = expectations.map(
    ({ target, destination, expected, tables }) =>
      `${nameOf(target.id)} → ${nameOf(destination.id)}: ${expected}${tables.length > 0 ? ` by ${tables.join(' ')}` : ''}`,
  )
  return { lines, questions: questions.map((q) => `${q.what} ${nameOf(q.id)}`) }
}

describe('what is expected of a target', () => {
  test('is what its live rules send, and each workspace that the file names for it', () => {
    expect(
      told({ [vm('vm-1')]: [logsRule, metricsRule] }, { [logsRule]: syslog, [metricsRule]: otel }),
    ).toEqual({
      lines: ['vm-1 → law-weu: yes by Heartbeat Perf Syslog', 'vm-1 → amw-weu: yes'],
      questions: [],
    })
  })

  test('is nothing if the file names a workspace but no rule sends there', () => {
    expect(told({ [vm('vm-1')]: [] }, {}).lines).toEqual([
      'vm-1 → law-weu: no',
      'vm-1 → amw-weu: no',
    ])
  })

  test('is no heartbeat if a machine’s rules send only metrics', () => {
    const both: Sends = { ...otel, logs: [law] }
    expect(told({ [vm('vm-1')]: [metricsRule] }, { [metricsRule]: both }).lines).toEqual([
      'vm-1 → law-weu: no',
      'vm-1 → amw-weu: yes',
    ])
  })

  test('includes what a rule sends to a workspace outside the file, which is then read', () => {
    const elsewhere: Sends = { streams: ['Microsoft-Event'], logs: [law, otherLaw] }
    expect(told({ [vm('vm-1')]: [logsRule] }, { [logsRule]: elsewhere })).toEqual({
      lines: [
        'vm-1 → law-weu: yes by Event Heartbeat',
        'vm-1 → law-other: yes by Event Heartbeat',
        'vm-1 → amw-weu: no',
      ],
      questions: ['logWorkspace law-other'],
    })
  })

  test('is, for a cluster, the tables of its rule’s streams', () => {
    const group: Sends = { streams: ['Microsoft-ContainerInsights-Group-Default'], logs: [law] }
    expect(
      told(
        { [aks('a')]: [logsRule, metricsRule] },
        { [logsRule]: group, [metricsRule]: prometheus },
      ).lines,
    ).toEqual([
      'a → law-weu: yes by InsightsMetrics KubeEvents KubeNodeInventory KubePodInventory KubeServices Perf',
      'a → amw-weu: yes',
    ])
  })

  test('is unknown if one of its rules cannot be read', () => {
    expect(told({ [vm('vm-1')]: [logsRule] }, { [logsRule]: 'unreadable' }).lines).toEqual([
      'vm-1 → law-weu: unknown by Heartbeat',
      'vm-1 → amw-weu: unknown',
    ])
  })

  test('asks for a rule that was not read yet', () => {
    expect(told({ [vm('vm-1')]: [logsRule] }, {}).questions).toEqual(['rule dcr-logs'])
  })

  test('includes what a rule sends that a configuration association wrongly holds', () => {
    const estate = estateOf({ [vm('vm-1')]: [] }, { [logsRule]: syslog })
    const associations = new Map([
      [vm('vm-1').toLowerCase(), { id: 'a', target: vm('vm-1'), ruleId: logsRule }],
    ])
    const { expectations } = expectTelemetry(topologyOf([vm('vm-1')]), { ...estate, associations })
    expect(expectations[0]).toMatchObject({ expected: 'yes', rules: [{ name: 'dcr-logs' }] })
  })

  test('is unknown for a target that is gone or cannot be read', () => {
    const estate = estateOf({}, {})
    const targets = new Map([
      [vm('gone').toLowerCase(), { state: 'missing' as const }],
      [vm('hidden').toLowerCase(), { state: 'unreadable' as const, why: 'no' }],
    ])
    const topology = topologyOf([vm('gone'), vm('hidden')], false)
    const { expectations } = expectTelemetry(topology, { ...estate, targets })
    expect(expectations.map((e) => [nameOf(e.target.id), e.absent])).toEqual([
      ['gone', 'missing'],
      ['hidden', 'unreadable'],
    ])
  })
})

describe('tables of streams', () => {
  test('never include one that is billed by the query', () => {
    const streams = [
      'Microsoft-ContainerLogV2',
      'Custom-Mine_CL',
      'Microsoft-ContainerLogV2-HighScale',
    ]
    expect(witnessTables('cluster', streams)).toEqual([])
    expect(witnessTables('machine', streams)).toEqual(['Heartbeat'])
  })

  test('are found by stream in any case', () => {
    expect(witnessTables('machine', ['MICROSOFT-SYSLOG'])).toEqual(['Heartbeat', 'Syslog'])
  })

  test('do not include streams that only an Azure Monitor workspace accepts', () => {
    const streams = [
      'Microsoft-PrometheusMetrics',
      'Microsoft-OtelPerfMetrics',
      'microsoft-otelmetrics',
    ]
    expect(streams.map(isMetricsStream)).toEqual([true, true, true])
    expect(isMetricsStream('Microsoft-InsightsMetrics')).toBe(false)
  })
})
