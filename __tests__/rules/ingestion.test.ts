import { describe, expect, test } from '@jest/globals'
import {
  aksId,
  amwId,
  association,
  cluster,
  dceId,
  dcrId,
  endpoint,
  lawId,
  link,
  logsFrom,
  logWorkspace,
  machine,
  metricsFrom,
  ours,
  rule,
  summarize,
  target,
  type There,
  proposalOf,
  topology,
  vmId,
  workspace,
  world,
} from '../plan/builders.ts'
import { sha } from '../oracle/oracle.ts'

const here = 'westeurope'
const auto = dceId('amw', 'MA_amw')
const prometheus = {
  streams: ['microsoft-prometheusMETRICS'],
  metricsDestinations: [amwId('amw')],
}

/** A cluster or machine whose configuration access is done, and its workspace: every planned change concerns ingestion. */
function settled(id: string, more: There = {}): There {
  return {
    ...more,
    targets: [target(id, here), ...(more.targets ?? [])],
    monitorWorkspaces: [workspace('amw', here, auto)],
    endpoints: [endpoint(auto, here), ...(more.endpoints ?? [])],
    links: [link(auto, 'theirs'), ...(more.links ?? [])],
    associations: [association(id, auto), ...(more.associations ?? [])],
  }
}

describe('Cluster ingestion', () => {
  const aks = aksId('aks')
  const file = topology({
    azureMonitorWorkspaces: [metricsFrom('amw')],
    targets: [cluster('aks', { metrics: 'amw' })],
  })
  const msprom = dceId('MSProm-weu-aks', 'rg-aks')
  const sending = rule('prom', { ...prometheus, endpointId: msprom.toUpperCase() })

  test('links the endpoint of the Prometheus rule, found through associations and not by name', () => {
    const { plan } = proposalOf(
      file,
      world(
        settled(aks, {
          endpoints: [endpoint(msprom, 'eastus')],
          rules: [sending],
          ruleAssociations: { [aks]: [dcrId('prom')] },
        }),
      ),
    )
    expect(plan.changes.map((one) => [one.action, one.rule])).toEqual([
      ['create', 'cluster-ingestion'],
    ])
    expect(plan.diagnostics).toEqual([])
  })

  test.each([
    ['without a Prometheus rule', [rule('other')], ['warning prometheus-not-enabled aks']],
    [
      'with a rule to another workspace',
      [rule('other', { ...prometheus, metricsDestinations: [amwId('far')], endpointId: msprom })],
      [
        'warning destination-not-linked far',
        'warning nothing-sends aks',
        'warning unknown-resource MSProm-weu-aks',
      ],
    ],
    [
      'with a rule without an endpoint',
      [rule('prom', prometheus)],
      ['warning rule-without-endpoint prom'],
    ],
    [
      'with a rule whose endpoint does not exist',
      [sending],
      ['warning unknown-resource MSPROM-WEU-AKS'],
    ],
  ] as const)('%s there is a warning and nothing to link', (_, rules, problems) => {
    const azure = world(
      settled(aks, { rules, ruleAssociations: { [aks]: rules.map((one) => one.id) } }),
    )
    expect(summarize(file, azure)).toEqual({ changes: [], problems })
  })

  test('warns if managed Prometheus is disabled although there is a rule', () => {
    const there = settled(aks, {
      endpoints: [endpoint(msprom, here)],
      links: [link(msprom)],
      rules: [sending],
      ruleAssociations: { [aks]: [dcrId('prom')] },
    })
    const off = world({ ...there, targets: [target(aks, here, { prometheusEnabled: false })] })
    expect(summarize(file, off)).toEqual({
      changes: [],
      problems: ['warning prometheus-not-enabled aks'],
    })
  })
})

