import { describe, expect, test } from '@jest/globals'
import { findClashes } from '../../src/commands/clashes.ts'

const scopeOf = (scope: string) => `subscription: 11111111-1111-1111-1111-111111111111
privateLinkScope: ${scope}
logAnalyticsWorkspaces: { logs: rg-monitor/law-weu }
machines: [{ resource: rg-app/vm-01, logs: logs }]
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`
const other = `version: 1\nname: production\n${scopeOf('rg-monitor/ampls-a')}`
const file = (name: string, scope = 'rg-monitor/ampls-b') =>
  `version: 1\n${name}\n${scopeOf(scope)}`

function clashes(text: string): readonly string[] {
  const found = findClashes(
    [
      { file: 'a.yml', text: other },
      { file: 'b.yml', text },
    ],
    '2026-11-28',
  )
  expect([...found.keys()].sort()).toEqual(found.size === 0 ? [] : ['a.yml', 'b.yml'])
  return (found.get('b.yml') ?? []).map(({ code, line }) => `${code} ${line ?? 0}`)
}

describe('two files of one name', () => {
  test.each([
    ['plain', 'name: production', 2],
    ['in double quotes', 'name: "production"', 2],
    ['with a quoted key', '"name": production', 2],
    ['tagged', 'name: !!str production', 2],
    ['anchored', 'name: &n production', 2],
    ['on the next line', 'name:\n  production', 3],
    ['as a block', 'name: >-\n  production', 3],
    ['escaped', 'name: "\\u0070roduction"', 2],
    ['with an explicit key', '? name\n: production', 3],
    ['behind a blank', 'name : production', 2],
  ])('%s', (_, name, line) => {
    expect(clashes(file(name))).toEqual([`duplicate-name ${line}`])
  })

  test('in JSON', () => {
    const text = JSON.stringify({
      version: 1,
      name: 'production',
      subscription: '11111111-1111-1111-1111-111111111111',
      privateLinkScope: 'rg-monitor/ampls-b',
    })
    expect(clashes(text)).toEqual(['duplicate-name 1'])
  })

  test('also if one of them has errors or is not YAML, because the other would take its objects', () => {
    expect(clashes(file('name: production\nunknown: 1'))).toEqual(['duplicate-name 2'])
    expect(clashes(`${file('name: production')}\nbroken: [`)).toEqual(['duplicate-name 1'])
  })

  test('but not for names that are only similar', () => {
    expect(clashes(file('name: production-2'))).toEqual([])
    expect(clashes(file('# name: production\nname: staging'))).toEqual([])
  })
})

describe('two files of one scope', () => {
  test.each([
    ['in short form', 'rg-monitor/ampls-a'],
    ['in another case', 'RG-Monitor/AMPLS-A'],
    [
      'by its whole id, without the leading slash',
      'subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg-monitor/providers/microsoft.insights/privatelinkscopes/ampls-a',
    ],
  ])('%s', (_, scope) => {
    expect(clashes(file('name: staging', scope))).toEqual(['duplicate-scope 4'])
  })

  test('and of one name: both are reported', () => {
    expect(clashes(file('name: production', 'rg-monitor/ampls-a'))).toEqual([
      'duplicate-name 2',
      'duplicate-scope 4',
    ])
  })
})
