import { elements, part, type Node } from './kusto.ts'
import { NotSimulated } from './refusal.ts'
import { expression } from './regex.ts'
import { converted, type Cells, type Scalar, type Scope } from './scalar.ts'
import { toText, type Value } from './values.ts'

/** True for `==`, `!~`, `in`, `has`, `between`, `matches regex` and similar operators. */
export function isComparison(node: Node): boolean {
  return node.children.some(({ role }) => role === 'Operator') && node.type === 'bool'
}

/** Compiles a comparison; the result is null as in Kusto (both sides of `==` null, any side of `<` null). */
export function compileComparison(
  node: Node,
  scope: Scope,
  compile: (node: Node, scope: Scope) => Scalar,
): Scalar {
  const operator = part(node, 'Operator').text.replace(/\s+/g, ' ')
  const left = compile(part(node, 'Left'), scope)
  const right = part(node, 'Right')
  const lists = listTests[operator]
  if (lists !== undefined) {
    const options = elements(right, 'Expressions').map((each) => compile(each, scope))
    return test(lists(left, options))
  }
  if (operator === 'between' || operator === '!between') {
    const first = compile(part(right, 'First'), scope)
    const last = compile(part(right, 'Second'), scope)
    return test(between(left, first, last, operator === 'between'))
  }
  const relation = relations[operator]
  if (relation !== undefined) return test(relation(left, compile(right, scope)))
  if (operator === 'matches regex') return test(matching(left, compile(right, scope)))
  const text = textTests[operator]
  if (text !== undefined) return test(textTest(left, compile(right, scope), text))
  throw new NotSimulated(`the operator ${operator}`)
}

/** A predicate of a row: true, false or null. */
type Test = (row: Cells) => Value

function test(at: Test): Scalar {
  return { type: 'bool', constant: false, at }
}

const relations: Readonly<Record<string, (left: Scalar, right: Scalar) => Test>> = {
  '==': (left, right) => equality(left, right, true),
  '!=': (left, right) => equality(left, right, false),
  '<>': (left, right) => equality(left, right, false),
  '<': (left, right) => ordering(left, right, (a, b) => a < b),
  '<=': (left, right) => ordering(left, right, (a, b) => a <= b),
  '>': (left, right) => ordering(left, right, (a, b) => a > b),
  '>=': (left, right) => ordering(left, right, (a, b) => a >= b),
}

/** Converts both sides to one type: a dynamic side takes the type of the other. */
function aligned(left: Scalar, right: Scalar): readonly [Scalar, Scalar] {
  if (left.type === 'dynamic') return [converted(left, right.type), right]
  return right.type === 'dynamic' ? [left, converted(right, left.type)] : [left, right]
}

function equality(left: Scalar, right: Scalar, wanted: boolean): Test {
  const [first, second] = aligned(left, right)
  return (row) => {
    const [a, b] = [first.at(row), second.at(row)]
    if (a === null && b === null) return null
    return (a === b) === wanted
  }
}

function ordering(
  left: Scalar,
  right: Scalar,
  holds: (left: string | number, right: string | number) => boolean,
): Test {
  const [first, second] = aligned(left, right)
  return (row) => {
    const [a, b] = [first.at(row), second.at(row)]
    if (a === null || b === null) return null
    if (typeof a === 'string' && typeof b === 'string') return holds(a, b)
    return holds(Number(a), Number(b))
  }
}

function between(value: Scalar, first: Scalar, last: Scalar, wanted: boolean): Test {
  const least = ordering(value, first, (a, b) => a >= b)
  const most = ordering(value, last, (a, b) => a <= b)
  return (row) => {
    const [above, below] = [least(row), most(row)]
    return above === null || below === null ? null : (above && below) === wanted
  }
}

/** `matches regex`; an invalid literal pattern is refused before any row is read. */
function matching(left: Scalar, right: Scalar): Test {
  const [text, pattern] = [textOf(left, false), textOf(right, false)]
  if (!right.constant) return (row) => expression(pattern(row)).test(text(row))
  const fixed = expression(pattern([]))
  return (row) => fixed.test(text(row))
}

