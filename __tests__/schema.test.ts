import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { load } from 'js-yaml'
import { schemaFile, schemaText } from '../scripts/schema.ts'
import { fileOf, head, lines, problemsOf } from './topology/problems.ts'

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly title?: string
  readonly markdownDescription?: string
  readonly pattern?: string
  readonly patternErrorMessage?: string
  readonly required?: readonly string[]
  readonly defaultSnippets?: readonly { readonly body: Readonly<Record<string, unknown>> }[]
}

const written = readFileSync(schemaFile, 'utf8')
const schema = JSON.parse(written) as Schema
const accepts = new Ajv({ strict: true, strictTypes: false, strictRequired: false })
  // Extensions to the standard that editors support (yaml-language-server, VS Code).
  .addVocabulary(['markdownDescription', 'patternErrorMessage', 'defaultSnippets'])
  .compile(schema)

describe('schema/topology.schema.json', () => {
  it('is up to date with the schema that the parser uses', () => {
    if (written === schemaText()) return
    throw new Error('schema/topology.schema.json is out of date. Run: npm run schema')
  })

  it('describes every key, and allows no other', () => {
    const undescribed: string[] = []
    const walk = (at: Schema, path: string): void => {
      if (at.properties && at.additionalProperties !== false) undescribed.push(`${path} is open`)
      for (const [key, child] of Object.entries(at.properties ?? {})) {
        if (!child.description) undescribed.push(`${path}/${key}`)
        walk(child, `${path}/${key}`)
      }
      for (const inner of at.anyOf ?? []) walk(inner, path)
      if (at.items) walk(at.items, `${path}[]`)
      if (typeof at.additionalProperties === 'object') walk(at.additionalProperties, `${path}/*`)
    }
    walk(schema, '')
    expect(undescribed).toEqual([])
  })

  it('has everything an editor shows: titles, hovers that render, messages instead of patterns', () => {
    const bare: string[] = []
    const walk = (at: Schema, path: string): void => {
      for (const [key, child] of Object.entries(at.properties ?? {})) {
        if (!child.title || !child.markdownDescription?.includes('```yaml')) {
          if (child.anyOf === undefined) bare.push(`${path}/${key}`)
        }
        walk(child, `${path}/${key}`)
      }
      if (at.pattern !== undefined && !at.patternErrorMessage?.startsWith('This must be ')) {
        bare.push(`${path}: ${at.pattern}`)
      }
      for (const inner of at.anyOf ?? []) walk(inner, path)
      if (at.items) walk(at.items, `${path}[]`)
      if (typeof at.additionalProperties === 'object') walk(at.additionalProperties, `${path}/*`)
    }
    walk(schema, '')
    expect(bare).toEqual([])
  })

  it('fills an empty file with the required keys', () => {
    const snippet = schema.defaultSnippets?.[0]?.body ?? {}
    expect(Object.keys(snippet)).toEqual(schema.required)
    const filled = JSON.parse(
      JSON.stringify(snippet).replace(/\$\{\d:([^}]*)\}/g, (_, text: string) => text),
    ) as unknown
    accepts(filled)
    expect(accepts.errors ?? []).toEqual([])
  })

  it('offers "select" only with the keys that are allowed beside it', () => {
    const entries = (schema.properties?.['machines']?.items?.anyOf ?? []).flatMap(
      (one) => one.anyOf ?? [],
    )
    expect(entries.map((one) => Object.keys(one.properties ?? {}))).toEqual([
      ['resource', 'metrics', 'logs'],
      ['select', 'exclude', 'metrics', 'logs'],
    ])
  })

  const examples = new URL('../examples/', import.meta.url)
  test.each(readdirSync(examples).filter((file) => file.endsWith('.yml')))('accepts %s', (file) => {
    accepts(load(readFileSync(new URL(file, examples), 'utf8')))
    expect(accepts.errors ?? []).toEqual([])
  })
})

const endpoints = 'dataCollectionEndpoints:'

/** Errors that are visible at a single place in the file, without the rest of it and without Azure. */
const bad: readonly { readonly name: string; readonly text?: string; readonly file?: string }[] = [
  { name: 'keys that are missing', file: '{}\n' },
  { name: 'an unknown key', text: 'machine: []\n' },
  { name: 'an unknown key in an entry', text: 'machines: [{ resource: rg/vm, log: a }]\n' },
  { name: 'a later version', file: head.replace('version: 1', 'version: 2') },
  { name: 'a name with capitals', file: head.replace('production', 'Production') },
  { name: 'a subscription by name', file: head.replace(/subscription: .*/, 'subscription: prod') },
  { name: 'a reference without resource group', text: 'machines: [vm]\n' },
  { name: 'a reference with a query', text: 'machines: ["rg/vm?x"]\n' },
  { name: 'an invalid mode', text: 'accessModes: { query: open }\n' },
  { name: 'an alias with a space', text: 'logAnalyticsWorkspaces: { a b: rg/law }\n' },
  { name: 'a number as alias', text: 'machines: [{ resource: rg/vm, logs: 5 }]\n' },
  {
    name: 'resource and select',
    text: 'machines: [{ resource: a/b, select: { locations: [weu] } }]\n',
  },
  { name: 'neither resource nor select', text: 'machines: [{ logs: [] }]\n' },
  { name: 'exclude with resource', text: 'machines: [{ resource: a/b, exclude: [a/c] }]\n' },
  { name: 'an empty select', text: 'machines: [{ select: {} }]\n' },
  { name: 'a select of empty lists', text: 'machines: [{ select: { locations: [] } }]\n' },
  {
    name: 'a type of another section',
    text: 'machines: [{ select: { types: [Microsoft.Kubernetes/connectedClusters] } }]\n',
  },
  {
    name: 'a placeholder of another template',
    text: lines(endpoints, '  regionalName: a-{machine}'),
  },
  { name: 'a brace that is left open', text: lines(endpoints, '  machineName: a-{machine') },
  { name: 'an invalid machineIngestion', text: lines(endpoints, '  machineIngestion: all') },
  { name: 'a number as tag', text: lines(endpoints, '  tags: { a: 1 }') },
  { name: 'a resource group with a type', text: lines(endpoints, '  resourceGroup: rg/vm') },
  {
    name: 'a waiver for a blackout',
    text: 'waivers: [{ code: blackout, reason: a, expires: 2027-01-01 }]\n',
  },
  { name: 'a waiver without expiry', text: 'waivers: [{ code: endpoint-in-use, reason: a }]\n' },
  {
    name: 'a waiver without reason',
    text: "waivers: [{ code: endpoint-in-use, reason: '', expires: 2027-01-01 }]\n",
  },
]

describe('Schema and parser both reject', () => {
  it.each(bad)('$name', (situation) => {
    const text = fileOf({ ...situation, problems: [] })
    expect(problemsOf(text)).not.toEqual([])
    expect(accepts(load(text))).toBe(false)
  })
})
