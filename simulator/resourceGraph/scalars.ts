import { compileComparison, isComparison } from './comparisons.ts'
import { functions } from './functions.ts'
import { elements, part, type Node } from './kusto.ts'
import { NotSimulated } from './refusal.ts'
import { constantly, converted, type Cells, type Scalar, type Scope } from './scalar.ts'
import {
  convert,
  isNumeric,
  item,
  member,
  readDateLiteral,
  readTimespan,
  type Value,
} from './values.ts'

/** Compile a scalar expression to a closure. */
export function compileScalar(node: Node, scope: Scope): Scalar {
  const aggregated = scope.aggregate?.(node)
  if (aggregated !== undefined) return aggregated
  const compile = compilers[node.kind]
  if (compile !== undefined) return compile(node, scope)
  if (isComparison(node)) return compileComparison(node, scope, compileScalar)
  throw new NotSimulated(`the expression "${node.text}" (${node.kind})`)
}

type Compiler = (node: Node, scope: Scope) => Scalar

const compilers: Readonly<Record<string, Compiler>> = {
  ParenthesizedExpression: (node, scope) => compileScalar(part(node, 'Expression'), scope),
  SimpleNamedExpression: (node, scope) => compileScalar(part(node, 'Expression'), scope),
  NameReference: columnReference,
  PathExpression: path,
  ElementExpression: element,
  FunctionCallExpression: call,
  AndExpression: (node, scope) => both(node, scope, false),
  OrExpression: (node, scope) => both(node, scope, true),
  UnaryMinusExpression: (node, scope) => {
    const operand = numeric(compileScalar(part(node, 'Expression'), scope), node.type)
    return {
      type: node.type,
      constant: operand.constant,
      at: (row) => negative(operand.at(row)),
    }
  },
  UnaryPlusExpression: (node, scope) => compileScalar(part(node, 'Expression'), scope),
  AddExpression: (node, scope) => arithmetic(node, scope, (a, b) => a + b),
  SubtractExpression: (node, scope) => arithmetic(node, scope, (a, b) => a - b),
  MultiplyExpression: (node, scope) => arithmetic(node, scope, (a, b) => a * b),
  DivideExpression: (node, scope) => arithmetic(node, scope, divide(node.type)),
  ModuloExpression: (node, scope) =>
    arithmetic(node, scope, (a, b) => (b === 0 ? null : ((a % b) + Math.abs(b)) % Math.abs(b))),
  StringLiteralExpression: (node) => constantly(String(node.value), 'string'),
  BooleanLiteralExpression: (node) =>
    constantly(convert(String(node.value), 'string', 'bool'), 'bool'),
  IntLiteralExpression: (node) => literalNumber(node),
  LongLiteralExpression: (node) => literalNumber(node),
  RealLiteralExpression: (node) => literalNumber(node),
  DateTimeLiteralExpression: (node) => constantly(readDateLiteral(String(node.value)), 'datetime'),
  TimespanLiteralExpression: (node) => constantly(readTimespan(String(node.value)), 'timespan'),
  DynamicExpression: (node, scope) => dynamicLiteral(part(node, 'Expression'), scope),
}

function columnReference(node: Node, scope: Scope): Scalar {
  const index = scope.columns.findIndex(({ name }) => name === node.name)
  const column = scope.columns[index]
  if (column === undefined) throw new NotSimulated(`the name "${node.text}" in this place`)
  return { type: column.type, constant: false, at: (row) => row[index] }
}

/** `a.b`: members are found by their exact name, as in Kusto. */
function path(node: Node, scope: Scope): Scalar {
  const bag = compileScalar(part(node, 'Expression'), scope)
  const selector = part(node, 'Selector')
  if (selector.kind !== 'NameReference') throw new NotSimulated(`the path "${node.text}"`)
  const key = selector.name
  return { type: 'dynamic', constant: bag.constant, at: (row) => member(bag.at(row), key) }
}

/** `a['b']`, `a[0]`, `a[-1]`. */
function element(node: Node, scope: Scope): Scalar {
  const source = compileScalar(part(node, 'Expression'), scope)
  const selector = compileScalar(part(part(node, 'Selector'), 'Expression'), scope)
  const at = (row: Cells): Value => {
    const key = selector.at(row)
    if (typeof key === 'number') return item(source.at(row), key)
    return typeof key === 'string' ? member(source.at(row), key) : null
  }
  return { type: 'dynamic', constant: source.constant && selector.constant, at }
}

function call(node: Node, scope: Scope): Scalar {
  const name = part(node, 'Name').name
  const compile = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (compile === undefined) throw new NotSimulated(`the function ${name}()`)
  const nodes = elements(part(node, 'ArgumentList'), 'Expressions')
  return compile({
    type: node.type,
    nodes,
    scope,
    args: nodes
      .filter(({ kind }) => kind !== 'TypeOfLiteralExpression')
      .map((each) => compileScalar(each, scope)),
  })
}

/** `and`, `or` in Kusto's three-valued logic; `decisive` is the operand that determines the result. */
function both(node: Node, scope: Scope, decisive: boolean): Scalar {
  const left = compileScalar(part(node, 'Left'), scope)
  const right = compileScalar(part(node, 'Right'), scope)
  const at = (row: Cells): Value => {
    const first = left.at(row)
    if (first === decisive) return decisive
    const second = right.at(row)
    if (second === decisive) return decisive
    return first === null || second === null ? null : !decisive
  }
  return { type: 'bool', constant: left.constant && right.constant, at }
}

function arithmetic(
  node: Node,
  scope: Scope,
  compute: (left: number, right: number) => number | null,
): Scalar {
  const left = numeric(compileScalar(part(node, 'Left'), scope), node.type)
  const right = numeric(compileScalar(part(node, 'Right'), scope), node.type)
  const at = (row: Cells): Value => {
    const [a, b] = [left.at(row), right.at(row)]
    return typeof a === 'number' && typeof b === 'number' ? compute(a, b) : null
  }
  return { type: node.type, constant: left.constant && right.constant, at }
}

/** An arithmetic operand: a dynamic one is converted to a number. */
function numeric(scalar: Scalar, result: string): Scalar {
  if (scalar.type !== 'dynamic') return scalar
  return converted(scalar, isNumeric(result) ? result : 'real')
}

function negative(value: Value): Value {
  return typeof value === 'number' ? -value : null
}

function divide(type: string): (left: number, right: number) => number | null {
  if (type !== 'long' && type !== 'int') return (left, right) => left / right
  return (left, right) => (right === 0 ? null : Math.trunc(left / right))
}

function literalNumber(node: Node): Scalar {
  return constantly(convert(String(node.value), 'string', node.type), node.type)
}

function dynamicLiteral(node: Node, scope: Scope): Scalar {
  return constantly(readDynamic(node, scope), 'dynamic')
}

function readDynamic(node: Node, scope: Scope): Value {
  if (node.kind === 'JsonArrayExpression')
    return elements(node, 'Values').map((each) => readDynamic(each, scope))
  if (node.kind === 'JsonObjectExpression') {
    const pairs = elements(node, 'Pairs').map((pair): [string, Value] => [
      String(part(pair, 'Name').value),
      readDynamic(part(pair, 'Value'), scope),
    ])
    return Object.fromEntries(pairs)
  }
  if (node.kind === 'NullLiteralExpression') return null
  const literal = compileScalar(node, scope)
  return convert(literal.at([]), literal.type, 'dynamic')
}
