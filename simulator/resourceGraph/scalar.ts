import type { Node } from './kusto.ts'
import type { Column } from './tables.ts'
import { convert, type Value } from './values.ts'

/** A row inside the engine: the values of the columns in scope, by position. */
export type Cells = readonly Value[]

/** A compiled expression: its Kusto type and its value for a row. */
export interface Scalar {
  readonly type: string
  readonly constant: boolean
  at(row: Cells): Value
}

/** The names that an expression can refer to: the columns of its input, the clock, and in `summarize` the aggregates. */
export interface Scope {
  readonly columns: readonly Column[]
  readonly now: () => number
  readonly aggregate?: (call: Node) => Scalar | undefined
}

/** The same expression with its value converted to another type. */
export function converted(scalar: Scalar, type: string): Scalar {
  if (scalar.type === type) return scalar
  const { type: from, constant } = scalar
  return { type, constant, at: (row) => convert(scalar.at(row), from, type) }
}

/** A literal. */
export function constantly(value: Value, type: string): Scalar {
  return { type, constant: true, at: () => value }
}
