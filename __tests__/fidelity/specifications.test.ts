import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, it } from '@jest/globals'
import type { Simulator } from '../../simulator/simulator.ts'
import { expectGolden } from '../support/goldens.ts'
import { runSituation, situations } from './runs.ts'
import { describeWith, hasShared, typeOf } from './shared.ts'
import { type Held, openSpecification } from './specification.ts'
import { talkTo } from './talk.ts'
import {
  explainedKeys,
  isUnspecified,
  strangeKeys,
  strangeTypes,
  unrecorded,
  unspecified,
} from './unspecified.ts'
import { meaning, meant, meantInScenarios, strange } from './violations.ts'

const held: Held[] = []

describeWith('specs')('every request of the product and every answer of the simulator', () => {
  beforeAll(async () => {
    const specification = await openSpecification()
    for (const situation of situations) {
      await runSituation(situation, async (simulator, results) => {
        const wanted = situation.jobs.map(({ result }) => result)
        expect([situation.name, ...results.map(({ outputs }) => outputs['result'])]).toEqual([
          situation.name,
          ...wanted,
        ])
        await readAll(simulator)
        const requests = simulator.azure.requests.filter(({ host }) => host === 'arm')
        held.push(...(await specification.hold(requests)))
      })
    }
  })

  it('matches Microsoft’s specification, including statuses, or is explained', () => {
    expect(strange(held)).toEqual([])
  })

  it('shows every explained violation', () => {
    const used = new Set(held.flatMap(({ violations }) => violations.map((one) => meaning(one))))
    expect(meant.filter((one) => !used.has(one)).map(({ why }) => why)).toEqual([])
  })

  it('has every explained violation in simulator/README.md with its source', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../simulator/README.md'), 'utf8')
    const [, section = ''] = page.split('## Differences from the OpenAPI files\n')
    const rows = [...section.matchAll(/^\| ([A-Z]\d+) \| .+ \| .+ \|$/gm)].map((match) => match[1])
    const named = [...meant, ...meantInScenarios].map(({ paragraph }) => paragraph)
    expect([...new Set(named)].filter((paragraph) => !rows.includes(paragraph))).toEqual([])
  })

  it('is of a type known to have no specification, if it isn’t checked against one', () => {
    expect(strangeTypes(held)).toEqual([])
  })

  it('has the recorded keys, if there is no specification', () => {
    if (!hasShared('traffic')) return
    expect(strangeKeys(held)).toEqual([])
    const used = explainedKeys(held)
    // Keys in only some scenarios count where all scenarios are checked.
    if (process.env.SLOW !== '1') return
    expect(Object.keys(unrecorded).filter((key) => !used.has(key))).toEqual([])
  })

  it('covers what the product does: every operation that it uses, and the refusals', () => {
    const seen = new Set(
      held.map(({ operation, request }) => `${operation ?? ''} ${request.status}`),
    )
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'Resources 200',
        'DataCollectionEndpoints_Create 200',
        'DataCollectionEndpoints_Create 201',
        'DataCollectionEndpoints_Delete 200',
        'DataCollectionRuleAssociations_Create 200',
        'DataCollectionRuleAssociations_Create 201',
        'DataCollectionRuleAssociations_Delete 200',
        'PrivateLinkScopedResources_CreateOrUpdate 200',
        'PrivateLinkScopedResources_CreateOrUpdate 202',
        'PrivateLinkScopedResources_Delete 200',
        'PrivateLinkScopedResources_Delete 202',
        'PrivateLinkScopes_CreateOrUpdate 200',
        'PrivateLinkScopeOperationStatus_Get 200',
        'DataCollectionEndpoints_Create 403',
        'DataCollectionRuleAssociations_Create 403',
        'DataCollectionRuleAssociations_Create 409',
      ]),
    )
    console.info(describeCounts())
  })

  it('is listed in SPECIFICATIONS.md', () => {
    expectGolden(path.join(import.meta.dirname, 'SPECIFICATIONS.md'), describeAll())
  })
})

/** Reads every resource of the estate and every list of its type, like a second client. */
async function readAll(simulator: Simulator): Promise<void> {
  const talk = talkTo(simulator)
  try {
    const known = new Set<string>()
    for (const { id } of simulator.azure.snapshot().resources) {
      const version = versions.find(([type]) => type.test(typeOf(id)))?.[1]
      if (version === undefined) continue
      for (const address of [id, id.replace(/\/[^/]+$/, '')]) {
        if (known.has(address.toLowerCase())) continue
        known.add(address.toLowerCase())
        await talk.question('GET', `${address}?api-version=${version}`)
      }
    }
  } finally {
    talk.close()
  }
}

