import { asObject, field, type Json } from '../azureJson.ts'

/** By what rows are put together within a subscription: their resource group, or the last letter of its name. */
export type PackedBy = 'resourceGroup' | 'lastLetter'

/** A query in another form, which gives many rows in one: a row for each resource group, with a list of what is in it. */
export interface Packing {
  /** The query itself; with a condition only a part of it. */
  readonly rows: (by: PackedBy, condition?: string) => string
  /** How many rows and resource groups there are in each subscription. */
  readonly count: () => string
  /** How many rows there are in each resource group of a subscription. */
  readonly countGroups: (condition: string) => string
  /** A row as the plain query gives it; what can't be told is left out, all but the id. */
  readonly unpack: (entry: unknown) => Json
}

/** Names of the columns that a packed row and a row of `countGroups` have. */
export const packedColumns = {
  count: 'n',
  entries: 'entries',
  groups: 'groups',
  letters: 'letters',
} as const

/** Lists stay short in resource groups; where those are very many, what ends alike goes together. */
const lastLetter = 'substring(resourceGroup, strlen(resourceGroup) - 1)'
const keys: Readonly<Record<PackedBy, string>> = {
  resourceGroup: 'resourceGroup',
  lastLetter: `letter = ${lastLetter}`,
}

interface Column {
  readonly name: string
  /** What is packed. */
  readonly packed: string
  /** The packed value as the plain column has it; `undefined` when it can't be told. */
  readonly unpack?: (value: unknown) => { readonly value: unknown } | undefined
}

/**
 * The packed form of a query that is written as all of ours are: conditions, columns, order by id. Grouped by
 * subscription and resource group, as Microsoft's own samples group; only columns that are used are packed.
 * `undefined` for a query of another shape.
 */
export function packingOf(kql: string): Packing | undefined {
  const parts = takeApart(kql)
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

/** The same rows in the same order with nothing but their ids, for one that is too large as a whole. */
export function idsOnly(kql: string): string | undefined {
  const parts = takeApart(kql)
  return parts && [parts.conditions, '| project id', '| order by id asc'].join('\n')
}

/** No literal holds a line break, so no name or tag can look like the line that is looked for here. */
function takeApart(
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

/** A rule has ten data flows at most; what has more is no rule that anything is associated with. */
const mostFlows = 10

/** Columns of which only a part is used. */
const special: Readonly<Record<string, Column>> = {
  // Without their transformations, which make most of a rule: the streams of each flow, and how many there are.
  'properties.dataFlows': {
    name: 'dataFlows',
    packed: `pack_array(array_length(properties.dataFlows), ${Array.from(
      { length: mostFlows },
      (_, index) => `properties.dataFlows[${index}].streams`,
    ).join(', ')})`,
    unpack: (value) => {
      if (!Array.isArray(value)) return undefined
      const [count, ...streams] = value as readonly unknown[]
      if (typeof count !== 'number') return { value: null }
      if (count > mostFlows) return undefined
      return { value: streams.slice(0, count).map((each) => ({ streams: each })) }
    },
  },
  // Of the usual interface, one address of a machine: its subnet alone.
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

/** The number in a column of a row. */
export function numberIn(row: unknown, column: string): number | undefined {
  const value = field(asObject(row), column)
  return typeof value === 'number' ? value : undefined
}
