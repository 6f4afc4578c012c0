import { describe, expect, test } from '@jest/globals'
import type { PrivateEndpoint } from '../../src/estate/estate.ts'
import { parsePrivateEndpoint, parseRule } from '../../src/azure/look/parseResource.ts'
import { machine, proposalOf, rule, target, topology, vmId, world } from './builders.ts'

const file = topology({})
const endpoint = (name: string, status: string): PrivateEndpoint =>
  parsePrivateEndpoint(
    {
      name: `${name}.connection`,
      properties: {
        privateEndpoint: {
          id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/${name}`,
        },
        privateLinkServiceConnectionState: { status },
      },
    },
    undefined,
  )

function diagnosticsFor(...privateEndpoints: readonly PrivateEndpoint[]) {
  return proposalOf(file, world({ privateEndpoints }))
    .plan.diagnostics.filter(({ code }) => /private-endpoint/.test(code))
    .map(({ severity, code, message, remedy }) => ({ severity, code, message, remedy }))
}

describe('a private endpoint whose connection is not approved', () => {
  test.each([
    ['Rejected', 'rejected', 'Approve it'],
    ['Pending', 'pending', 'Approve it'],
    ['Disconnected', 'disconnected', 'Its private endpoint was deleted. Remove the connection'],
    ['', 'in an unknown state', 'Approve it'],
  ])('is reported next to an approved one: %s', (status, words, remedy) => {
    expect(diagnosticsFor(endpoint('hub', 'Approved'), endpoint('branch', status))).toEqual([
      {
        severity: 'warning',
        code: 'private-endpoint-not-approved',
        message: `The connection of private endpoint "branch" to private link scope "ampls" is ${words}: its network reaches nothing through it.`,
        remedy: expect.stringContaining(remedy),
      },
    ])
  })

  test('is reported once per state', () => {
    const pending = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => endpoint(name, 'Pending'))
    const all = diagnosticsFor(endpoint('hub', 'Approved'), ...pending, endpoint('x', 'Rejected'))
    expect(all.map(({ message }) => message).toSorted()).toEqual([
      'The connection of private endpoint "x" to private link scope "ampls" is rejected: its network reaches nothing through it.',
      'The connections of private endpoints "a", "b", "c", "d", "e" and 1 more to private link scope "ampls" are pending: their networks reach nothing through them.',
    ])
  })

  test('is named in no-private-endpoint if none is approved', () => {
    expect(diagnosticsFor(endpoint('a', 'Rejected'), endpoint('b', 'Disconnected'))).toEqual([
      {
        severity: 'warning',
        code: 'no-private-endpoint',
        message: expect.stringContaining(
          'so no network reaches anything through it yet. Existing connections: a (rejected), b (disconnected).',
        ),
        remedy: expect.stringContaining('Approve them'),
      },
    ])
  })

  test('is one of the first five to be named; the others are counted', () => {
    const many = Array.from({ length: 7 }, (_, n) => endpoint(`pe${n}`, 'Pending'))
    expect(diagnosticsFor(...many)[0]?.message).toContain('pe4 (pending) and 2 more.')
  })

  test('is not reported for approved ones, whatever the case of the status', () => {
    expect(diagnosticsFor(endpoint('hub', 'approved'), endpoint('spoke', 'APPROVED'))).toEqual([])
  })
})

describe('custom metrics', () => {
  const notices = (azureMonitorMetrics: unknown, ...names: readonly string[]) => {
    const destinations = { azureMonitorMetrics, logAnalytics: [] }
    const sender = parseRule({ ...rule('vminsights'), properties: { destinations } })
    const azure = world({
      targets: names.map((name) => target(vmId(name), 'westeurope')),
      rules: [sender],
      ruleAssociations: Object.fromEntries(names.map((name) => [vmId(name), [sender.id]])),
    })
    return proposalOf(topology({ targets: names.map((name) => machine(name)) }), azure)
      .plan.diagnostics.filter(({ code }) => code === 'custom-metrics-public')
      .map(({ severity, message }) => `${severity} ${message}`)
  }

  test('are reported once per rule, however many targets share it', () => {
    expect(notices({ name: 'azureMonitorMetrics-default' }, 'a', 'b')).toEqual([
      'notice The rule vminsights of 2 targets also sends to Azure Monitor Metrics (destination azureMonitorMetrics): custom metrics never go over a private link scope, only over public addresses.',
    ])
    expect(notices({ name: 'x' }, 'a').join()).toContain('The rule vminsights of a also sends')
  })

  test.each([[undefined], [null], ['azureMonitorMetrics']])(
    'are not where there are none: %j',
    (value) => {
      expect(notices(value, 'a')).toEqual([])
    },
  )
})
