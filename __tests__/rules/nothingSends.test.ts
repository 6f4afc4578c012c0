import { describe, expect, test } from '@jest/globals'
import type { LogAddon } from '../../src/estate/estate.ts'
import {
  aksId,
  amwId,
  cluster,
  dcrId,
  lawId,
  logsFrom,
  logWorkspace,
  metricsFrom,
  proposalOf,
  rule,
  target,
  type There,
  topology,
  workspace,
  world,
} from '../plan/builders.ts'

const here = 'westeurope'
const aks = aksId('aks')
const codes = [
  'nothing-sends',
  'addon-legacy-auth',
  'destination-not-linked',
  'prometheus-not-enabled',
]
const legacy: LogAddon = { name: 'omsagent', workspaceId: lawId('old'), usesKey: true }
const waiting: LogAddon = { name: 'omsagent', workspaceId: lawId('logs'), usesKey: false }

function told(there: There, more: Parameters<typeof cluster>[1] = { logs: ['logs'] }): string[] {
  const file = topology({
    targets: [cluster('aks', more)],
    logAnalyticsWorkspaces: [logsFrom('logs')],
    azureMonitorWorkspaces: [metricsFrom('amw')],
  })
  const azure = world({
    targets: [target(aks, here)],
    logWorkspaces: [logWorkspace('logs')],
    monitorWorkspaces: [workspace('amw', here)],
    ...there,
  })
  return proposalOf(file, azure)
    .plan.diagnostics.filter(({ code }) => codes.includes(code))
    .map(({ severity, code, resource = '' }) => `${severity} ${code} ${resource.split('/').at(-1)}`)
    .toSorted()
}

const sending = (...rules: ReturnType<typeof rule>[]): There => ({
  rules,
  ruleAssociations: { [aks]: rules.map(({ id }) => id) },
})
const withAddon = (...addons: LogAddon[]): There => ({ targets: [target(aks, here, { addons })] })

describe('Nothing sends', () => {
  test('when no rule is associated at all', () => {
    expect(told({})).toEqual(['warning nothing-sends aks'])
  })
  test('when the rules send elsewhere', () => {
    expect(told(sending(rule('dcr', { logDestinations: [lawId('far')] })))).toEqual([
      'warning destination-not-linked far',
      'warning nothing-sends aks',
    ])
  })
  test('when the add-on is on and waits for a rule', () => {
    expect(told(withAddon(waiting))).toEqual(['warning nothing-sends aks'])
  })
  test('not when a rule sends there, in any case of its id', () => {
    expect(told(sending(rule('dcr', { logDestinations: [lawId('logs').toUpperCase()] })))).toEqual(
      [],
    )
  })
  test('not when the file names nothing', () => {
    expect(told({}, { logs: [] })).toEqual([])
  })
  test('not while one of its rules may not be read: it may be that one', () => {
    const hidden = { id: dcrId('dcr'), state: 'unreadable' } as const
    expect(told({ rules: [hidden], ruleAssociations: { [aks]: [hidden.id] } })).toEqual([])
  })
  test('of metrics, when the Prometheus rule sends to another workspace', () => {
    const streams = ['Microsoft-PrometheusMetrics']
    const rules = sending(rule('prom', { streams, metricsDestinations: [amwId('far')] }))
    expect(told(rules, { metrics: 'amw', logs: [] })).toEqual([
      'warning destination-not-linked far',
      'warning nothing-sends aks',
    ])
  })
  test('of metrics without a Prometheus rule is told once', () => {
    expect(told({}, { metrics: 'amw', logs: [] })).toEqual(['warning prometheus-not-enabled aks'])
  })
})

describe('An add-on that signs in with the workspace key', () => {
  test('is told of, with the workspace that nobody links', () => {
    expect(told(withAddon(legacy))).toEqual([
      'warning addon-legacy-auth aks',
      'warning destination-not-linked old',
      'warning nothing-sends aks',
    ])
  })
  test('sends, so that nothing is silent where it sends to what the file names', () => {
    expect(told(withAddon({ ...legacy, workspaceId: lawId('LOGS') }))).toEqual([
      'warning addon-legacy-auth aks',
    ])
  })
  test('is told of where the file names no logs either', () => {
    expect(told(withAddon({ name: 'omsagent', usesKey: true }), { logs: [] })).toEqual([
      'warning addon-legacy-auth aks',
    ])
  })
})

test('The remedy for a metrics profile without a rule is not to turn it on again', () => {
  const file = topology({
    targets: [cluster('aks', { metrics: 'amw' })],
    azureMonitorWorkspaces: [metricsFrom('amw')],
  })
  const remedyOf = (prometheusEnabled: boolean) =>
    proposalOf(
      file,
      world({
        targets: [target(aks, here, { prometheusEnabled })],
        monitorWorkspaces: [workspace('amw', here)],
      }),
    ).plan.diagnostics.find(({ code }) => code === 'prometheus-not-enabled')?.remedy
  expect(remedyOf(false)).toMatch(/enable-azure-monitor-metrics/)
  expect(remedyOf(true)).not.toMatch(/enable-azure-monitor-metrics/)
  expect(remedyOf(true)).toMatch(/Microsoft-PrometheusMetrics to amw.*associate it with aks/)
})
