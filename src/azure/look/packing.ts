import { asObject, field, type Json } from '../azureJson.ts'

/**
 * How rows are grouped within a subscription: by resource group, or by the last letter of its name.
 */
export type PackedBy = 'resourceGroup' | 'lastLetter'

/** The packed form of a query: one row per group, with a list of the rows in it. */
export interface Packing {
  /** The packed query, or a part of it with a condition. */
  readonly rows: (by: PackedBy, condition?: string) => string
  /** Counts rows and resource groups per subscription. */
  readonly count: () => string
  /** Counts rows per resource group of a subscription. */
  readonly countGroups: (condition: string) => string
  /** A row as in the plain query. If it can't be restored, only the id. */
  readonly unpack: (entry: unknown) => Json
}

/** Column names of packed rows and of the counting queries. */
export const packedColumns = {
  count: 'n',
  entries: 'entries',
  groups: 'groups',
  letters: 'letters',
} as const

/**
 * Grouping by resource group keeps lists short; if there are very many groups, group by their last
 * letter.
 */
const lastLetter = 'substring(resourceGroup, strlen(resourceGroup) - 1)'
const keys: Readonly<Record<PackedBy, string>> = {
  resourceGroup: 'resourceGroup',
  lastLetter: `letter = ${lastLetter}`,
}

interface Column {
  readonly name: string
  /** The packed expression. */
  readonly packed: string
  /** Restores the plain value; `undefined` if that is not possible. */
  readonly unpack?: (value: unknown) => { readonly value: unknown } | undefined
}

/**
 * Builds the packed form of a query with the shape of all our queries: conditions, columns, order
 * by id. Groups by subscription and resource group, as Microsoft's samples do; packs only used
 * columns. `undefined` for a query with another shape.
 */
export function packingOf(kql: string): Packing | undefined {
  const parts = splitQuery(kql)
  if (parts === undefined) return undefined
  const { conditions } = parts
  const columns = parts.columns.map(columnOf)
  const where = (condition: string | undefined) =>
    condition === undefined ? [] : [`| where ${condition}`]
  return {
    rows: (by, condition) =>
      [
        conditions,
        ...where(condition),
        `| project subscriptionId, ${keys[by]},`,
        `  entry = pack_array(${columns.map(({ packed }) => packed).join(',\n  ')})`,
        `| summarize n = count(), entries = make_list(entry) by subscriptionId, ${by === 'lastLetter' ? 'letter' : by}`,
      ].join('\n'),
    count: () =>
      [
        conditions,
        `| summarize n = count(), groups = dcount(resourceGroup), letters = dcount(${lastLetter}) by subscriptionId`,
      ].join('\n'),
    countGroups: (condition) =>
      [
        conditions,
        ...where(condition),
        '| summarize n = count() by subscriptionId, resourceGroup',
      ].join('\n'),
    unpack: (entry) => unpack(columns, entry),
  }
}

/** The same rows in the same order with only their ids, for a row that is too large. */
export function idsOnly(kql: string): string | undefined {
  const parts = splitQuery(kql)
  return parts && [parts.conditions, '| project id', '| order by id asc'].join('\n')
}

/** Literals contain no line break, so no name or tag can match this pattern. */
function splitQuery(
  kql: string,
): { readonly conditions: string; readonly columns: readonly string[] } | undefined {
  const match = /^([^]+)\n\| project ([^|]+)\n\| order by id asc$/.exec(kql)
  const [, conditions, columns] = match ?? []
  if (conditions === undefined || columns === undefined) return undefined
  return { conditions, columns: columns.split(/,\s*/) }
}

function columnOf(text: string): Column {
  const [name = '', expression = name] = text.split(/\s*=\s*/)
  return special[expression] ?? { name, packed: expression }
}

/** A rule has at most ten data flows; no associated rule has more. */
const maxFlows = 10

/** Columns that are only partly used. */
const special: Readonly<Record<string, Column>> = {
  // The streams of each flow and the number of flows, without the transformations, which are most
  // of a rule's size.
  'properties.dataFlows': {
    name: 'dataFlows',
    packed: `pack_array(array_length(properties.dataFlows), ${Array.from(
      { length: maxFlows },
      (_, index) => `properties.dataFlows[${index}].streams`,
    ).join(', ')})`,
    unpack: (value) => {
      if (!Array.isArray(value)) return undefined
      const [count, ...streams] = value as readonly unknown[]
      if (typeof count !== 'number') return { value: null }
      if (count > maxFlows) return undefined
      return { value: streams.slice(0, count).map((each) => ({ streams: each })) }
    },
  },
  // For the usual interface, with one address and a machine: only its subnet.
  'properties.ipConfigurations': {
    name: 'ipConfigurations',
    packed:
      'iff(array_length(properties.ipConfigurations) == 1 and isnotempty(tostring(properties.virtualMachine.id)), pack_array(tostring(properties.ipConfigurations[0].properties.subnet.id)), properties.ipConfigurations)',
    unpack: (value) => {
      if (!Array.isArray(value)) return { value }
      const [only] = value as readonly unknown[]
      if (typeof only !== 'string') return { value }
      return { value: [{ properties: { subnet: { id: only } } }] }
    },
  },
}

function unpack(columns: readonly Column[], entry: unknown): Json {
  const values: readonly unknown[] = Array.isArray(entry) ? entry : []
  const row: Record<string, unknown> = {}
  for (const [index, { name, unpack: turn }] of columns.entries()) {
    const value = turn === undefined ? { value: values[index] } : turn(values[index])
    if (value === undefined) return { id: row['id'] }
    row[name] = value.value
  }
  return row
}

/** The number in a row's column. */
export function numberIn(row: unknown, column: string): number | undefined {
  const value = field(asObject(row), column)
  return typeof value === 'number' ? value : undefined
}
