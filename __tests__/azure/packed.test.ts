import { describe, expect, it } from '@jest/globals'
import type { Arm, ArmRequest } from '../../src/azure/arm.ts'
import { answerError } from '../../src/azure/errors/azureFailure.ts'
import { look } from '../../src/azure/look/look.ts'
import { placesQuery } from '../../src/azure/look/network/networkQueries.ts'
import { addPlaceRow } from '../../src/azure/look/network/places.ts'
import { packingOf } from '../../src/azure/look/packing.ts'
import { byId, resourceColumns } from '../../src/azure/look/queries.ts'
import type { Place } from '../../src/network/network.ts'
import { query } from '../../src/azure/look/resourceGraph.ts'
import { text } from '../../src/azure/azureJson.ts'
import { createResourceGraph, type Row } from '../../simulator/resourceGraph/resourceGraph.ts'
import { dceId, lawId, machine, topology, vmId } from '../plan/builders.ts'
import { fakeArm } from './connection/support.ts'

/** Answers that are too large, and packed rows: the result is the same, whatever Azure does. */

interface GraphOptions {
  readonly pageSize?: number
  readonly answerBytes?: number
  readonly lists?: 'taken' | 'refused' | number
  /** Modifies an answer on its way. */
  readonly turn?: (body: Record<string, unknown>, kql: string) => Record<string, unknown>
}

interface Asked {
  readonly query: string
  readonly options: { readonly $top: number; readonly $skip?: number; readonly $skipToken?: string }
  readonly status: number
}

/** An Arm over only the simulated Resource Graph; everything else is 404. */
function graphOf(rows: readonly Row[], options: GraphOptions = {}) {
  const { pageSize = 1000, answerBytes = 16_777_216, lists = 'taken', turn } = options
  const graph = createResourceGraph({
    pageSize: () => pageSize,
    now: () => 0,
    answerBytes: () => answerBytes,
    lists: () => lists,
  })
  const table = (isWanted: (type: string) => boolean) =>
    rows.filter((row) => isWanted(text(row, 'type') ?? ''))
  const tables = {
    resources: table((type) => !type.endsWith('associations')),
    insightsresources: table((type) => type.endsWith('associations')),
  }
  const asked: Asked[] = []
  const { arm: base } = fakeArm(() => ({ status: 404 }))
  const send = (request: ArmRequest) => {
    const isQuery = request.path.endsWith('Microsoft.ResourceGraph/resources')
    if (!isQuery) return base.send(request)
    const body = request.body as Omit<Asked, 'status'>
    const answer = graph.answer(body, 'me', () => tables)
    asked.push({ ...body, status: answer.status })
    const turned = turn?.(answer.body as Record<string, unknown>, body.query) ?? answer.body
    const content = JSON.stringify(turned)
    if (answer.status >= 300) {
      const told = { method: 'POST', url: request.path, status: answer.status, text: content }
      return Promise.reject(
        answerError({ ...told, correlationId: undefined }, request.what, undefined),
      )
    }
    const headers = { get: () => undefined }
    return Promise.resolve({
      status: 200,
      headers,
      body: JSON.parse(content) as unknown,
      text: content,
    })
  }
  const arm: Arm = { ...base, send }
  return { arm, asked }
}

/** A row of Resource Graph, with the columns derived from its id. */
function row(id: string, more: Readonly<Record<string, unknown>> = {}): Row {
  const last = id.slice(id.lastIndexOf('/providers/') + '/providers/'.length).split('/')
  const parts = id.split('/')
  const type = [last[0], ...last.slice(1).filter((_, i) => i % 2 === 0)].join('/')
  return {
    id,
    name: id.split('/').at(-1),
    type: type.toLowerCase(),
    location: 'westeurope',
    subscriptionId: parts[2],
    resourceGroup: parts[4]?.toLowerCase(),
    properties: {},
    ...more,
  }
}

const what = 'find rules'
const rulesQuery = [
  'resources',
  "| where type =~ 'microsoft.insights/datacollectionrules'",
  resourceColumns,
  byId,
].join('\n')

