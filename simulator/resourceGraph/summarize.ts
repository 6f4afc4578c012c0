import { aggregates, type Aggregate } from './aggregates.ts'
import { child, elements, part, type Node } from './kusto.ts'
import { type Column } from './tables.ts'
import { groupKey, type Step, type Transform } from './tabular.ts'
import { NotSimulated } from './refusal.ts'
import type { Cells, Scalar, Scope } from './scalar.ts'
import { compileScalar } from './scalars.ts'
import type { Value } from './values.ts'

/** The result of one output expression of `summarize` for a group: one value, or several (`arg_max`, `take_any(*)`). */
interface Output {
  readonly width: number
  values(results: readonly Value[]): readonly Value[]
}

/** `summarize`: groups in order of occurrence, by-columns first, then the aggregates; `*` is all columns that are not keys. */
export function compileSummarize({ operator, input, output, scope }: Step): Transform {
  const clause = child(operator, 'ByClause')
  const byNodes = clause === undefined ? [] : elements(clause, 'Expressions')
  const keys = byNodes.map((each) => compileScalar(each, scope))
  const calls: Aggregate[] = []
  const keyNames = new Set([
    ...output.slice(0, keys.length).map(({ name }) => name),
    ...byNodes.map((each) => bare(each).name),
  ])
  const outputs = elements(operator, 'Aggregates').map((node) =>
    compileOutput(node, { scope, calls, others: input.filter(({ name }) => !keyNames.has(name)) }),
  )
  const width = outputs.reduce((total, each) => total + each.width, keys.length)
  if (width !== output.length) throw new NotSimulated(`the columns of "${operator.text}"`)
  return (rows) => {
    const groups = new Map<string, Group>()
    const open = (key: Cells): Group => {
      const group = { key, states: calls.map((start) => start()) }
      groups.set(groupKey(key), group)
      return group
    }
    if (keys.length === 0) open([])
    for (const row of rows) {
      const key = keys.map((each) => each.at(row))
      const group = groups.get(groupKey(key)) ?? open(key)
      for (const state of group.states) state.add(row)
    }
    return [...groups.values()].map(({ key, states }) => {
      const results = states.map((state) => state.result())
      return [...key, ...outputs.flatMap((each) => each.values(results))]
    })
  }
}

interface Group {
  readonly key: Cells
  readonly states: readonly ReturnType<Aggregate>[]
}

interface Context {
  readonly scope: Scope
  readonly calls: Aggregate[]
  readonly others: readonly Column[]
}

function compileOutput(node: Node, context: Context): Output {
  const call = bare(node)
  const several = severalValued(call, context)
  if (several !== undefined) {
    const slot = context.calls.push(several.aggregate) - 1
    return { width: several.width, values: (results) => results[slot] as readonly Value[] }
  }
  const value = compileScalar(call, {
    ...context.scope,
    aggregate: (each) => slotOf(each, context),
  })
  return { width: 1, values: (results) => [value.at(results)] }
}

/** An expression without its name. */
function bare(node: Node): Node {
  const named = node.kind === 'SimpleNamedExpression' || node.kind === 'CompoundNamedExpression'
  return named || node.kind === 'ParenthesizedExpression' ? bare(part(node, 'Expression')) : node
}

/** The aggregate of a call, as a value of the row of results; undefined for any other expression. */
function slotOf(node: Node, { scope, calls }: Context): Scalar | undefined {
  if (node.kind !== 'FunctionCallExpression') return undefined
  const name = part(node, 'Name').name
  const make = Object.hasOwn(aggregates, name) ? aggregates[name] : undefined
  if (make === undefined) return undefined
  const args = argumentsOf(node).map((each) => compileScalar(each, scope))
  const slot = calls.push(make(args, node.type)) - 1
  return { type: node.type, constant: false, at: (results) => results[slot] }
}

/** `arg_max(x, a, *)`, `arg_min(…)`, `take_any(*)` and `take_any(a, b)`: the values of one row of the group. */
function severalValued(
  node: Node,
  { scope, others }: Context,
): { readonly width: number; readonly aggregate: Aggregate } | undefined {
  if (node.kind !== 'FunctionCallExpression') return undefined
  const name = part(node, 'Name').name
  const nodes = argumentsOf(node)
  const any = name === 'any' || name === 'take_any'
  if (any && nodes.length === 1 && nodes[0]?.kind !== 'StarExpression') return undefined
  if (!any && name !== 'arg_max' && name !== 'arg_min') return undefined
  const named = new Set(nodes.map(({ label }) => label))
  const values = nodes.flatMap((each) =>
    each.kind === 'StarExpression'
      ? others.filter((column) => !named.has(column.name)).map((column) => columnOf(column, scope))
      : [compileScalar(each, scope)],
  )
  return { width: values.length, aggregate: bestRow(values, any ? 'first' : name) }
}

function bestRow(values: readonly Scalar[], which: 'first' | 'arg_max' | 'arg_min'): Aggregate {
  const [measure] = values
  return () => {
    let best: Cells | undefined
    let highest: Value = null
    return {
      add(row) {
        if (which === 'first') {
          best ??= row
          return
        }
        const value = measure?.at(row) ?? null
        if (value === null) return
        if (
          best === undefined ||
          (which === 'arg_max' ? exceeds(value, highest) : exceeds(highest, value))
        ) {
          best = row
          highest = value
        }
      },
      result: () =>
        values.map((value) => {
          if (best !== undefined) return value.at(best)
          return value.type === 'string' ? '' : null
        }),
    }
  }
}

function exceeds(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left > right
  return Number(left) > Number(right)
}

function columnOf(column: Column, scope: Scope): Scalar {
  const index = scope.columns.indexOf(column)
  return { type: column.type, constant: false, at: (row) => row[index] }
}

function argumentsOf(node: Node): Node[] {
  return elements(part(node, 'ArgumentList'), 'Expressions')
}