/** String tests by operator; `fold` ignores case. */
interface TextTest {
  readonly fold: boolean
  readonly wanted: boolean
  readonly holds: (text: string, sought: string) => boolean
}

const textTests: Readonly<Record<string, TextTest>> = {
  '=~': { fold: true, wanted: true, holds: (text, sought) => text === sought },
  '!~': { fold: true, wanted: false, holds: (text, sought) => text === sought },
  ...family('contains', (text, sought) => text.includes(sought)),
  ...family('startswith', (text, sought) => text.startsWith(sought)),
  ...family('endswith', (text, sought) => text.endsWith(sought)),
  ...family('has', hasTerm),
}

function family(name: string, holds: TextTest['holds']): Record<string, TextTest> {
  return {
    [name]: { fold: true, wanted: true, holds },
    [`!${name}`]: { fold: true, wanted: false, holds },
    [`${name}_cs`]: { fold: false, wanted: true, holds },
    [`!${name}_cs`]: { fold: false, wanted: false, holds },
  }
}

function textTest(left: Scalar, right: Scalar, { fold, wanted, holds }: TextTest): Test {
  const text = textOf(left, fold)
  const sought = textOf(right, fold)
  if (!right.constant) return (row) => holds(text(row), sought(row)) === wanted
  const fixed = sought([])
  return (row) => holds(text(row), fixed) === wanted
}

function textOf(scalar: Scalar, fold: boolean): (row: Cells) => string {
  const { type } = scalar
  return fold
    ? (row) => toText(scalar.at(row), type).toLowerCase()
    : (row) => toText(scalar.at(row), type)
}

/** True when the text contains the term as a whole: no letter or digit right before or after it. */
function hasTerm(text: string, sought: string): boolean {
  if (sought === '') return true
  let from = text.indexOf(sought)
  while (from !== -1) {
    const end = from + sought.length
    const opens = from === 0 || !bothAlphanumeric(text[from - 1], sought[0])
    const closes = end === text.length || !bothAlphanumeric(text[end], sought.at(-1))
    if (opens && closes) return true
    from = text.indexOf(sought, from + 1)
  }
  return false
}

function bothAlphanumeric(outside: string | undefined, inside: string | undefined): boolean {
  const alphanumeric = /[\p{L}\p{N}]/u
  return alphanumeric.test(outside ?? '') && alphanumeric.test(inside ?? '')
}

const listTests: Readonly<Record<string, (left: Scalar, options: readonly Scalar[]) => Test>> = {
  in: (left, options) => isOneOf(left, options, false, true),
  'in~': (left, options) => isOneOf(left, options, true, true),
  '!in': (left, options) => isOneOf(left, options, false, false),
  '!in~': (left, options) => isOneOf(left, options, true, false),
  has_any: (left, options) => hasTerms(left, options, 'some'),
  has_all: (left, options) => hasTerms(left, options, 'every'),
}

/** `in`: membership by text for strings and dynamic values, else by value. A dynamic array among the options counts as its elements. */
function isOneOf(left: Scalar, options: readonly Scalar[], fold: boolean, wanted: boolean): Test {
  const byText = left.type === 'string' || left.type === 'dynamic' || left.type === 'guid'
  const key = (value: Value, type: string): Value => {
    if (!byText) return value
    const text = toText(value, type)
    return fold ? text.toLowerCase() : text
  }
  const keys = (row: Cells): Set<Value> =>
    new Set(options.flatMap((each) => spread(each, row).map((value) => key(value, each.type))))
  const fixed = options.every(({ constant }) => constant) ? keys([]) : undefined
  return (row) => (fixed ?? keys(row)).has(key(left.at(row), left.type)) === wanted
}

function hasTerms(left: Scalar, options: readonly Scalar[], how: 'some' | 'every'): Test {
  const text = textOf(left, true)
  return (row) => {
    const sought = options.flatMap((each) =>
      spread(each, row).map((value) => toText(value, each.type).toLowerCase()),
    )
    const whole = text(row)
    return sought[how]((each) => hasTerm(whole, each))
  }
}

function spread(option: Scalar, row: Cells): readonly Value[] {
  const value = option.at(row)
  return option.type === 'dynamic' && Array.isArray(value) ? (value as Value[]) : [value]
}