const groupOf = (index: number, of: number) =>
  `/subscriptions/0000000${index % 3}-0000-0000-0000-000000000000/resourceGroups/rg-${index % of}`
const ruleId = (index: number, of = 7) =>
  `${groupOf(index, of)}/providers/Microsoft.Insights/dataCollectionRules/dcr-${String(index).padStart(6, '0')}`

/** Rules with a transformation of this length. */
function rules(count: number, letters: number, groups?: number): readonly Row[] {
  return Array.from({ length: count }, (_, index) => {
    const transformKql = 'source | where x == "streams" '.padEnd(letters, 'x')
    const flow = { streams: ['Microsoft-Syslog', `Custom-${index}`], destinations: ['logs'] }
    return row(ruleId(index, groups), { properties: { dataFlows: [{ ...flow, transformKql }] } })
  })
}

const idsOf = (rows: readonly unknown[]) => rows.map((one) => text(one, 'id') ?? '').toSorted()

describe('an answer that is too large', () => {
  it('is requested again in halves: 175 rules with transformations of 100 kB', async () => {
    const all = rules(175, 100_000)
    const { arm, asked } = graphOf(all)
    const found = await query(arm, rulesQuery, { what })
    expect(idsOf(found)).toEqual(idsOf(all))
    expect(asked.map(({ status, options }) => `${status} ${options.$top}`)).toEqual([
      '400 1000',
      '400 500',
      '400 250',
      '200 125',
      '200 125',
    ])
  })

  it('continues where it was, and requests more again where rows are small', async () => {
    const all = [...rules(30, 900), ...rules(130, 10).slice(30)]
    const { arm, asked } = graphOf(all, { answerBytes: 16_000, lists: 'refused' })
    const found = await query(arm, rulesQuery, { what })
    expect(idsOf(found)).toEqual(idsOf(all))
    expect(new Set(idsOf(found)).size).toBe(130)
    const tops = asked.filter(({ status }) => status === 200).map(({ options }) => options.$top)
    expect(Math.max(...tops.slice(1))).toBeGreaterThan(tops[0] ?? Infinity)
  })

  it('with a single row omits that row, and reports it', async () => {
    const large = [0, 3, 9]
    const all = rules(10, 10).map((one, index) =>
      large.includes(index) ? { ...one, tags: { a: 'x'.repeat(5000) } } : one,
    )
    const { arm } = graphOf(all, { answerBytes: 4000 })
    const told: string[] = []
    const found = await query(arm, rulesQuery, { what, onTooLarge: (id) => told.push(id) })
    expect(told.toSorted()).toEqual(large.map((index) => ruleId(index)).toSorted())
    expect(idsOf(found)).toEqual(idsOf(all.filter((_, index) => !large.includes(index))))
  })

  it('with a single row is an error without a handler for it', async () => {
    const all = rules(3, 10).map((one) => ({ ...one, tags: { a: 'x'.repeat(5000) } }))
    const { arm } = graphOf(all, { answerBytes: 4000 })
    await expect(query(arm, rulesQuery, { what })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('exceeded the limit of 4000'),
    })
  })
})

/** Resources of every kind that a plan reads, in several groups and subscriptions. */
function estate(): readonly Row[] {
  const rows: Row[] = []
  for (let index = 0; index < 12; index++) {
    const id = vmId(`vm-${index}`)
    const endpoint = dceId(`dce-${index % 4}`)
    const under = `${id}/providers/Microsoft.Insights/dataCollectionRuleAssociations`
    rows.push(
      row(id, {
        tags: { odd: `'"\\ ${index}` },
        location: 'West Europe',
        identity: index % 2 === 0 ? { type: 'SystemAssigned' } : null,
      }),
      row(`${id}/extensions/agent`, { properties: { type: 'AzureMonitorLinuxAgent' } }),
      row(`${under}/configurationAccessEndpoint`, {
        location: '',
        properties: { dataCollectionEndpointId: endpoint, description: 'ours' },
      }),
      row(`${under}/rule`, {
        location: '',
        properties: { dataCollectionRuleId: ruleId(index).toUpperCase() },
      }),
    )
  }
  for (let index = 0; index < 4; index++) {
    const properties = { networkAcls: { publicNetworkAccess: 'Enabled' } }
    rows.push(
      row(dceId(`dce-${index}`), { properties, tags: { 'azure-monitor-private-link': 'x' } }),
    )
  }
  rows.push(
    row(lawId('law'), { properties: { customerId: 'c', publicNetworkAccessForQuery: 'Enabled' } }),
  )
  return [...rows, ...flows()]
}

