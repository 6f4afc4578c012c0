import { describe, expect, test } from '@jest/globals'
import { createResourceGraph, type Tables } from '../../../simulator/resourceGraph/resourceGraph.ts'

const prefix = '/subscriptions/s1/resourceGroups/RG-App/providers'

const tables: Tables = {
  resources: [
    {
      id: `${prefix}/Microsoft.Compute/virtualMachines/vm-01`,
      name: 'vm-01',
      type: 'Microsoft.Compute/virtualMachines',
      location: 'westeurope',
      resourceGroup: 'rg-app',
      subscriptionId: 's1',
      tags: { monitoring: 'private', 'cost-center': '42' },
      properties: {
        cores: 4,
        enabled: true,
        nics: [{ id: 'n1' }, { id: 'n2' }],
        os: { type: 'Linux' },
      },
      zones: ['1', '2'],
    },
    {
      id: `${prefix}/Microsoft.Compute/virtualMachines/VM-02`,
      name: 'VM-02',
      type: 'microsoft.compute/virtualmachines',
      location: 'northeurope',
      resourceGroup: 'rg-app',
      subscriptionId: 's1',
      tags: null,
      properties: { cores: 8, enabled: false, nics: [], os: { type: 'Windows' } },
    },
    {
      id: '/subscriptions/s2/resourceGroups/rg-mon/providers/Microsoft.Insights/dataCollectionRules/dcr',
      name: 'dcr',
      type: 'microsoft.insights/datacollectionrules',
      location: 'westeurope',
      resourceGroup: 'rg-mon',
      subscriptionId: 's2',
      kind: 'Linux',
      properties: {
        dataFlows: [{ streams: ['Microsoft-PrometheusMetrics'], destinations: ['amw'] }],
        created: '2026-01-02T03:04:05Z',
      },
    },
  ],
  insightsresources: [
    {
      id: `${prefix}/Microsoft.Compute/virtualMachines/vm-01/providers/Microsoft.Insights/dataCollectionRuleAssociations/a1`,
      name: 'a1',
      type: 'microsoft.insights/datacollectionruleassociations',
      properties:
        '{"dataCollectionRuleId":"/subscriptions/S2/resourceGroups/RG-MON/providers/Microsoft.Insights/dataCollectionRules/DCR"}',
    },
    {
      id: `${prefix}/Microsoft.Compute/virtualMachines/VM-02/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
      name: 'configurationAccessEndpoint',
      type: 'microsoft.insights/datacollectionruleassociations',
      properties: { dataCollectionEndpointId: '/e' },
    },
  ],
}

/** The rows of a query, or the body of its refusal. */
function question(query: string): unknown {
  const graph = createResourceGraph({ pageSize: () => 1000, now: () => Date.UTC(2026, 0, 10) })
  const body = { query, options: { resultFormat: 'objectArray' } }
  const answer = graph.answer(body, 'me', () => tables)
  const { data, ...rest } = answer.body as { data?: unknown }
  return data ?? rest
}

type Cases = readonly (readonly [query: string, rows: readonly Record<string, unknown>[]])[]

const names = (...all: string[]): Record<string, unknown>[] => all.map((name) => ({ name }))

/** Queries over a single row: the value of one expression. */
const oneRow = (expression: string): string =>
  `resources | where name == 'vm-01' | project v = ${expression}`

describe('filters', () => {
  const cases: Cases = [
    ["name == 'vm-01'", names('vm-01')],
    ["name == 'vm-02'", []],
    ["name =~ 'vm-02'", names('VM-02')],
    ["name !~ 'vm-02'", names('vm-01', 'dcr')],
    ["name != 'vm-01'", names('VM-02', 'dcr')],
    ["type == 'microsoft.compute/virtualmachines'", names('vm-01', 'VM-02')],
    ["type in ('microsoft.compute/virtualmachines', 'x')", names('vm-01', 'VM-02')],
    ["name in ('VM-01', 'dcr')", names('dcr')],
    ["name in~ ('VM-01', 'DCR')", names('vm-01', 'dcr')],
    ["name !in ('dcr')", names('vm-01', 'VM-02')],
    ["name !in~ ('DCR', 'vm-02')", names('vm-01')],
    ["name in (dynamic(['dcr', 'b']))", names('dcr')],
    ["id contains 'VIRTUALmachines'", names('vm-01', 'VM-02')],
    ["id contains_cs 'VIRTUALmachines'", []],
    ["id !contains 'virtualmachines'", names('dcr')],
    ["name startswith 'VM'", names('vm-01', 'VM-02')],
    ["name startswith_cs 'VM'", names('VM-02')],
    ["name endswith '01'", names('vm-01')],
    ["id has 'app'", names('vm-01', 'VM-02')],
    ["id has 'ap'", []],
    ["id has 'rg-app'", names('vm-01', 'VM-02')],
    ["id has_any ('mon', 'nothing')", names('dcr')],
    ["name matches regex '^vm-[0-9]+$'", names('vm-01')],
    ["name matches regex '(?i)^vm-[0-9]+$'", names('vm-01', 'VM-02')],
    ['properties.cores between (5 .. 8)', names('VM-02')],
    ['properties.cores !between (5 .. 8)', names('vm-01')],
    ['properties.cores >= 4 and not(properties.cores > 4)', names('vm-01')],
    ['properties.cores + 1 == 9', names('VM-02')],
    ['properties.enabled == true', names('vm-01')],
    ["properties.os.type == 'Linux' or kind == 'Linux'", names('vm-01', 'dcr')],
    ["tags.monitoring == 'private'", names('vm-01')],
    ["tags['cost-center'] == '42'", names('vm-01')],
    ["tags.Monitoring == 'private'", []],
    ["tags.monitoring != 'private'", names('VM-02', 'dcr')],
    ['isnull(tags)', names('VM-02', 'dcr')],
    ['isnotnull(properties.cores)', names('vm-01', 'VM-02')],
    ['isempty(kind)', names('vm-01', 'VM-02')],
    ['isnotempty(kind)', names('dcr')],
    ['isnull(kind)', []],
    ['properties.cores < 5', names('vm-01')],
    ['toint(properties.cores) != 4', names('VM-02', 'dcr')],
    ["zones[0] == '1'", names('vm-01')],
    ["zones[-1] == '2'", names('vm-01')],
    ["set_has_element(zones, '2')", names('vm-01')],
    ["properties.dataFlows[0].streams contains 'prometheus'", names('dcr')],
    ['todatetime(properties.created) < ago(7d)', names('dcr')],
    ['todatetime(properties.created) < ago(9d)', []],
  ]
  test.each(cases)('%s', (condition, rows) => {
    expect(question(`resources | where ${condition} | project name`)).toEqual(rows)
  })
})

describe('expressions', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    [
      "split(tolower(id), '/providers/microsoft.compute')[0]",
      '/subscriptions/s1/resourcegroups/rg-app',
    ],
    ["split('a/b/c', '/')", ['a', 'b', 'c']],
    ["split('a/b/c', '/', 1)", ['b']],
    ['toupper(name)', 'VM-01'],
    ["strcat(name, '-', 1, '-', properties.cores)", 'vm-01-1-4'],
    ["substring('abcdef', 2, 3)", 'cde'],
    ["substring('abcdef', 4)", 'ef'],
    ["strlen('äbc')", 3],
    ["replace_string('a.b.c', '.', '$&')", 'a$&b$&c'],
    ["replace_regex('vm-01', 'vm-(.*)', @'host-\\1')", 'host-01'],
    ["extract('rg-([a-z]+)', 1, resourceGroup)", 'app'],
    ["extract('([0-9]+)', 1, name, typeof(long))", 1],
    ["extract('none([0-9]+)', 1, name)", ''],
    ["trim('[-]+', '--a-b--')", 'a-b'],
    ["iff(properties.cores > 3, 'big', 'small')", 'big'],
    ['iif(isnull(tags.nothing), 1, 2)', 1],
    ["case(1 == 2, 'a', 2 == 2, 'b', 'c')", 'b'],
    ['coalesce(kind, tostring(tags.nothing), name)', 'vm-01'],
    ['array_length(properties.nics)', 2],
    ['array_length(properties.os)', null],
    ['array_concat(zones, dynamic([3]))', ['1', '2', 3]],
    ['bag_keys(properties.os)', ['type']],
    ["pack('a', 1, 'b', zones)", { a: 1, b: ['1', '2'] }],
    ["bag_pack('n', name)", { n: 'vm-01' }],
    ['pack_array(name, 2, true)', ['vm-01', 2, true]],
    ['dynamic({\'a\': [1, "b", null, true]})', { a: [1, 'b', null, true] }],
    ['parse_json(\'{"a":{"b":7}}\').a.b', 7],
    ["todynamic('no json')", 'no json'],
    ['tostring(properties.os)', '{"type":"Linux"}'],
    ['tostring(properties.nothing)', ''],
    ["tolong('12')", 12],
    ["toint('x')", null],
    ["tobool('TRUE')", true],
    ['10 / 4', 2],
    ['10.0 / 4', 2.5],
    ['bin(17, 5)', 15],
    ['-(3 - 5) * 2 % 3', 1],
    ["indexof('abcabc', 'c')", 2],
    ["indexof('abcabc', 'c', 3)", 5],
    ["indexof('abcabc', 'x')", -1],
    ["countof('aaaa', 'aa')", 3],
    ["countof('aaaa', 'aa', 'regex')", 2],
    ['now()', '2026-01-10T00:00:00Z'],
    ['ago(1h)', '2026-01-09T23:00:00Z'],
    ['datetime(2026-01-02) + 1d', '2026-01-03T00:00:00Z'],
    ['now() - datetime(2026-01-08)', '2.00:00:00'],
    ['2h + 30min', '02:30:00'],
    ['-100ms * 15', '-00:00:01.5000000'],
    ['time(1.02:03:04)', '1.02:03:04'],
    ['tostring(datetime(2026-01-02 03:04:05.6))', '2026-01-02T03:04:05.6000000Z'],
    ['1 == int(null)', false],
    ['int(null) == int(null)', null],
    ['1 != int(null)', true],
    ['1 < int(null)', null],
    ["@'a\\b'", 'a\\b'],
  ]
  test.each(cases)('%s', (expression, value) => {
    expect(question(oneRow(expression))).toEqual([{ v: value }])
  })
})

describe('operators', () => {
  const cases: Cases = [
    [
      'resources | project name, properties.os.type, n = location | take 1',
      [{ name: 'vm-01', properties_os_type: 'Linux', n: 'westeurope' }],
    ],
    ["where name == 'dcr' | project name", names('dcr')],
    ["// a comment\n| where name == 'dcr' | project name", names('dcr')],
    [
      "Resources | where name == 'dcr' | project name, location | project-away location",
      names('dcr'),
    ],
    [
      "resources | project name, kind | project-rename type = kind | where type == 'Linux'",
      [{ name: 'dcr', type: 'Linux' }],
    ],
    [
      "resources | project name, location | extend location = strcat(location, '!'), x = 1, strlen(name) | where name == 'dcr'",
      [{ name: 'dcr', location: 'westeurope!', x: 1, strlen_name: 3 }],
    ],
    ['resources | project name | order by name asc', names('VM-02', 'dcr', 'vm-01')],
    ['resources | project name | sort by name', names('vm-01', 'dcr', 'VM-02')],
    [
      'resources | order by toint(properties.cores) asc | project name',
      names('dcr', 'vm-01', 'VM-02'),
    ],
    [
      'resources | order by toint(properties.cores) desc | project name',
      names('VM-02', 'vm-01', 'dcr'),
    ],
    [
      'resources | order by toint(properties.cores) asc nulls last | project name',
      names('vm-01', 'VM-02', 'dcr'),
    ],
    ['resources | order by location asc, name desc | project name', names('VM-02', 'vm-01', 'dcr')],
    ['resources | top 2 by name asc | project name', names('VM-02', 'dcr')],
    ['resources | limit 1 | project name', names('vm-01')],
    ['resources | count', [{ Count: 3 }]],
    ["resources | where name == 'none' | count", [{ Count: 0 }]],
    ['resources | distinct location', [{ location: 'westeurope' }, { location: 'northeurope' }]],
    ['kubernetesconfigurationresources | project name', []],
    [
      'resources | summarize count() by location',
      [
        { location: 'westeurope', count_: 2 },
        { location: 'northeurope', count_: 1 },
      ],
    ],
    [
      "resources | summarize n = countif(type endswith 'machines'), dcount(location), sum(toint(properties.cores)), min(name), max(name)",
      [
        {
          n: 2,
          dcount_location: 2,
          sum_properties_cores: 12,
          min_name: 'VM-02',
          max_name: 'vm-01',
        },
      ],
    ],
    [
      "resources | where name == 'none' | summarize count(), make_list(name), max(name), min(toint(properties.cores))",
      [{ count_: 0, list_name: [], max_name: '', min_properties_cores: null }],
    ],
    ["resources | where name == 'none' | summarize count() by location", []],
    [
      'resources | summarize make_list(name), s = make_set(location), take_any(kind) by t = tostring(split(type, "/")[0])',
      [
        {
          t: 'microsoft.compute',
          list_name: ['vm-01', 'VM-02'],
          s: ['westeurope', 'northeurope'],
          kind: '',
        },
        { t: 'microsoft.insights', list_name: ['dcr'], s: ['westeurope'], kind: 'Linux' },
      ],
    ],
    [
      'resources | summarize all = make_bag(bag_pack(name, location)), l = array_length(make_list(name))',
      [{ all: { 'vm-01': 'westeurope', 'VM-02': 'northeurope', dcr: 'westeurope' }, l: 3 }],
    ],
    [
      'resources | project name, location, cores = toint(properties.cores) | summarize arg_max(cores, *) by k = location',
      [
        { k: 'westeurope', cores: 4, name: 'vm-01' },
        { k: 'northeurope', cores: 8, name: 'VM-02' },
      ],
    ],
    [
      'resources | summarize arg_min(name, id), take_any(location, resourceGroup) by subscriptionId | project-away id',
      [
        { subscriptionId: 's1', name: 'VM-02', location: 'westeurope', resourceGroup: 'rg-app' },
        { subscriptionId: 's2', name: 'dcr', location: 'westeurope', resourceGroup: 'rg-mon' },
      ],
    ],
    [
      'resources | summarize (least, place) = arg_min(name, location)',
      [{ least: 'VM-02', place: 'northeurope' }],
    ],
    [
      'resources | project name, location | summarize arg_max(name, *) by location',
      [
        { location: 'westeurope', name: 'vm-01' },
        { location: 'northeurope', name: 'VM-02' },
      ],
    ],
    [
      'resources | project name, n = properties.nics | mv-expand n | project name, i = n.id',
      [
        { name: 'vm-01', i: 'n1' },
        { name: 'vm-01', i: 'n2' },
        { name: 'dcr', i: null },
      ],
    ],
    [
      'resources | project name, tags | mv-expand with_itemindex=i tags limit 1',
      [
        { name: 'vm-01', tags: { monitoring: 'private' }, i: 0 },
        { name: 'VM-02', tags: null, i: 0 },
        { name: 'dcr', tags: null, i: 0 },
      ],
    ],
    [
      "resources | where name == 'vm-01' | project name, zones | mvexpand z = zones to typeof(string) | project z",
      [{ z: '1' }, { z: '2' }],
    ],
    [
      "resources | where name == 'vm-01' | project zones | mv-expand zones to typeof(long)",
      [{ zones: null }, { zones: null }],
    ],
    [
      "resources | parse id with * '/subscriptions/' s:string '/resourceGroups/' g '/' * | project name, s, g | take 1",
      [{ name: 'vm-01', s: 's1', g: 'RG-App' }],
    ],
    [
      "resources | parse name with 'vm-' n:long | project name, n",
      [
        { name: 'vm-01', n: 1 },
        { name: 'VM-02', n: null },
        { name: 'dcr', n: null },
      ],
    ],
    [
      "resources | project name | union (insightsresources | project name | take 1), (resources | where name == 'dcr' | project name)",
      names('vm-01', 'VM-02', 'dcr', 'a1', 'dcr'),
    ],
    [
      "resources | project name | union kind=outer (resources | where name == 'dcr' | project kind)",
      [
        { name: 'vm-01', kind: '' },
        { name: 'VM-02', kind: '' },
        { name: 'dcr', kind: '' },
        { name: '', kind: 'Linux' },
      ],
    ],
  ]
  test.each(cases)('%s', (query, rows) => {
    expect(question(query)).toEqual(rows)
  })
})

describe('joins', () => {
  const right = "(resources | where name in ('vm-01', 'dcr') | project location, other = name)"
  const cases: Cases = [
    [
      `resources | project name, location | join kind=inner ${right} on location`,
      [
        { name: 'vm-01', location: 'westeurope', location1: 'westeurope', other: 'vm-01' },
        { name: 'vm-01', location: 'westeurope', location1: 'westeurope', other: 'dcr' },
        { name: 'dcr', location: 'westeurope', location1: 'westeurope', other: 'vm-01' },
        { name: 'dcr', location: 'westeurope', location1: 'westeurope', other: 'dcr' },
      ],
    ],
    [
      `resources | project name, location | join ${right} on $left.location == $right.location | project name, other`,
      [
        { name: 'vm-01', other: 'vm-01' },
        { name: 'vm-01', other: 'dcr' },
      ],
    ],
    [
      `resources | project name, location | join kind=leftouter ${right} on $left.name == $right.other, location | project name, other`,
      [
        { name: 'vm-01', other: 'vm-01' },
        { name: 'VM-02', other: '' },
        { name: 'dcr', other: 'dcr' },
      ],
    ],
    [
      `resources | where name != 'dcr' | project name, location | join kind=fullouter ${right} on $left.name == $right.other and $left.location == $right.location | project name, other`,
      [
        { name: 'vm-01', other: 'vm-01' },
        { name: 'VM-02', other: '' },
        { name: '', other: 'dcr' },
      ],
    ],
    [
      `insightsresources
       | extend target = tostring(split(tolower(id), '/providers/microsoft.insights/datacollectionruleassociations/')[0])
       | extend ruleId = tolower(tostring(parse_json(properties).dataCollectionRuleId))
       | join kind=inner (resources
           | where type == 'microsoft.insights/datacollectionrules'
           | mv-expand flow = properties.dataFlows
           | where flow.streams contains 'Microsoft-PrometheusMetrics'
           | project ruleId = tolower(id)) on ruleId
       | project target, ruleId
       | order by target asc`,
      [
        {
          target:
            '/subscriptions/s1/resourcegroups/rg-app/providers/microsoft.compute/virtualmachines/vm-01',
          ruleId:
            '/subscriptions/s2/resourcegroups/rg-mon/providers/microsoft.insights/datacollectionrules/dcr',
        },
      ],
    ],
  ]
  test.each(cases)('%s', (query, rows) => {
    expect(question(query)).toEqual(rows)
  })
})

test('every column of a table, absent strings empty and absent objects null', () => {
  expect(question("resources | where name == 'VM-02'")).toEqual([
    {
      id: `${prefix}/Microsoft.Compute/virtualMachines/VM-02`,
      name: 'VM-02',
      type: 'microsoft.compute/virtualmachines',
      tenantId: '',
      kind: '',
      location: 'northeurope',
      resourceGroup: 'rg-app',
      subscriptionId: 's1',
      managedBy: '',
      sku: null,
      plan: null,
      properties: { cores: 8, enabled: false, nics: [], os: { type: 'Windows' } },
      tags: null,
      identity: null,
      zones: null,
      extendedLocation: null,
      apiVersion: '',
    },
  ])
})

test('20,000 rows are filtered, joined and sorted in under 200 ms', () => {
  const many: Tables = {
    resources: Array.from({ length: 20_000 }, (_, index) => ({
      id: `${prefix}/Microsoft.Compute/virtualMachines/vm-${index}`,
      name: `vm-${index}`,
      type: 'microsoft.compute/virtualmachines',
      location: index % 2 === 0 ? 'westeurope' : 'northeurope',
      tags: { monitoring: index % 3 === 0 ? 'private' : 'public' },
      properties: { rule: `R${index % 100}` },
    })),
  }
  const query = `resources | where type =~ 'Microsoft.Compute/virtualMachines' and tags.monitoring =~ 'Private'
    | extend rule = tolower(tostring(properties.rule))
    | join kind=leftouter (resources | where name startswith 'vm-1' | summarize n = count() by rule = tolower(tostring(properties.rule))) on rule
    | project id, name, location, n | order by id asc`
  const graph = createResourceGraph({ pageSize: () => 1000, now: () => 0 })
  const question = (): unknown => graph.answer({ query }, 'me', () => many).body
  expect(question()).toMatchObject({ totalRecords: 6667, count: 1000 })
})
