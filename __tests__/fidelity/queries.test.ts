import { describe, expect, it, test } from '@jest/globals'
import fc from 'fast-check'
import type { Arm, ArmRequest } from '../../src/azure/arm.ts'
import { query } from '../../src/azure/look/resourceGraph.ts'
import { list, text } from '../../src/azure/azureJson.ts'
import {
  parseAssociation,
  parseEndpoint,
  parseLogWorkspace,
  parseMonitorWorkspace,
  parseRule,
  parseTarget,
} from '../../src/azure/look/parseResource.ts'
import * as allQueries from '../../src/azure/look/queries.ts'
import {
  agentsQuery,
  associationsQuery,
  elsewhereQuery,
  resourcesQuery,
  nearbyQuery,
  literal,
  sendingRulesQuery,
  subscriptionsOf,
  targetsQuery,
} from '../../src/azure/look/queries.ts'
import { idsOnly, packingOf } from '../../src/azure/look/packing.ts'
import { associationFromRow, resourceFromRow, targetFromRow } from '../../src/azure/look/rows.ts'
import { idKey, type ResourceId, resourceId } from '../../src/resources/id.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { analyse, walk } from '../../simulator/resourceGraph/kusto.ts'
import { checkQuery, createResourceGraph } from '../../simulator/resourceGraph/resourceGraph.ts'
import { at, isAbsent } from './fields.ts'
import { addressOf, describeWith, readRecordings, typeOf } from './shared.ts'

const subscription = '11111111-1111-1111-1111-111111111111'
const position = { line: 1, column: 1 }

/** Texts that people call things by; what a topology file can hold, and more. */
interface Words {
  readonly name: string
  readonly group: string
  readonly resource: string
  readonly location: string
  readonly tag: string
}

/** A topology with one of everything that gets into a query. */
function topologyOf(words: Words, targets = 1): Topology {
  const id = (type: string, name: string): ResourceId =>
    resourceId(subscription, words.group, type, name)
  const workspace = (type: string) => ({ alias: 'a', at: position, id: id(type, words.resource) })
  return {
    file: 'topology.yml',
    name: words.name,
    formerNames: [],
    subscription,
    privateLinkScope: {
      id: id('Microsoft.Insights/privateLinkScopes', words.resource),
      at: position,
    },
    accessModes: { at: position },
    azureMonitorWorkspaces: [workspace('Microsoft.Monitor/accounts')],
    logAnalyticsWorkspaces: [workspace('Microsoft.OperationalInsights/workspaces')],
    targets: Array.from({ length: targets }, (_, n) => ({
      kind: 'machine' as const,
      logs: [],
      at: position,
      id: resourceId(
        subscription,
        `${words.group}${n % 200}`,
        'Microsoft.Compute/virtualMachines',
        `${words.resource}${n}`,
      ),
    })),
    selects: [
      {
        kind: 'machine',
        subscriptions: [subscription],
        resourceGroups: [words.group],
        locations: [words.location],
        tags: { [words.tag]: words.tag },
        types: ['microsoft.compute/virtualmachines'],
        exclude: [],
        logs: [],
        at: position,
      },
    ],
    remoteWrite: [],
    endpoints: {
      regionalName: '',
      machineName: '',
      machineIngestion: 'none',
      publicNetworkAccess: 'Disabled',
      tags: {},
      existing: [],
      at: position,
    },
    existingAssociations: 'adopt',
    waivers: [],
  }
}

/** Every query that the product sends, by name. */
function queriesOf(topology: Topology): Readonly<Record<string, string>> {
  const subscriptions = subscriptionsOf(topology)
  const ids = topology.targets.map(({ id }) => id.key)
  return {
    targets: targetsQuery(topology) ?? '',
    nearby: nearbyQuery(topology.selects),
    agents: agentsQuery(),
    resources: resourcesQuery(topology, subscriptions),
    associations: associationsQuery(subscriptions, 'insightsresources'),
    elsewhere: elsewhereQuery(topology, ids, subscriptions, 'insightsresources'),
    sendingRules: sendingRulesQuery(ids),
  }
}

const plain: Words = {
  name: 'production',
  group: 'rg-app',
  resource: 'vm-01',
  location: 'westeurope',
  tag: 'private',
}

