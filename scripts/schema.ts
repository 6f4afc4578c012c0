import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { estateSchema } from '../simulator/try/estateFile.ts'
import { topologySchema } from '../src/topology/schema.ts'

/** Where editors find the schema of this major version. */
export const schemaAddress =
  'https://raw.githubusercontent.com/octo-org/azure-monitor-private-link/v1/schema/topology.schema.json'

/** Where the JSON Schema of topology files lies. */
export const schemaFile = resolve(import.meta.dirname, '../schema/topology.schema.json')

/**
 * The JSON Schema of topology files, written from the schema that the parser checks with. Draft 7 is
 * what editors support best.
 */
export function schemaText(): string {
  const schema = z.toJSONSchema(topologySchema, {
    io: 'input',
    target: 'draft-7',
    reused: 'inline',
  })
  const titled = {
    $schema: schema.$schema,
    $id: schemaAddress,
    title: 'Azure Monitor Private Link topology',
    ...forEditors(schema),
    defaultSnippets: [firstLines],
  }
  return `${JSON.stringify(titled, null, 2)}\n`
}

/** What fills an empty file with all that is required. */
const firstLines = {
  label: 'topology',
  description: 'A topology file: what is required',
  body: {
    version: 1,
    name: '${1:production}',
    subscription: '${2:11111111-1111-1111-1111-111111111111}',
    privateLinkScope: '${3:rg-monitor/ampls-hub}',
  },
}

interface Json {
  readonly [key: string]: unknown
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The schema as editors show it best: every key has a title, a message instead of a pattern only where
 * there is one, and an entry with "resource" is not offered the keys of one with "select".
 */
function forEditors(schema: Json, key = ''): Json {
  const { oneOf, patternErrorMessage, properties, ...rest } = schema
  const told: Json = {
    ...(key === '' ? {} : { title: titleOf(key) }),
    ...rest,
    ...('pattern' in schema ? { patternErrorMessage } : {}),
    ...(isJson(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [
          name,
          isJson(child) ? forEditors(child, name) : child,
        ]),
      ),
    }),
    ...inner(rest),
  }
  return Array.isArray(oneOf) ? oneOrOther(told) : told
}

function inner({ items, anyOf, additionalProperties, propertyNames }: Json): Json {
  const each = (value: unknown) => (isJson(value) ? forEditors(value) : value)
  return {
    ...(items !== undefined && { items: each(items) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(each) }),
    ...(isJson(additionalProperties) && { additionalProperties: each(additionalProperties) }),
    ...(propertyNames !== undefined && { propertyNames: each(propertyNames) }),
  }
}

/** `dataCollectionEndpoints` as `Data collection endpoints`. */
function titleOf(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** An entry of targets as two: by "resource", or by "select". */
function oneOrOther(entry: Json): Json {
  const { title, description, markdownDescription, properties, ...rest } = entry
  const all = Object.entries(isJson(properties) ? properties : {})
  const without = (...names: readonly string[]) => ({
    ...rest,
    properties: Object.fromEntries(all.filter(([name]) => !names.includes(name))),
  })
  return {
    ...(title === undefined ? {} : { title }),
    ...{ description, markdownDescription },
    anyOf: [
      { ...without('select', 'exclude'), title: 'By resource', required: ['resource'] },
      { ...without('resource'), title: 'By select', required: ['select'] },
    ],
  }
}

/** Where the JSON Schema of the estates of `npm run try` lies. */
export const estateSchemaFile = resolve(import.meta.dirname, '../schema/estate.schema.json')

/** The JSON Schema of an estate in short, written from what `npm run try` checks with. */
export function estateSchemaText(): string {
  const schema = z.toJSONSchema(estateSchema, { io: 'input', target: 'draft-7', reused: 'inline' })
  const titled = { $schema: schema.$schema, title: 'An estate in short', ...schema }
  return `${JSON.stringify(titled, null, 2)}\n`
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(schemaFile, schemaText())
  writeFileSync(estateSchemaFile, estateSchemaText())
}
