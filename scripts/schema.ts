import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { estateSchema } from '../simulator/try/estateFile.ts'
import { topologySchema } from '../src/topology/schema.ts'

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
    title: 'Azure Monitor Private Link topology',
    ...schema,
  }
  return `${JSON.stringify(titled, null, 2)}\n`
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
