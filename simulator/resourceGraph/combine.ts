import { child, elements, part, type Node } from './kusto.ts'
import { blank, groupKey, position, type Step, type Transform } from './tabular.ts'
import { NotSimulated } from './refusal.ts'
import type { Cells } from './scalar.ts'

/** The value of a named parameter of an operator (`kind=inner`), or the fallback. */
export function parameter(operator: Node, name: string, fallback: string): string {
  const parameters = child(operator, 'Parameters')?.children ?? []
  const found = parameters.find((each) => part(each, 'Name').text === name)
  return found === undefined ? fallback : part(found, 'Expression').text
}

/** `join`: the left columns, then the right ones, as Kusto names them. A null key matches nothing. */
export function compileJoin({ operator, input, output, nested }: Step): Transform {
  const right = nested(part(operator, 'Expression'))
  if (output.length !== input.length + right.columns.length)
    throw new NotSimulated(`the columns of "${operator.text}"`)
  const kind = parameter(operator, 'kind', 'innerunique')
  const pairs = elements(part(operator, 'ConditionClause'), 'Expressions').flatMap(keyNames)
  const leftKeys = pairs.map(([name]) => position(input, name))
  const rightKeys = pairs.map(([, name]) => position(right.columns, name))
  const noLeft = blank(input)
  const noRight = blank(right.columns)
  return (leftRows, tables) => {
    const rightRows = right.run(tables)
    const byKey = grouped(rightRows, rightKeys)
    const matched = new Set<string>()
    const rows: Cells[] = []
    for (const row of leftRows) {
      const key = keyOf(row, leftKeys)
      const found = key === undefined ? undefined : byKey.get(key)
      if (key === undefined || found === undefined) {
        if (kind === 'leftouter' || kind === 'fullouter') rows.push([...row, ...noRight])
        continue
      }
      if (kind === 'innerunique' && matched.has(key)) continue
      matched.add(key)
      for (const other of found) rows.push([...row, ...other])
    }
    if (kind === 'fullouter')
      for (const other of rightRows) {
        const key = keyOf(other, rightKeys)
        if (key === undefined || !matched.has(key)) rows.push([...noLeft, ...other])
      }
    return rows
  }
}

/** The columns that a join condition compares: `id`, `$left.a == $right.b`, or several joined by `and`. */
function keyNames(condition: Node): (readonly [string, string])[] {
  if (condition.kind === 'ParenthesizedExpression') return keyNames(part(condition, 'Expression'))
  if (condition.kind === 'NameReference') return [[condition.name, condition.name]]
  const [left, right] = [child(condition, 'Left'), child(condition, 'Right')]
  if (left === undefined || right === undefined)
    throw new NotSimulated(`the join condition "${condition.text}"`)
  if (condition.kind === 'AndExpression') return [...keyNames(left), ...keyNames(right)]
  const sides = new Map([left, right].map((side) => [sideOf(side), side]))
  const [leftSide, rightSide] = [sides.get('$left'), sides.get('$right')]
  if (condition.kind !== 'EqualExpression' || leftSide === undefined || rightSide === undefined)
    throw new NotSimulated(`the join condition "${condition.text}"`)
  return [[part(leftSide, 'Selector').name, part(rightSide, 'Selector').name]]
}

function sideOf(node: Node): string {
  return node.kind === 'PathExpression' ? part(node, 'Expression').text : node.text
}

function grouped(
  rows: readonly Cells[],
  keys: readonly number[],
): ReadonlyMap<string, readonly Cells[]> {
  const groups = new Map<string, Cells[]>()
  for (const row of rows) {
    const key = keyOf(row, keys)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

function keyOf(row: Cells, keys: readonly number[]): string | undefined {
  const values = keys.map((index) => row[index])
  return values.includes(null) ? undefined : groupKey(values)
}

/** `union`: matches columns by name; if their types differ, Kusto keeps both as `name_type`. */
export function compileUnion({ operator, input, output, nested }: Step): Transform {
  const named = (child(operator, 'Parameters')?.children ?? []).map(
    (each) => part(each, 'Name').text,
  )
  const unknown = named.find((name) => name !== 'kind' && name !== 'isfuzzy')
  if (unknown !== undefined) throw new NotSimulated(`union with ${unknown}`)
  const legs = elements(operator, 'Expressions').map(nested)
  const fit = (columns: Step['input']): ((row: Cells) => Cells) => {
    const empty = blank(output)
    const from = output.map(({ name }) =>
      columns.findIndex((each) => each.name === name || `${each.name}_${each.type}` === name),
    )
    return (row) => from.map((index, at) => (index === -1 ? empty[at] : row[index]))
  }
  const own = fit(input)
  const others = legs.map((leg) => fit(leg.columns))
  return (rows, tables) => [
    ...rows.map(own),
    ...legs.flatMap((leg, index) => leg.run(tables).map((row) => others[index]?.(row) ?? row)),
  ]
}
