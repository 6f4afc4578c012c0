import type { Node } from './kusto.ts'
import type { Column } from './tables.ts'
import { NotSimulated } from './refusal.ts'
import type { Cells, Scope } from './scalar.ts'
import { nothing, sameness } from './values.ts'

/** Rows of a table as the outside gives them: columns by name. */
export type Row = Record<string, unknown>

/** Tables by their lower-case names. */
export type Tables = Record<string, readonly Row[]>

/** A compiled tabular expression. */
export interface Tabular {
  readonly columns: readonly Column[]
  run(tables: Tables): readonly Cells[]
}

/** What an operator is compiled from: its syntax, its input, the columns that it hands on, and how to compile what is nested in it. */
export interface Step {
  readonly operator: Node
  readonly input: readonly Column[]
  readonly output: readonly Column[]
  readonly scope: Scope
  readonly nested: (node: Node) => Tabular
}

/** A compiled operator. */
export type Transform = (rows: readonly Cells[], tables: Tables) => readonly Cells[]

/** Every output column is an input column, under its old name if it has one. */
export function rename(
  input: readonly Column[],
  output: readonly Column[],
  oldNames: ReadonlyMap<string, string>,
): Transform {
  const from = output.map(({ name }) => position(input, oldNames.get(name) ?? name))
  return (rows) => rows.map((row) => from.map((index) => row[index]))
}

/** Where a column stands. */
export function position(columns: readonly Column[], sought: string): number {
  const index = columns.findIndex(({ name }) => name === sought)
  if (index === -1) throw new NotSimulated(`the column "${sought}" in this place`)
  return index
}

/** A row of nothing, for the side of an outer join that found no match. */
export function blank(columns: readonly Column[]): Cells {
  return columns.map(({ type }) => nothing(type))
}

/** A text that rows of one group have in common. */
export function groupKey(values: Cells): string {
  return values.map(sameness).join('\u0000')
}
