import type { Node } from './kusto.ts'
import type { Column } from './tables.ts'
import { NotSimulated } from './refusal.ts'
import type { Cells, Scope } from './scalar.ts'
import { nothing, sameness } from './values.ts'

/** Input rows of a table: columns by name. */
export type Row = Record<string, unknown>

/** Tables by their lower-case names. */
export type Tables = Record<string, readonly Row[]>

/** A compiled tabular expression. */
export interface Tabular {
  readonly columns: readonly Column[]
  run(tables: Tables): readonly Cells[]
}

/** The input for compiling an operator: its syntax, its source, its output columns, and a compiler for nested expressions. */
export interface Step {
  readonly operator: Node
  readonly input: readonly Column[]
  readonly output: readonly Column[]
  readonly scope: Scope
  readonly nested: (node: Node) => Tabular
}

/** A compiled operator. */
export type Transform = (rows: readonly Cells[], tables: Tables) => readonly Cells[]

/** Every output column is an input column, possibly renamed. */
export function rename(
  input: readonly Column[],
  output: readonly Column[],
  oldNames: ReadonlyMap<string, string>,
): Transform {
  const from = output.map(({ name }) => position(input, oldNames.get(name) ?? name))
  return (rows) => rows.map((row) => from.map((index) => row[index]))
}

/** The position of a column. */
export function position(columns: readonly Column[], sought: string): number {
  const index = columns.findIndex(({ name }) => name === sought)
  if (index === -1) throw new NotSimulated(`the column "${sought}" in this place`)
  return index
}

/** An empty row, for the side of an outer join without a match. */
export function blank(columns: readonly Column[]): Cells {
  return columns.map(({ type }) => nothing(type))
}

/** The group key of a row as text. */
export function groupKey(values: Cells): string {
  return values.map(sameness).join('\u0000')
}
