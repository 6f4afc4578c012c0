import { describe, expect, it } from '@jest/globals'
import type { EgressFqdns } from '../../src/egress/egress.ts'
import type { CauseKind } from '../../src/egress/inside/cause.ts'
import { judgeNames } from '../../src/egress/inside/judgeNames.ts'
import { type Circumstances } from '../../src/egress/inside/checkedName.ts'
import { type NameState } from '../../src/egress/inside/checkedName.ts'
import { type WayIn } from '../../src/egress/inside/checkedName.ts'
import { neededNames } from '../../src/egress/inside/neededNames.ts'
import type { Connection, Observed } from '../../src/egress/inside/observed.ts'
import { idKey } from '../../src/resources/id.ts'

const group = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg'
const machine = `${group}/providers/Microsoft.Compute/virtualMachines/vm-01`
const dce = `${group}/providers/Microsoft.Insights/dataCollectionEndpoints/dce-weu`
const law = `${group}/providers/Microsoft.OperationalInsights/workspaces/law`
const amw = `${group}/providers/Microsoft.Monitor/accounts/amw`
const customer = '0aa1b2c3-0000-4000-8000-00000000abcd'

const config = 'dce-weu-71ib.westeurope-1.handler.control.monitor.azure.com'
const ingest = 'dce-weu-71ib.westeurope-1.ingest.monitor.azure.com'
const ods = `${customer}.ods.opinsights.azure.com`
const oms = `${customer}.oms.opinsights.azure.com`
const shared = 'global.handler.control.monitor.azure.com'
const regional = 'westeurope.handler.control.monitor.azure.com'
const query = 'api.loganalytics.io'
const blob = 'scadvisorcontentpl.blob.core.windows.net'
const prometheus = 'amw-abcd.westeurope.prometheus.monitor.azure.com'
const agents = `${customer}.agentsvc.azure-automation.net`

const egress: EgressFqdns = {
  formatVersion: 1,
  topology: 'production',
  scope: `${group}/providers/Microsoft.Insights/privateLinkScopes/ampls`,
  private: true,
  regions: [
    {
      region: 'westeurope',
      hosts: [config, ingest, ods, oms],
      targets: [{ id: machine, hosts: [config, ingest, ods, oms], wildcards: [], pending: [] }],
    },
  ],
  endpoints: [{ id: dce, configurationAccess: config, logsIngestion: ingest }],
  logWorkspaces: [{ id: law, hosts: [ods, oms] }],
}
const needed = neededNames(egress, [
  { id: amw, region: 'westeurope', host: prometheus, for: [machine] },
])

const well: Connection = {
  connected: true,
  tls: { state: 'verified', issuer: 'Microsoft Corporation' },
  ping: 'Healthy',
}
const at = (address: string, connection: Connection = well): Observed => ({
  addresses: [address],
  resolution: 'found',
  connection,
})
const nothing = (resolution: Observed['resolution']): Observed => ({ addresses: [], resolution })

const inside: Readonly<Record<string, Observed>> = {
  [config]: at('10.0.0.4'),
  [ingest]: at('10.0.0.5'),
  [ods]: at('10.0.0.6'),
  [oms]: at('10.0.0.7'),
  [shared]: at('10.0.0.8'),
  [query]: at('10.0.0.9'),
  [regional]: at('20.1.1.1'),
  [blob]: at('20.1.1.2'),
  [prometheus]: at('20.1.1.3'),
  [agents]: at('10.0.0.10'),
}
const outside = Object.fromEntries(needed.map(({ name }) => [name, at('20.1.1.1')]))

const wayIn: WayIn = {
  addresses: Array.from({ length: 11 }, (_, index) => `10.0.0.${index + 4}`),
  isComplete: true,
  hasEndpoint: true,
  linked: new Set([idKey(dce), idKey(law)]),
  missingZones: new Set(),
}

function judge(
  seen: Readonly<Record<string, Observed>>,
  around: Partial<Circumstances> = { wayIn },
) {
  const { names, ...judged } = judgeNames(needed, new Map(Object.entries(seen)), {
    askedBy: { configured: ['168.63.129.16'] },
    isHosted: false,
    pending: 0,
    ...around,
  })
  return {
    ...judged,
    names,
    of: (name: string): readonly [NameState | undefined, CauseKind | undefined] => {
      const found = names.find((each) => each.name === name)
      return [found?.state, found?.cause?.kind]
    },
  }
}