/** The versions that the product requests; for other types, one that has a file. */
const versions: readonly (readonly [RegExp, string])[] = [
  [/datacollectionrules$/, '2022-06-01'],
  [/datacollection/, '2024-03-11'],
  [/privatelinkscopes/, '2023-06-01-preview'],
  [/^microsoft\.monitor\//, '2023-04-03'],
  [/^microsoft\.operationalinsights\//, '2022-10-01'],
  [/^microsoft\.network\//, '2023-04-01'],
  [/^microsoft\.compute\/virtualmachine(s|scalesets)$/, '2023-03-01'],
  [/^microsoft\.hybridcompute\/machines$/, '2022-12-27'],
  [/^microsoft\.containerservice\//, '2023-10-01'],
  [/^microsoft\.kubernetes\//, '2021-10-01'],
]

function describeCounts(): string {
  const specified = held.filter((one) => !isUnspecified(one))
  const violating = specified.filter(({ violations }) => violations.length > 0)
  return `${held.length} requests of ${situations.length} situations: ${specified.length} checked against ${new Set(specified.map(({ operation }) => operation)).size} operations, ${violating.length} of them with explained violations, none with others; ${held.length - specified.length} of types without a specification`
}

function describeAll(): string {
  const operations = new Map<string, Set<number>>()
  for (const { operation, request } of held) {
    // Which refusals occur depends on timing; they are checked against the error of each file.
    if (operation === undefined || request.status >= 400) continue
    operations.set(operation, (operations.get(operation) ?? new Set()).add(request.status))
  }
  const explained = meant.map(({ side, operation, code, at: where, why }) => {
    const of = held.filter(({ violations }) =>
      violations.some((v) => meaning(v)?.why === why && operation.test(v.operation)),
    )
    const names = [...new Set(of.map((one) => one.operation ?? ''))].sort()
    return `| ${side} of ${names.map((name) => `\`${name}\``).join(', ')} | ${code} | \`${where.source.replaceAll('|', '\\|')}\` | ${why} |`
  })
  return [
    '# Requests and answers, checked against Microsoft’s specifications',
    '',
    'Generated by `specifications.test.ts`; `UPDATE_GOLDENS=1 npm test -- specifications` regenerates it. oav’s LiveValidator checks every request of the bundle and every answer',
    'of the simulator against `../shared/specs`, and the statuses below 400 against those in the files. `@azure/arm-monitor` 8 requests endpoints and associations with version',
    '2024-03-11, which has no file: 2023-03-11 is used instead, and 2022-06-01 for rules. An operation’s status is checked against the file’s path, which is below the group (quirk 14),',
    'and the result of an operation against its resource.',
    '',
    'The scenarios’ own tests (`judge.ts`) check every request of every scenario in the same way (the plan of the pull request, the same plan against an Azure that answers differently, the apply, the same job again, a plan after it),',
    'as do those of the open points. They print the counts; this page, which must not change from run to run, covers',
    `these situations: ${situations.map(({ name }) => name).join(' · ')}; after each, every resource and list is read once more.`,
    '',
    '| operation | statuses below 400 |',
    '|---|---|',
    ...[...operations]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([operation, statuses]) => `| \`${operation}\` | ${[...statuses].sort().join(', ')} |`),
    '',
    '## Intended violations',
    '',
    '| what | code | where | why |',
    '|---|---|---|---|',
    ...explained,
    '',
    'Only in one scenario each:',
    '',
    '| scenario | what | code | where | why |',
    '|---|---|---|---|---|',
    ...meantInScenarios.map(
      ({ scenario, side, code, at: where, why }) =>
        `| \`${scenario}\` | ${side} | ${code} | \`${where.source.replaceAll('|', '\\|')}\` | ${why} |`,
    ),
    '',
    '## Without a specification',
    '',
    '| what | checked against |',
    '|---|---|',
    ...unspecified.map(({ what, by }) => `| ${what} | ${by} |`),
    '',
    'Unrecorded keys of the simulator:',
    '',
    '| key | why |',
    '|---|---|',
    ...Object.entries(unrecorded).map(([key, why]) => `| \`${key}\` | ${why} |`),
    '',
  ].join('\n')
}