/** The string literals of a query in order, and the query without them; it must be one that Microsoft's parser takes. */
function takeApart(kql: string): { readonly literals: readonly string[]; readonly rest: string } {
  const { tree, findings } = analyse(kql)
  expect(findings).toEqual([])
  const tokens = [...walk(tree)].filter(({ kind }) => kind === 'StringLiteralToken')
  let rest = kql
  for (const token of [...tokens].reverse()) {
    // A token's text may include the blanks before it.
    const place = kql.indexOf(token.text.trim(), token.start)
    rest = `${rest.slice(0, place)}?${rest.slice(place + token.text.trim().length)}`
  }
  return { literals: tokens.map(({ value }) => String(value)), rest }
}

const nasty: readonly string[] = [
  `' or 1 == 1 //`,
  `') | project id; resources | where name in~ ('`,
  `\\`,
  `\\' or true or name == '`,
  `"`,
  `a"b'c\\d`,
  `\`\`\`x\`\`\``,
  `@'x'`,
  `h'x'`,
  `line\nbreak\r\n`,
  `tab\tnul\u0000bell\u0007`,
  `\u2028\u2029\u0085`,
  `\u202egnirts\u202c`,
  `{"a":"b"}`,
  `%27%20or%20true`,
  `\ud800 lonely`,
  `😀 é ß İ ı ﬀ`,
  `// comment`,
  `/* comment */`,
  `| take 1`,
  `;`,
  `\u00a0`,
  `~!@#$%^&*()_+-=[]{}|;:,.<>/?`,
]

/** Random text: printable characters, any characters, and parts of the nasty strings. */
const anyWord = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 24 }),
  fc
    .array(fc.constantFrom(...nasty, `'`, `\\`, `"`, ')', '\n', 'x'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join('')),
)