describe('the needed names', () => {
  it('are those of the list, the shared names, and those that may be public', () => {
    expect(needed.map(({ name, isPublic, ping, zone }) => [name, isPublic, ping, zone])).toEqual([
      [agents, 'maybe', false, 'privatelink.agentsvc.azure-automation.net'],
      [ods, 'never', false, 'privatelink.ods.opinsights.azure.com'],
      [oms, 'never', false, 'privatelink.oms.opinsights.azure.com'],
      [prometheus, 'maybe', false, 'privatelink.westeurope.prometheus.monitor.azure.com'],
      [query, 'never', false, 'privatelink.monitor.azure.com'],
      [config, 'never', true, 'privatelink.monitor.azure.com'],
      [ingest, 'never', false, 'privatelink.monitor.azure.com'],
      [shared, 'never', true, 'privatelink.monitor.azure.com'],
      [blob, 'maybe', false, 'privatelink.blob.core.windows.net'],
      [regional, 'always', true, undefined],
    ])
    expect(needed.every((name) => name.for.includes(machine))).toBe(true)
  })
})

describe('a correct setup', () => {
  it.each([
    ['with Azure', { wayIn }],
    ['with only the list of names', {}],
  ])('is reachable, %s', (_, around) => {
    const judged = judge(inside, around)
    expect(judged).toMatchObject({ inside: true, result: 'reachable' })
    expect(judged.names.filter(({ cause }) => cause !== undefined)).toEqual([])
    expect(judged.of(config)).toEqual(['private', undefined])
    expect(judged.of(regional)).toEqual(['public', undefined])
  })

  it('the regional handler is never flagged, whatever its state', () => {
    for (const seen of [
      at('10.9.9.9'),
      at('20.1.1.1', { connected: false, failure: 'ETIMEDOUT' }),
      nothing('not-found'),
      nothing('no-answer'),
    ]) {
      const judged = judge({ ...inside, [regional]: seen })
      expect(judged.result).toBe('reachable')
      expect(judged.of(regional)[1]).toBeUndefined()
    }
  })

  it.each([blob, prometheus, agents])('%s may be public, or missing', (name) => {
    for (const seen of [at('20.1.1.1'), nothing('not-found')])
      expect(judge({ ...inside, [name]: seen }).result).toBe('reachable')
  })
})

describe('a runner that is not in the network', () => {
  it('sees public names only: unknown', () => {
    expect(judge(outside)).toMatchObject({ inside: false, result: 'unknown' })
    expect(judge(outside, {})).toMatchObject({ inside: false, result: 'unknown' })
  })

  it('is GitHub-hosted: unknown, even if names are private', () => {
    expect(judge(outside, { wayIn, isHosted: true })).toMatchObject({
      inside: false,
      result: 'unknown',
    })
    expect(judge(inside, { wayIn, isHosted: true })).toMatchObject({
      inside: null,
      result: 'unknown',
    })
  })

  it('gets no answer: unknown', () => {
    const dead = Object.fromEntries(needed.map(({ name }) => [name, nothing('no-answer')]))
    const judged = judge(dead)
    expect(judged).toMatchObject({ inside: null, result: 'unknown' })
    expect(judged.of(config)).toEqual(['no-address', 'own DNS server'])
  })

  it('can resolve nothing at all, no public name either: unknown', () => {
    const none = Object.fromEntries(needed.map(({ name }) => [name, nothing('not-found')]))
    expect(judge(none)).toMatchObject({ inside: null, result: 'unknown' })
  })
})

