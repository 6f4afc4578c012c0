import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { estateSchema } from '../simulator/try/estateFile.ts'
import { topologySchema } from '../src/topology/schema.ts'

/** The URL of the schema of this major version, for editors. */
export const schemaAddress =
  'https://raw.githubusercontent.com/octo-org/azure-monitor-private-link/v1/schema/topology.schema.json'

/** The path of the JSON Schema of topology files. */
export const schemaFile = resolve(import.meta.dirname, '../schema/topology.schema.json')

/**
 * The JSON Schema of topology files, generated from the parser's own schema. Draft 7 has the best support in
 * editors.
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

/** A snippet that fills an empty file with everything required. */
const firstLines = {
  label: 'topology',
  description: 'A topology file with the required keys',
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
 * Adapts the schema for editors: every key has a title, a custom message is only given for a pattern, and an entry
 * with "resource" does not offer the keys of one with "select".
 */
function forEditors(schema: Json, key = ''): Json {
  const { oneOf, patternErrorMessage, properties, ...rest } = schema
  const adapted: Json = {
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
  return Array.isArray(oneOf) ? oneOrOther(adapted) : adapted
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

/** Splits an entry of targets into two alternatives: by "resource" or by "select". */
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

/** The path of the JSON Schema of the estates of `npm run try`. */
export const estateSchemaFile = resolve(import.meta.dirname, '../schema/estate.schema.json')

/** The JSON Schema of an estate in short form, generated from the schema that `npm run try` validates with. */
export function estateSchemaText(): string {
  const schema = z.toJSONSchema(estateSchema, { io: 'input', target: 'draft-7', reused: 'inline' })
  const titled = { $schema: schema.$schema, title: 'An estate in short', ...schema }
  return `${JSON.stringify(titled, null, 2)}\n`
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(schemaFile, schemaText())
  writeFileSync(estateSchemaFile, estateSchemaText())
}