describe('every query to Resource Graph', () => {
  const cases = [
    ...Object.entries(queriesOf(topologyOf(plain))).map(
      ([which, kql]) => ['one machine', which, kql] as const,
    ),
    ['150 machines by id', 'targets', queriesOf(topologyOf(plain, 150))['targets'] ?? ''] as const,
    ['151 machines', 'targets', queriesOf(topologyOf(plain, 151))['targets'] ?? ''] as const,
    ['400 machines', 'targets', queriesOf(topologyOf(plain, 400))['targets'] ?? ''] as const,
    ['200 endpoints', 'elsewhere', queriesOf(topologyOf(plain, 200))['elsewhere'] ?? ''] as const,
    [
      'no endpoint of ours',
      'elsewhere',
      elsewhereQuery(topologyOf(plain), [], [subscription], 'insightsresources'),
    ] as const,
    ...variations().map(([what, which, topology]) => {
      return [what, which, queriesOf(topology)[which] ?? ''] as const
    }),
  ]

  it('is among those tested here', () => {
    const made = Object.keys(allQueries).filter((name) => name.endsWith('Query'))
    const looked = Object.keys(queriesOf(topologyOf(plain))).map((which) => `${which}Query`)
    expect(looked.sort()).toEqual(made.sort())
    expect(new Set(cases.map(([what, which]) => `${what}, ${which}`)).size).toBe(cases.length)
  })

  it('is not sent if a file names no target', () => {
    expect(targetsQuery({ ...topologyOf(plain, 0), selects: [] })).toBeUndefined()
  })

  it("for associations is refused for the table's other name, and for nothing else", () => {
    const kql = associationsQuery([subscription], 'insightresources')
    expect(checkQuery(kql)).toEqual([
      'DisallowedLogicalTableName: Table insightresources is invalid, unsupported or disallowed.',
    ])
  })

  test.each(cases)(
    'passes Microsoft’s parser and Resource Graph’s limits: %s, %s',
    (_, __, kql) => {
      expect(checkQuery(kql)).toEqual([])
      // A sample for messages has a limit instead of pages.
      expect(kql).toMatch(/\n\| order by id asc(?:\n\| limit 1000)?$/)
      expect(kql).toMatch(/\n\| project id/)
      expect(kql).not.toMatch(/\blet\b|\bjoin\b|\bmv-?expand\b|;/)
    },
  )

  test.each(cases.filter(([what, which]) => what === 'one machine' && which !== 'nearby'))(
    'passes them packed too, whole and in parts: %s, %s',
    (_, __, kql) => {
      const packing = packingOf(kql)
      if (packing === undefined) throw new Error('the query has no packed form')
      const part = "subscriptionId in~ ('x') or (subscriptionId =~ 'y' and resourceGroup in~ ('z'))"
      const { rows, count, countGroups } = packing
      const forms = [
        ...(['resourceGroup', 'lastLetter'] as const).flatMap((by) => [rows(by), rows(by, part)]),
        count(),
        countGroups("subscriptionId =~ 'x'"),
      ]
      for (const form of forms) expect(checkQuery(form)).toEqual([])
      expect(forms.map((form) => form.split('\n').at(-1))).toEqual([
        '| summarize n = count(), entries = make_list(entry) by subscriptionId, resourceGroup',
        '| summarize n = count(), entries = make_list(entry) by subscriptionId, resourceGroup',
        '| summarize n = count(), entries = make_list(entry) by subscriptionId, letter',
        '| summarize n = count(), entries = make_list(entry) by subscriptionId, letter',
        '| summarize n = count(), groups = dcount(resourceGroup), letters = dcount(substring(resourceGroup, strlen(resourceGroup) - 1)) by subscriptionId',
        '| summarize n = count() by subscriptionId, resourceGroup',
      ])
      expect(checkQuery(idsOnly(kql) ?? '')).toEqual([])
    },
  )

  it('for a sample has no packed form', () => {
    expect(packingOf(queriesOf(topologyOf(plain))['nearby'] ?? '')).toBeUndefined()
  })

  const fine = queriesOf(topologyOf(plain))['resources'] ?? ''
  const other = '(resources | project id)'
  test.each([
    ['a column of another case', fine.replace('subscriptionId', 'subscriptionID')],
    ['a column that no table has', fine.replace('location,', 'region,')],
    ['let', `let here = 'westeurope';\n${fine}`],
    ['two statements', `${fine};\n${fine}`],
    ['a table that there is not', fine.replace('resources', 'datacollectionendpoints')],
    ['four joins', fine + `\n| join ${other} on id`.repeat(4)],
    ['a leftanti join', `${fine}\n| join kind=leftanti ${other} on id`],
    ['a rightouter join', `${fine}\n| join kind=rightouter ${other} on id`],
    ['four mv-expand', fine + '\n| mv-expand dataFlows'.repeat(4)],
    ['two other tables', fine.concat(...['insights', 'health'].map(joined))],
    ['a comparison of what has no type', `${fine}\n| where dataFlows == metrics`],
    ['an order by what has no type', fine.replace('order by id asc', 'order by dataFlows asc')],
    ['an operator that Resource Graph leaves out', `${fine}\n| serialize`],
    ['a function that there is not', fine.replace('tostring(', 'tosting(')],
  ])('would be caught with %s', (_, kql) => {
    expect(kql).not.toBe(fine)
    expect(checkQuery(kql)).not.toEqual([])
  })

  test.each(nasty.map((word) => [JSON.stringify(word), word] as const))(
    'holds %s as one literal',
    (_, word) => expectOneLiteral(word),
  )

  it('holds any text as one literal', () => {
    fc.assert(fc.property(anyWord, expectOneLiteral), { numRuns: 60 })
  })

  it('has the same structure whatever the names', () => {
    // One query with every kind of text in it, and one with the topology's name.
    const told = ({
      targets = '',
      resources = '',
      elsewhere = '',
    }: Readonly<Record<string, string>>) => Object.entries({ targets, resources, elsewhere })
    const tame = told(queriesOf(topologyOf(plain))).map(
      ([which, kql]) => [which, withoutTagSearch(takeApart(kql).rest)] as const,
    )
    const words = fc.record({
      name: anyWord,
      group: anyWord,
      resource: anyWord,
      location: anyWord,
      tag: anyWord,
    })
    fc.assert(
      fc.property(words, (given) => {
        // An empty text may be dropped, and equal ones are merged.
        const named = Object.fromEntries(
          Object.entries(given).map(([key, word]) => [key, `${word}${key}`]),
        ) as unknown as Words
        const wild = queriesOf(topologyOf(named))
        for (const [which, rest] of tame) {
          expect(withoutTagSearch(takeApart(wild[which] ?? '').rest)).toBe(rest)
        }
      }),
      { numRuns: 12 },
    )
  })
})

function joined(table: string): string {
  return `\n| join (${table}resources | project id) on id`
}

