import { parameter } from './combine.ts'
import { typeNamed } from './functions.ts'
import { child, elements, part, type Node } from './kusto.ts'
import { position, type Step, type Transform } from './tabular.ts'
import { NotSimulated } from './refusal.ts'
import type { Cells, Scalar } from './scalar.ts'
import { compileScalar } from './scalars.ts'
import { convert, isBag, nothing, type Value } from './values.ts'

/** The default and maximum number of rows that one row expands to (Learn, query language: "RowLimit max of 400. The default is 128"). */
const rowLimit = { standard: 128, highest: 400 }

/**
 * `mv-expand`: a null stays as one row of null, an empty array or bag yields no row, several columns expand side by side.
 * `to typeof(…)` casts and does not parse: an element of another type becomes null.
 */
export function compileExpand({ operator, input, output, scope }: Step): Transform {
  const asPairs =
    parameter(operator, 'kind', parameter(operator, 'bagexpansion', 'bag')) === 'array'
  const indexName = parameter(operator, 'with_itemindex', '')
  const clause = child(operator, 'RowLimitClause')
  const asked = clause && Number(compileScalar(part(clause, 'RowLimit'), scope).at([]))
  const most = Math.min(asked ?? rowLimit.standard, rowLimit.highest)
  const expanded = elements(operator, 'Expressions').map((each) => {
    const expression = part(each, 'Expression')
    const type = child(each, 'ToTypeOf')
    return {
      at: position(output, columnName(each, expression)),
      value: compileScalar(expression, scope),
      type: type === undefined ? 'dynamic' : typeNamed(part(type, 'TypeOf')),
    }
  })
  const kept = output.map(({ name }) => input.findIndex((column) => column.name === name))
  const indexAt = indexName === '' ? -1 : position(output, indexName)
  return (rows) =>
    rows.flatMap((row) => {
      const lists = expanded.map(({ value }) => itemsOf(value, row, asPairs))
      const count = Math.min(most, Math.max(...lists.map((list) => list.length)))
      return Array.from({ length: count }, (_, index): Cells => {
        const cells = kept.map((from) => (from === -1 ? null : row[from]))
        expanded.forEach(({ at, type }, which) => {
          cells[at] = cast(lists[which]?.[index] ?? null, type)
        })
        if (indexAt !== -1) cells[indexAt] = index
        return cells
      })
    })
}

function columnName(each: Node, expression: Node): string {
  return expression.kind === 'SimpleNamedExpression'
    ? part(expression, 'Name').name
    : each.label || expression.name || expression.text.replaceAll('.', '_')
}

function itemsOf(value: Scalar, row: Cells, asPairs: boolean): readonly Value[] {
  const whole = value.at(row)
  if (Array.isArray(whole)) return whole as Value[]
  if (!isBag(whole)) return [whole]
  const pairs = Object.entries(whole)
  return asPairs ? pairs : pairs.map(([key, each]) => ({ [key]: each }))
}

function cast(value: Value, type: string): Value {
  if (type === 'dynamic') return value
  const fits =
    type === 'string' || typeof value !== 'string' || type === 'datetime' || type === 'guid'
  return fits && value !== null ? convert(value, 'dynamic', type) : nothing(type)
}

/** `parse expression with * 'text' column:type …`: the simple kind; all columns are empty when the text does not match. */
export function compileParse({ operator, input, output, scope }: Step): Transform {
  if (parameter(operator, 'kind', 'simple') !== 'simple') throw new NotSimulated('parse kind=…')
  const source = compileScalar(part(operator, 'Expression'), scope)
  const patterns = part(operator, 'Patterns').children
  const captured = patterns.flatMap((pattern) => {
    const name =
      pattern.kind === 'NameAndTypeDeclaration' ? part(pattern, 'Name').name : pattern.name
    return isColumn(pattern) ? [position(output, name)] : []
  })
  const form = new RegExp(
    `^${patterns.map((each, index) => piece(each, index + 1 === patterns.length)).join('')}`,
  )
  const kept = output.map(({ name }) => input.findIndex((column) => column.name === name))
  return (rows) =>
    rows.map((row) => {
      const match = form.exec(String(convert(source.at(row), source.type, 'string')))
      const cells = kept.map((from) => (from === -1 ? null : row[from]))
      captured.forEach((at, which) => {
        const type = output[at]?.type ?? 'string'
        const text = match?.[which + 1]
        cells[at] = text === undefined ? nothing(type) : convert(text, 'string', type)
      })
      return cells
    })
}

function isColumn(pattern: Node): boolean {
  return pattern.kind === 'NameDeclaration' || pattern.kind === 'NameAndTypeDeclaration'
}

/** The regular expression of one element of the pattern. */
function piece(pattern: Node, last: boolean): string {
  if (pattern.kind === 'StarExpression') return last ? '[\\s\\S]*' : '[\\s\\S]*?'
  if (pattern.kind === 'StringLiteralExpression')
    return String(pattern.value).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  if (!isColumn(pattern)) throw new NotSimulated(`"${pattern.text}" in parse`)
  const type = pattern.kind === 'NameAndTypeDeclaration' ? part(pattern, 'Type').text : 'string'
  if (type === 'int' || type === 'long') return '(-?\\d+)'
  return last ? '([\\s\\S]*)' : '([\\s\\S]*?)'
}