describe('one fault inside', () => {
  const dns = { askedBy: { configured: ['10.0.0.2'] } }
  const noOds: WayIn = {
    ...wayIn,
    missingZones: new Set(['privatelink.ods.opinsights.azure.com']),
  }
  const unscoped: WayIn = { ...wayIn, linked: new Set([idKey(dce)]) }

  it.each<
    readonly [string, string, Observed, Partial<Circumstances>, NameState, CauseKind | undefined]
  >([
    // The five failure modes of facts-2, B.2.
    ['1 zone linked to the hub only', ods, at('20.1.1.1'), { wayIn }, 'public', 'zone not linked'],
    ['1 with only the list', ods, at('20.1.1.1'), {}, 'public', 'zone not linked'],
    [
      '2 the zone group never gained the zone',
      ods,
      at('20.1.1.1'),
      { wayIn: noOds },
      'public',
      'zone missing',
    ],
    [
      '3 workspace not in the scope',
      ods,
      at('20.1.1.1'),
      { wayIn: unscoped },
      'public',
      'not scoped',
    ],
    [
      '3 without a record',
      ods,
      nothing('not-found'),
      { wayIn: unscoped },
      'no-address',
      'not scoped',
    ],
    ['3 with only the list', config, at('20.1.1.1'), {}, 'public', 'not scoped'],
    ['4 a custom DNS server', ods, at('20.1.1.1'), { wayIn, ...dns }, 'public', 'own DNS server'],
    [
      '4 the DNS server in the input',
      ods,
      at('20.1.1.1'),
      { wayIn, askedBy: { server: '10.0.0.2:53', configured: [] } },
      'public',
      'own DNS server',
    ],
    ['a late record', config, at('20.1.1.1'), { wayIn }, 'public', 'record missing'],
    [
      'another scope answers',
      ods,
      at('10.7.7.7'),
      { wayIn },
      'other-private',
      'zone of another scope',
    ],
    [
      'another scope has no record',
      ods,
      nothing('not-found'),
      { wayIn },
      'no-address',
      'zone of another scope',
    ],
    ['a hosts file or a blocker', ods, at('0.0.0.0'), {}, 'other-private', 'zone of another scope'],
    [
      'the server does not answer',
      ods,
      nothing('no-answer'),
      { wayIn },
      'no-address',
      'own DNS server',
    ],
    ['aliases in a loop', ods, nothing('loop'), { wayIn }, 'no-address', 'own DNS server'],
    [
      'a blackholed route',
      ods,
      at('10.0.0.6', { connected: false, failure: 'ETIMEDOUT' }),
      { wayIn },
      'unreachable',
      'route or firewall',
    ],
    [
      'a firewall that resets the connection',
      ods,
      at('10.0.0.6', { connected: true, tls: { state: 'failed', failure: 'ECONNRESET' } }),
      { wayIn },
      'unreachable',
      'route or firewall',
    ],
    [
      'TLS inspection',
      ods,
      at('10.0.0.6', { connected: true, tls: { state: 'untrusted', issuer: 'Contoso Proxy' } }),
      { wayIn },
      'unreachable',
      'intercepted TLS',
    ],
    [
      'one address of several is public',
      ods,
      { ...at('10.0.0.6'), addresses: ['10.0.0.6', '20.1.1.1'] },
      { wayIn },
      'public',
      'zone not linked',
    ],
    [
      'the scope has no private endpoint',
      ods,
      at('20.1.1.1'),
      { wayIn: { ...wayIn, hasEndpoint: false } },
      'public',
      'no private endpoint',
    ],
  ])('%s', (_, name, seen, around, state, kind) => {
    const judged = judge({ ...inside, [name]: seen }, around)
    expect(judged.of(name)).toEqual([state, kind])
    expect(judged).toMatchObject({ inside: true, result: 'unreachable' })
    const found = judged.names.find((each) => each.name === name)
    expect(found?.cause?.text).toMatch(/^[A-Z0-9].*\.$/)
    expect(found?.cause?.remedy).not.toBe('')
  })

  it('an empty zone hides shared names: inside, and unreachable', () => {
    const empty = { ...outside, [shared]: nothing('not-found'), [config]: nothing('not-found') }
    expect(judge(empty)).toMatchObject({ inside: true, result: 'unreachable' })
  })

  it('40 addresses of the endpoint are private', () => {
    const many = Array.from({ length: 40 }, (_, index) => `10.2.0.${index + 1}`)
    const judged = judge(
      { ...inside, [ods]: { ...at('10.0.0.6'), addresses: many } },
      { wayIn: { ...wayIn, addresses: [...wayIn.addresses, ...many] } },
    )
    expect(judged.of(ods)).toEqual(['private', undefined])
  })
})

describe('a result is never good by default', () => {
  it.each<readonly [string, Record<string, Observed>, Partial<Circumstances>]>([
    [
      'a private endpoint that may not be read',
      inside,
      { wayIn: { ...wayIn, addresses: [], isComplete: false } },
    ],
    [
      'a name that was not tried',
      { ...inside, [ods]: { addresses: ['10.0.0.6'], resolution: 'found' } },
      { wayIn },
    ],
    ['an endpoint whose names Azure has not returned yet', inside, { wayIn, pending: 1 }],
    [
      'a handler that is not healthy',
      { ...inside, [config]: at('10.0.0.4', { ...well, ping: 'HTTP 403' }) },
      { wayIn },
    ],
  ])('%s: unknown', (_, seen, around) => {
    expect(judge(seen, around)).toMatchObject({ inside: true, result: 'unknown' })
  })

  it('no name at all: unknown', () => {
    const none = { askedBy: { configured: [] }, isHosted: false, pending: 0 }
    expect(judgeNames([], new Map(), none)).toEqual({ inside: null, result: 'unknown', names: [] })
  })
})