/** Topologies that change the structure of a query, with that query. */
function variations(): readonly (readonly [what: string, which: string, topology: Topology])[] {
  const topology = topologyOf(plain)
  const [select] = topology.selects
  if (select === undefined) throw new Error('the topology has a select')
  const { kind, subscriptions, types, exclude, logs, at: place } = select
  const bare = { kind, subscriptions, types, exclude, logs, at: place }
  const elsewhere = '22222222-2222-2222-2222-222222222222'
  const workspaces = (count: number, groups: number) =>
    Array.from({ length: count }, (_, n) => ({
      alias: `a${n}`,
      at: position,
      id: resourceId(subscription, `rg-${n % groups}`, 'Microsoft.Monitor/accounts', `amw-${n}`),
    }))
  return [
    ['a select by type alone', 'targets', { ...topology, targets: [], selects: [bare] }],
    [
      'a select in two subscriptions',
      'targets',
      { ...topology, selects: [{ ...select, subscriptions: [subscription, elsewhere] }] },
    ],
    [
      'a select of tags, some odd, and an empty one',
      'targets',
      { ...topology, selects: [{ ...select, tags: { a: 'x', b: `o'dd`, c: '' } }] },
    ],
    ['no select', 'targets', { ...topology, selects: [] }],
    ['many selects', 'targets', { ...topology, selects: Array.from({ length: 40 }, () => select) }],
    [
      'no workspace',
      'resources',
      { ...topology, azureMonitorWorkspaces: [], logAnalyticsWorkspaces: [] },
    ],
    [
      '150 workspaces by id',
      'resources',
      { ...topology, azureMonitorWorkspaces: workspaces(149, 200) },
    ],
    [
      '200 workspaces by group',
      'resources',
      { ...topology, azureMonitorWorkspaces: workspaces(200, 20) },
    ],
    [
      '3,000 workspaces in 1,000 groups',
      'resources',
      { ...topology, azureMonitorWorkspaces: workspaces(3000, 1000) },
    ],
    [
      'two subscriptions',
      'associations',
      { ...topology, selects: [{ ...select, subscriptions: [subscription, elsewhere] }] },
    ],
    [
      'two subscriptions',
      'elsewhere',
      { ...topology, selects: [{ ...select, subscriptions: [subscription, elsewhere] }] },
    ],
  ]
}

/** Tags with special characters are not searched for, only compared afterwards. */
function withoutTagSearch(query: string): string {
  return query.replaceAll(' and tostring(tags) contains ?', '')
}

function expectOneLiteral(word: string): void {
  const { literals, rest } = takeApart(`resources | where name == ${literal(word)} | project id`)
  expect(literals).toEqual([word])
  expect(rest).toBe('resources | where name == ? | project id')
}

/** The recorded answers of providers, as rows of Resource Graph. */
const rows = readRecordings().flatMap(({ interactions }) =>
  interactions.flatMap((interaction) => {
    const { status, body } = interaction.response
    const type = typeOf(addressOf(interaction))
    if (status >= 300 || interaction.request.method !== 'GET' || body === null) return []
    const entries = list(body, 'value').length > 0 ? list(body, 'value') : [body]
    return entries.filter((raw) => text(raw, 'id') !== undefined).map((raw) => ({ type, raw }))
  }),
)

/** The result of a query over recorded resources, by key. */
function question(kql: string, all: readonly Row[]): ReadonlyMap<string, unknown> {
  const table = all.map(({ raw, key, type }) => ({
    id: text(raw, 'id'),
    name: text(raw, 'name'),
    type,
    location: text(raw, 'location') ?? '',
    subscriptionId: key.split('/')[2],
    resourceGroup: key.split('/')[4],
    tags: at(raw, 'tags') ?? null,
    identity: at(raw, 'identity') ?? null,
    properties: at(raw, 'properties') ?? {},
  }))
  const graph = createResourceGraph({ pageSize: () => 1000, now: () => 0 })
  const { status, body } = graph.answer(
    { query: kql, options: { resultFormat: 'objectArray' } },
    'me',
    () => ({ resources: table, insightsresources: table }),
  )
  expect(status).toBe(200)
  return new Map(list(body, 'data').map((row) => [idKey(text(row, 'id') ?? ''), row]))
}

