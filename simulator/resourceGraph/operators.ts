import { compileJoin, compileUnion } from './combine.ts'
import { compileExpand, compileParse } from './expand.ts'
import { child, elements, part, type Node } from './kusto.ts'
import { NotSimulated } from './refusal.ts'
import { compileScalar } from './scalars.ts'
import type { Cells, Scalar, Scope } from './scalar.ts'
import { compileSummarize } from './summarize.ts'
import { commonColumns } from './tables.ts'
import { position, rename, type Row, type Step, type Tabular, type Transform } from './tabular.ts'
import { inOrder, toText, type Value } from './values.ts'

/** Compiles a tabular expression of the query, with everything nested in it, to closures. */
export function compileTabular(node: Node, now: () => number): Tabular {
  const nested = (each: Node): Tabular => compileTabular(each, now)
  if (node.kind === 'ParenthesizedExpression') return nested(part(node, 'Expression'))
  if (node.kind === 'NameReference') return table(node)
  if (node.kind === 'UnionOperator') return unionOf(node, nested, now)
  if (node.kind !== 'PipeExpression') throw new NotSimulated(`"${node.text}" as a table`)
  const source = nested(part(node, 'Expression'))
  const operator = part(node, 'Operator')
  const compile = operators[operator.kind]
  if (compile === undefined) throw new NotSimulated(`the operator "${operator.text}"`)
  const { columns } = source
  const scope: Scope = { columns, now }
  const transform = compile({ operator, input: columns, output: node.columns, scope, nested })
  return { columns: node.columns, run: (tables) => transform(source.run(tables), tables) }
}

const operators: Readonly<Record<string, (step: Step) => Transform>> = {
  FilterOperator: where,
  ProjectOperator: project,
  ProjectAwayOperator: ({ input, output }) => rename(input, output, new Map()),
  ProjectRenameOperator: projectRename,
  ExtendOperator: extend,
  SummarizeOperator: compileSummarize,
  DistinctOperator: distinct,
  SortOperator: sort,
  TopOperator: top,
  TakeOperator: ({ operator, scope }) => {
    const size = limit(operator, scope)
    return (rows) => rows.slice(0, size)
  },
  CountOperator: () => (rows) => [[rows.length]],
  JoinOperator: compileJoin,
  UnionOperator: compileUnion,
  MvExpandOperator: compileExpand,
  ParseOperator: compileParse,
}

/** A table: `type` is always in lower case, whatever the provider's case (quirk 6 of the recordings). */
function table(node: Node): Tabular {
  const key = node.name.toLowerCase()
  const columns = node.columns.length > 0 ? node.columns : commonColumns
  const cells = (row: Row): Cells =>
    columns.map(({ name, type }) => {
      const value = row[name]
      if (type !== 'string') return value ?? null
      const text = toText(value, 'dynamic')
      return name === 'type' ? text.toLowerCase() : text
    })
  return { columns, run: (tables) => (tables[key] ?? []).map(cells) }
}

/** A `union` at the start of a query: only of its own operands. */
function unionOf(node: Node, nested: (node: Node) => Tabular, now: () => number): Tabular {
  const scope: Scope = { columns: [], now }
  const step = { operator: node, input: [], output: node.columns, scope, nested }
  const transform = compileUnion(step)
  return { columns: node.columns, run: (tables) => transform([], tables) }
}

function where({ operator, scope }: Step): Transform {
  const condition = compileScalar(part(operator, 'Condition'), scope)
  return (rows) => rows.filter((row) => condition.at(row) === true)
}

function project({ operator, scope }: Step): Transform {
  const values = elements(operator, 'Expressions').map((each) => compileScalar(each, scope))
  return (rows) => rows.map((row) => values.map((value) => value.at(row)))
}

function projectRename({ operator, input, output }: Step): Transform {
  const old = elements(operator, 'Expressions').map((each): [string, string] => [
    part(each, 'Name').name,
    part(each, 'Expression').name,
  ])
  return rename(input, output, new Map(old))
}

/** `extend`: an expression replaces the column of its name, or adds one. */
function extend({ operator, input, output, scope }: Step): Transform {
  const expressions = elements(operator, 'Expressions')
  const known = new Set([
    ...input.map(({ name }) => name),
    ...expressions.map(({ label }) => label),
  ])
  const unnamed = output.filter(({ name }) => !known.has(name))
  const computed = new Map<string, Scalar>()
  for (const each of expressions) {
    const name = output.some((column) => column.name === each.label)
      ? each.label
      : unnamed.shift()?.name
    if (name !== undefined) computed.set(name, compileScalar(each, scope))
  }
  const values = output.map(({ name }): ((row: Cells) => Value) => {
    const value = computed.get(name)
    if (value !== undefined) return (row) => value.at(row)
    const index = position(input, name)
    return (row) => row[index]
  })
  return (rows) => rows.map((row) => values.map((value) => value(row)))
}

function distinct({ operator, input, scope }: Step): Transform {
  const columns = elements(operator, 'Expressions').flatMap((each): readonly Scalar[] =>
    each.kind === 'StarExpression'
      ? input.map(({ type }, index) => ({ type, constant: false, at: (row) => row[index] }))
      : [compileScalar(each, scope)],
  )
  return (rows) => {
    const found = new Map<string, Cells>()
    for (const row of rows) {
      const values = columns.map((column) => column.at(row))
      const key = JSON.stringify(values)
      if (!found.has(key)) found.set(key, values)
    }
    return [...found.values()]
  }
}

function sort({ operator, scope }: Step): Transform {
  const compare = ordering(elements(operator, 'Expressions'), scope)
  return (rows) => [...rows].sort(compare)
}

function top({ operator, scope }: Step): Transform {
  const size = limit(operator, scope)
  const compare = ordering([part(operator, 'ByExpression')], scope)
  return (rows) => [...rows].sort(compare).slice(0, size)
}

function limit(operator: Node, scope: Scope): number {
  return Number(compileScalar(part(operator, 'Expression'), scope).at([]))
}

/** Kusto's order: descending unless `asc`, nulls first when ascending and last when descending unless said otherwise. */
function ordering(keys: readonly Node[], scope: Scope): (left: Cells, right: Cells) => number {
  const compares = keys.map((key) => {
    const ordered = key.kind === 'OrderedExpression'
    const value = compileScalar(ordered ? part(key, 'Expression') : key, scope)
    const words = (ordered ? (child(key, 'Ordering')?.text ?? '') : '').split(/\s+/)
    const ascending = words.includes('asc')
    const nullsFirst = words.includes('first') || (ascending && !words.includes('last'))
    return (left: Cells, right: Cells): number => {
      const [a, b] = [value.at(left), value.at(right)]
      if (a === b) return 0
      if (a === null || b === null) return (a === null) === nullsFirst ? -1 : 1
      return ascending ? inOrder(a, b) : inOrder(b, a)
    }
  })
  return (left, right) => {
    for (const compare of compares) {
      const result = compare(left, right)
      if (result !== 0) return result
    }
    return 0
  }
}