/** Rules in the file's subscription, with no flow, one, ten and eleven. */
function flows(): readonly Row[] {
  return [undefined, 0, 1, 2, 10, 11].map((count) =>
    row(dceId(`dcr-${count}`).replace('dataCollectionEndpoints', 'dataCollectionRules'), {
      properties: {
        immutableId: `dcr-${count}`,
        dataCollectionEndpointId: dceId('dce-1'),
        destinations: { logAnalytics: [{ name: 'l', workspaceResourceId: lawId('law') }] },
        ...(count === undefined
          ? {}
          : {
              dataFlows: Array.from({ length: count }, (_, i) => ({
                streams: [`Custom-${i}`, 'Microsoft-Perf'],
                transformKql: 'source',
              })),
            }),
      },
    }),
  )
}

const file = topology({
  targets: Array.from({ length: 12 }, (_, index) => machine(`vm-${index}`)),
})

async function lookWith(options: GraphOptions) {
  const { arm, asked } = graphOf(estate(), options)
  const seen = await look(arm, file, {
    waitMs: 0,
    signal: new AbortController().signal,
    log: () => undefined,
  })
  const sorted = (shelf: ReadonlyMap<string, unknown>) =>
    Object.fromEntries([...shelf].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const { targets, endpoints, rules: found, logWorkspaces, associations, ruleAssociations } = seen
  const shelves = { targets, endpoints, logWorkspaces, associations, ruleAssociations }
  return {
    shelves: Object.fromEntries(Object.entries(shelves).map(([name, one]) => [name, sorted(one)])),
    rules: sorted(found),
    agents: [...seen.agents.keys].toSorted(),
    asked,
  }
}

const packed = (asked: readonly Asked[]) =>
  asked.filter(({ query: kql }) => kql.includes('make_list'))

describe('packed rows', () => {
  it('give the same as plain rows, for every kind that a plan reads', async () => {
    const plain = await lookWith({})
    const small = await lookWith({ pageSize: 3 })
    expect(packed(plain.asked)).toEqual([])
    expect(packed(small.asked).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(small.shelves).toEqual(plain.shelves)
    expect(small.agents).toEqual(plain.agents)
    expect(small.agents).toHaveLength(12)
    // A packed row cannot hold a rule with eleven flows, so that rule counts as not seen.
    const { [dceId('dcr-11').replace('Endpoints', 'Rules').toLowerCase()]: eleven, ...rest } =
      plain.rules
    expect(eleven).toBeDefined()
    expect(small.rules).toEqual(rest)
  })

  it.each([
    ['refused', { lists: 'refused' }],
    ['silently cut', { lists: 2 }],
    ['too large', { answerBytes: 2500 }],
    ['without their counts', { turn: (body) => withRows(body, (one) => without(one, 'n')) }],
    ['marked as cut', { turn: (body) => ({ ...body, resultTruncated: 'true' }) }],
    ['without the total count', { turn: (body) => without(body, 'totalRecords') }],
    ['fewer than were counted', { turn: (body) => withRows(body, (one) => one, 1) }],
  ] satisfies readonly (readonly [string, GraphOptions])[])(
    'are read as plain pages if they are %s',
    async (_, options: GraphOptions) => {
      const plain = await lookWith({})
      const { turn, ...others } = options
      const small = await lookWith({
        pageSize: 3,
        ...others,
        ...(turn === undefined
          ? {}
          : { turn: (body, kql) => (kql.includes('make_list') ? turn(body, kql) : body) }),
      })
      expect(packed(small.asked).length).toBeGreaterThan(0)
      expect(small.shelves).toEqual(plain.shelves)
      expect(small.agents).toEqual(plain.agents)
      expect(small.rules).toEqual(plain.rules)
    },
  )

  it('take two queries for 4,000 rows, and no row is lost or repeated', async () => {
    const all = rules(4000, 30, 60)
    const { arm, asked } = graphOf(all)
    const found = await query(arm, rulesQuery, { what })
    expect(asked).toHaveLength(2)
    expect(idsOf(found)).toEqual(idsOf(all))
  })

  it('are split by subscription and resource group if one answer cannot hold them', async () => {
    const all = rules(600, 30, 60)
    const { arm, asked } = graphOf(all, { answerBytes: 30_000, pageSize: 20 })
    const found = await query(arm, rulesQuery, { what })
    expect(idsOf(found)).toEqual(idsOf(all))
    expect(asked.length).toBeLessThan(40)
  })

  it('are split if they have more groups than an answer has rows', async () => {
    const all = rules(600, 30, 240)
    const { arm, asked } = graphOf(all, { pageSize: 100 })
    // 240 groups, and ten last letters in each of three subscriptions.
    const found = await query(arm, rulesQuery, { what })
    expect(idsOf(found)).toEqual(idsOf(all))
    expect(asked.length).toBeLessThanOrEqual(8)
  })

  it('are not requested if only one more page is left', async () => {
    const { arm, asked } = graphOf(rules(2000, 30))
    await query(arm, rulesQuery, { what })
    expect(asked).toHaveLength(2)
    expect(packed(asked)).toEqual([])
  })

  it('give the subnets of interfaces with one address and with two', () => {
    const kql = placesQuery({
      machines: [vmId('vm-1').toLowerCase()],
      interfaces: [],
      residentsOf: [],
      networks: [],
      nodeGroups: [],
    })
    const subnet = (name: string) => ({
      properties: {
        subnet: {
          id: `${vmId('x').replace(/\/providers.*/, '')}/providers/Microsoft.Network/virtualNetworks/${name}/subnets/s`,
        },
      },
    })
    const nic = (name: string, networks: readonly string[]) =>
      row(
        vmId(name).replace(
          'Microsoft.Compute/virtualMachines',
          'Microsoft.Network/networkInterfaces',
        ),
        {
          properties: {
            virtualMachine: { id: vmId('vm-1') },
            ipConfigurations: networks.map(subnet),
            dnsSettings: { dnsServers: ['10.0.0.4'] },
          },
        },
      )
    const rows = [nic('one', ['v1']), nic('two', ['v2', 'v3'])]
    const graph = createResourceGraph({ pageSize: () => 1000, now: () => 0 })
    const ask = (asked: string) => {
      const body = { query: asked, options: { resultFormat: 'objectArray' } }
      const answer = graph.answer(body, 'me', () => ({ resources: rows })).body
      return (answer as { readonly data: readonly { readonly entries?: readonly unknown[] }[] })
        .data
    }
    const placesOf = (found: readonly unknown[]) => {
      const places = new Map<string, Place>()
      for (const one of found) {
        addPlaceRow(
          { places, virtualNetworks: new Map(), interfaces: new Map(), residents: new Map() },
          one,
        )
      }
      return [...places]
    }
    const packing = packingOf(kql ?? '')
    const entries = ask(packing?.rows('resourceGroup') ?? '').flatMap(
      ({ entries: all = [] }) => all,
    )
    const plain = placesOf(ask(kql ?? ''))
    expect(placesOf(entries.map((entry) => packing?.unpack(entry)))).toEqual(plain)
    expect(plain).toMatchObject([
      [vmId('vm-1').toLowerCase(), { ownDns: true, virtualNetworks: { length: 3 } }],
    ])
  })
})

function without(body: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== name))
}

function withRows(
  body: Record<string, unknown>,
  turn: (row: Record<string, unknown>) => unknown,
  from = 0,
): Record<string, unknown> {
  const data = (body['data'] as readonly Record<string, unknown>[]).slice(from).map(turn)
  return { ...body, data, ...(from > 0 ? { totalRecords: data.length, count: data.length } : {}) }
}