describeWith('traffic')('a row of Resource Graph', () => {
  const resources: Readonly<Record<string, (raw: unknown) => object>> = {
    'microsoft.insights/datacollectionendpoints': parseEndpoint,
    'microsoft.insights/datacollectionrules': parseRule,
    'microsoft.monitor/accounts': parseMonitorWorkspace,
    'microsoft.operationalinsights/workspaces': parseLogWorkspace,
  }
  const targets = [
    'microsoft.compute/virtualmachines',
    'microsoft.compute/virtualmachinescalesets',
    'microsoft.hybridcompute/machines',
    'microsoft.containerservice/managedclusters',
    'microsoft.kubernetes/connectedclusters',
  ]

  it('gives the same workspace, endpoint or rule as the provider’s own answer', () => {
    const all = Object.keys(resources).flatMap(recordedOf)
    const workspaces = all
      .filter(({ type }) => /accounts$|workspaces$/.test(type))
      .map(({ key }) => ({ id: { key } }))
    const topology = {
      ...topologyOf(plain),
      azureMonitorWorkspaces: workspaces,
    } as unknown as Topology
    const found = question(resourcesQuery(topology, subscriptionsIn(all)), all)
    for (const { type, raw, key } of all) {
      const parse = resources[type] ?? (() => ({}))
      expect(parse(resourceFromRow(found.get(key)))).toEqual(withoutChanged(parse(raw)))
    }
  })

  it('gives the same target', () => {
    const all = targets.flatMap(recordedOf)
    const topology = {
      ...topologyOf(plain),
      selects: [],
      targets: all.map(({ key }) => ({ id: { key } })),
    } as unknown as Topology
    const found = question(targetsQuery(topology) ?? '', all)
    for (const { raw, key } of all) {
      expect(parseTarget(targetFromRow(found.get(key)))).toEqual(parseTarget(raw))
    }
  })

  it('gives the same association', () => {
    const all = recordedOf('microsoft.insights/datacollectionruleassociations')
    const kql = associationsQuery(subscriptionsIn(all), 'insightsresources')
    const found = question(kql, all)
    for (const { raw, key } of all) {
      expect(parseAssociation(associationFromRow(found.get(key)))).toEqual(
        withoutChanged(parseAssociation(raw) ?? {}),
      )
    }
  })
})

interface Row {
  readonly type: string
  readonly raw: unknown
  readonly key: string
}

/** The recorded resources of a type, each in its last version. */
function recordedOf(type: string): readonly Row[] {
  const byKey = new Map<string, Row>()
  for (const { raw } of rows.filter((row) => row.type === type)) {
    const key = idKey(text(raw, 'id') ?? '')
    byKey.set(key, { type, raw, key })
  }
  if (byKey.size === 0) throw new Error(`Nobody recorded any ${type}`)
  return [...byKey.values()]
}

function subscriptionsIn(all: readonly Row[]): readonly string[] {
  return [...new Set(all.map(({ key }) => key.split('/')[2] ?? ''))]
}

/** Who last changed it is only read from the provider. */
function withoutChanged(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'changed'))
}

describeWith('traffic')('recorded pages of Resource Graph', () => {
  const answered = readRecordings()
    .filter(({ file }) => /_query__/.test(file))
    .flatMap(({ interactions }) => interactions)
    .map(({ response }) => response)

  it('are followed by skip token, whatever resultTruncated says', async () => {
    const pages = answered.filter(({ status }) => status === 200)
    // Those with a token first: the recordings are from several runs.
    pages.sort(
      (a, b) =>
        Number(!isAbsent(at(b.body, '$skipToken'))) - Number(!isAbsent(at(a.body, '$skipToken'))),
    )
    expect(
      pages.map(({ body }) => [!isAbsent(at(body, '$skipToken')), at(body, 'resultTruncated')]),
    ).toEqual([
      [true, 'false'],
      [true, 'false'],
      [false, 'false'],
    ])
    const sent: unknown[] = []
    const left = [...pages]
    const arm = {
      send: ({ body }: ArmRequest) => {
        sent.push(at(body, 'options', '$skipToken'))
        const next = left.shift()
        return Promise.resolve({
          status: 200,
          body: next?.body,
          text: '',
          headers: { get: () => undefined },
        })
      },
    } as unknown as Arm
    const all = await query(arm, 'resources | project id', { what: 'try it' })
    expect(all.length).toBe(8)
    expect(sent).toEqual([
      undefined,
      ...pages.slice(0, 2).map(({ body }) => at(body, '$skipToken')),
    ])
  })
})