describe('Machine ingestion', () => {
  const vm = vmId('VM-1')
  const wanted = `dce-vm-1-${sha(vm.toLowerCase(), 6)}`
  const file = (endpoints: Parameters<typeof topology>[0] = {}) =>
    topology({
      azureMonitorWorkspaces: [metricsFrom('amw')],
      targets: [machine('VM-1', { metrics: 'amw' })],
      ...endpoints,
    })

  test.each([
    ['perMachine', wanted],
    ['perRegion', 'dce-prod-westeurope-ingest'],
  ] as const)('%s makes and links %s', (machineIngestion, name) => {
    expect(summarize(file({ endpoints: { machineIngestion } }), world(settled(vm)))).toEqual({
      changes: [`create endpoint ${name}`, `create link ${name}`],
      problems: ['warning ingestion-endpoint-unused VM-1', 'warning nothing-sends VM-1'],
    })
  })

  test('none creates nothing', () => {
    const result = summarize(file({ endpoints: { machineIngestion: 'none' } }), world(settled(vm)))
    expect(result).toEqual({ changes: [], problems: ['warning nothing-sends VM-1'] })
  })

  test("creates the endpoint in the workspace's region, not in the machine's", () => {
    const there = settled(vm)
    const moved = {
      ...there,
      targets: [target(vm, 'eastus')],
      endpoints: [...(there.endpoints ?? []), endpoint(dceId('x'), 'eastus')],
      links: [...(there.links ?? []), link(dceId('x'), 'their-x')],
      associations: [association(vm, dceId('x'))],
    }
    const { plan } = proposalOf(file(), world(moved))
    expect(plan.changes[0]?.after).toMatchObject({ location: here })
  })

  test('does not warn if a rule of the machine sends through the endpoint', () => {
    const there = settled(vm, {
      endpoints: [endpoint(dceId(wanted), here, { tags: ours })],
      links: [link(dceId(wanted))],
      rules: [rule('otel', { endpointId: dceId(wanted), metricsDestinations: [amwId('amw')] })],
      ruleAssociations: { [vm]: [dcrId('otel')] },
    })
    expect(summarize(file(), world(there))).toEqual({ changes: [], problems: [] })
  })

  test('gives no two machines the same endpoint', () => {
    const twin = vm.replace('rg-app', 'rg-other')
    const azure = world(
      settled(vm, { targets: [target(twin, here)], associations: [association(twin, auto)] }),
    )
    const two = topology({
      azureMonitorWorkspaces: [metricsFrom('amw')],
      targets: [
        machine('VM-1', { metrics: 'amw' }),
        machine('VM-1', {
          metrics: 'amw',
          id: { ...machine('VM-1').id, text: twin, key: twin.toLowerCase() },
        }),
      ],
      endpoints: { machineName: 'dce-{machine}' },
    })
    expect(summarize(two, azure).problems).toContain('error duplicate-name VM-1')
  })
})

describe('A resource that a rule of a target refers to', () => {
  const vm = vmId('vm')
  const file = topology({
    azureMonitorWorkspaces: [metricsFrom('amw')],
    logAnalyticsWorkspaces: [logsFrom('logs')],
    targets: [machine('vm', { logs: ['logs'] })],
  })
  const there = (more: There) =>
    world(
      settled(vm, {
        ...more,
        logWorkspaces: [logWorkspace('logs')],
        links: [link(lawId('logs')), ...(more.links ?? [])],
        ruleAssociations: { [vm]: [dcrId('dcr')] },
      }),
    )

  test('is linked if it is an endpoint', () => {
    const other = dceId('other', 'rg-x')
    const azure = there({
      endpoints: [endpoint(other, here)],
      rules: [rule('dcr', { endpointId: other, logDestinations: [lawId('logs')] })],
    })
    expect(summarize(file, azure)).toEqual({ changes: ['create link other'], problems: [] })
  })

  test('causes a warning if it is a workspace that is not in the file', () => {
    const azure = there({
      rules: [
        rule('dcr', {
          logDestinations: [lawId('logs').toUpperCase(), lawId('secret')],
          metricsDestinations: [lawId('far')],
        }),
      ],
    })
    expect(summarize(file, azure)).toEqual({
      changes: [],
      problems: [
        'warning destination-not-linked far',
        'warning destination-not-linked secret',
        'warning rule-without-endpoint dcr',
      ],
    })
  })

  test('blocks if it is unreadable', () => {
    const azure = there({ rules: [{ id: dcrId('dcr'), state: 'unreadable' }] })
    expect(summarize(file, azure).problems).toEqual(['error unreadable-resource dcr'])
  })
})
