import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { estateSchemaFile, estateSchemaText } from '../../scripts/schema.ts'
import { estate as demo } from '../../simulator/demo/estate.ts'
import { readEstateFile } from '../../simulator/try/estateFile.ts'
import { estateOf } from '../../simulator/try/estateOf.ts'
import { parseTopology } from '../../src/topology/parseTopology.ts'

/** `npm run try`: a user's own file against a simulated Azure. */

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'try-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function tryOut(...args: readonly string[]): {
  code: number | null
  stdout: string
  stderr: string
} {
  const tsx = path.resolve('node_modules/.bin/tsx')
  const { status, stdout, stderr } = spawnSync(tsx, ['simulator/try.ts', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
  })
  return { code: status, stdout, stderr }
}

function put(name: string, text: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

const samples = readdirSync('examples/estates').map((name) => `examples/estates/${name}`)

describe('npm run try', () => {
  test.each(['', ...samples])('plans, applies and then finds nothing to do: %s', (estate) => {
    const { code, stdout, stderr } = tryOut(
      'examples/article.yml',
      ...(estate === '' ? [] : [estate]),
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/📝 article: .* to create/)
    expect(stdout).toContain('Result: applied')
    expect(stdout).toContain('✅ article: nothing to do')
    expect(stdout).not.toMatch(/^::/m)
  })

  test('a file with only selects gets resources that they match', () => {
    const file = put(
      'selects.yml',
      `version: 1
name: selects
subscription: 11111111-1111-1111-1111-111111111111
privateLinkScope: rg-monitor/ampls-hub
logAnalyticsWorkspaces: { logs: rg-monitor/law }
machines:
  - select: { tags: { monitoring: private }, locations: [northeurope] }
    logs: logs
dataCollectionEndpoints: { resourceGroup: rg-monitor }
`,
    )
    const { code, stdout } = tryOut(file)
    expect(code).toBe(0)
    expect(stdout).toContain('selected-1a')
    expect(stdout).toContain('dce-selects-northeurope')
  })

  test.each<[string, readonly string[], readonly string[]]>([
    ['no argument', [], ['Name a topology file.']],
    ['too many', ['a', 'b', 'c'], ['c is too much']],
    ['an option that there is not', ['--nope'], ['--nope']],
    ['a file that there is not', ['nope.yml'], ['There is no topology file nope.yml.']],
    ['a file with problems', ['bad.yml'], ['bad.yml:1:1', 'problem']],
    [
      'an estate that there is not',
      ['examples/article.yml', 'nope.json'],
      ['There is no estate nope.json.'],
    ],
    ['an estate that is no JSON', ['examples/article.yml', 'bad.json'], ['It is not JSON']],
    ['an estate that is {}', ['examples/article.yml', 'empty.json'], ['subscription:']],
    [
      'an estate with a key that there is not',
      ['examples/article.yml', 'key.json'],
      ['there is no key "machnes"'],
    ],
    [
      'an estate with a wrong value',
      ['examples/article.yml', 'value.json'],
      ['machines → rg/vm: a region'],
    ],
    ['a folder', ['docs'], ['docs could not be read']],
  ])('%s gets a sentence and no stack', (_, args, words) => {
    const own: Readonly<Record<string, string>> = {
      'bad.yml': 'version: 2\n',
      'bad.json': '{ "subscription": ',
      'empty.json': '{}',
      'key.json': '{ "subscription": "11111111-1111-1111-1111-111111111111", "machnes": {} }',
      'value.json':
        '{ "subscription": "11111111-1111-1111-1111-111111111111", "machines": { "rg/vm": { "loc": 1 } } }',
    }
    const given = args.map((arg) => (own[arg] === undefined ? arg : put(arg, own[arg])))
    const { code, stdout, stderr } = tryOut(...given)
    expect([code, stdout]).toEqual([1, ''])
    for (const word of words) expect(stderr).toContain(word)
    expect(stderr).toContain('--help')
    expect(stderr).not.toMatch(/\n\s+at |Error:/)
  })
})

describe('schema/estate.schema.json', () => {
  const accepts = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(
    JSON.parse(readFileSync(estateSchemaFile, 'utf8')) as object,
  )

  test('is the schema that npm run try checks with', () => {
    if (readFileSync(estateSchemaFile, 'utf8') === estateSchemaText()) return
    throw new Error('schema/estate.schema.json is out of date. Run: npm run schema')
  })

  test.each(samples)('accepts %s, and the reader does too', (file) => {
    const text = readFileSync(file, 'utf8')
    expect([accepts(JSON.parse(text)), accepts.errors]).toEqual([true, null])
    expect(readEstateFile(text)).toHaveProperty('estate')
  })

  test('accepts the estate of the demo', () => {
    expect(readEstateFile(JSON.stringify(demo))).toEqual({ estate: demo })
  })

  test('accepts the estate derived from a file', () => {
    const file = 'examples/everything.yml'
    const { topology } = parseTopology(readFileSync(file, 'utf8'), { file, today: '2026-01-01' })
    if (topology === undefined) throw new Error('examples/everything.yml has problems')
    expect(readEstateFile(JSON.stringify(estateOf(topology)))).toHaveProperty('estate')
  })
})
