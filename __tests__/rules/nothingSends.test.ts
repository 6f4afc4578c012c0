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

function diagnosticsOf(
  there: There,
  more: Parameters<typeof cluster>[1] = { logs: ['logs'] },
): string[] {
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

describe('nothing-sends', () => {
  test('if no rule is associated at all', () => {
    expect(diagnosticsOf({})).toEqual(['warning nothing-sends aks'])
  })
  test('if the rules send elsewhere', () => {
    expect(diagnosticsOf(sending(rule('dcr', { logDestinations: [lawId('far')] })))).toEqual([
      'warning destination-not-linked far',
      'warning nothing-sends aks',
    ])
  })
  test('if the add-on is enabled but has no rule', () => {
    expect(diagnosticsOf(withAddon(waiting))).toEqual(['warning nothing-sends aks'])
  })
  test('not if a rule sends there, whatever the case of the id', () => {
    expect(
      diagnosticsOf(sending(rule('dcr', { logDestinations: [lawId('logs').toUpperCase()] }))),
    ).toEqual([])
  })
  test('not if the file names no workspace', () => {
    expect(diagnosticsOf({}, { logs: [] })).toEqual([])
  })
  test('not while one of its rules is unreadable, since that one may send there', () => {
    const hidden = { id: dcrId('dcr'), state: 'unreadable' } as const
    expect(diagnosticsOf({ rules: [hidden], ruleAssociations: { [aks]: [hidden.id] } })).toEqual([])
  })
  test('for metrics, if the Prometheus rule sends to another workspace', () => {
    const streams = ['Microsoft-PrometheusMetrics']
    const rules = sending(rule('prom', { streams, metricsDestinations: [amwId('far')] }))
    expect(diagnosticsOf(rules, { metrics: 'amw', logs: [] })).toEqual([
      'warning destination-not-linked far',
      'warning nothing-sends aks',
    ])
  })
  test('for metrics without a Prometheus rule, only prometheus-not-enabled is reported', () => {
    expect(diagnosticsOf({}, { metrics: 'amw', logs: [] })).toEqual([
      'warning prometheus-not-enabled aks',
    ])
  })
})

describe('An add-on that signs in with the workspace key', () => {
  test('is reported, with its workspace that is not linked', () => {
    expect(diagnosticsOf(withAddon(legacy))).toEqual([
      'warning addon-legacy-auth aks',
      'warning destination-not-linked old',
      'warning nothing-sends aks',
    ])
  })
  test('counts as sending to its workspace if the file names that', () => {
    expect(diagnosticsOf(withAddon({ ...legacy, workspaceId: lawId('LOGS') }))).toEqual([
      'warning addon-legacy-auth aks',
    ])
  })
  test('is reported even if the file names no logs', () => {
    expect(diagnosticsOf(withAddon({ name: 'omsagent', usesKey: true }), { logs: [] })).toEqual([
      'warning addon-legacy-auth aks',
    ])
  })
})

test('The remedy for managed Prometheus without a rule is not to enable it again', () => {
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
