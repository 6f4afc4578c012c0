import type { SyntaxNode } from '@lezer/common'
import { NotSimulated } from '../resourceGraph/refusal.ts'

/** One series: its labels and its samples, newest first. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly samples: readonly { readonly at: number; readonly value: number }[]
}

/** One element of an instant vector. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** The time of its sample. */
  readonly at: number
}

/** How far an instant selector looks back. */
const lookBackMs = 5 * 60_000

/** An invalid query. */
export class BadPromql extends Error {}

/**
 * Evaluates a query of PromQL at an instant, parsed by Prometheus' own grammar: selectors by name and by
 * equality, `timestamp`, `last_over_time`, `max`, `count` and `sum` by labels, `or` (V9).
 */
export async function runPromql(
  query: string,
  series: readonly Series[],
  now: number,
): Promise<readonly Sample[]> {
  // Loaded on the first query, because most tests query no metrics.
  const { parser } = await import('@prometheus-io/lezer-promql')
  const top = parser.parse(query).topNode
  const text = (node: SyntaxNode): string => query.slice(node.from, node.to)
  top.cursor().iterate((node) => {
    if (node.type.isError) throw new BadPromql(`parse error at char ${node.from + 1}`)
  })
  const first = top.firstChild
  if (first === null) throw new BadPromql('no expression found in input')
  return evaluate(first, { text, series, now })
}

interface Context {
  readonly text: (node: SyntaxNode) => string
  readonly series: readonly Series[]
  readonly now: number
}

function evaluate(node: SyntaxNode, context: Context): readonly Sample[] {
  const inner = node.firstChild
  switch (node.name) {
    case 'VectorSelector':
      return select(node, lookBackMs, context)
    case 'ParenExpr':
      if (inner === null) break
      return evaluate(inner, context)
    case 'FunctionCall':
      return call(node, context)
    case 'AggregateExpr':
      return aggregate(node, context)
    case 'BinaryExpr':
      return or(node, context)
    default:
  }
  throw new NotSimulated(`"${context.text(node)}" in PromQL`)
}

/** The newest sample of each matching series within the period. */
function select(
  node: SyntaxNode,
  withinMs: number,
  { text, series, now }: Context,
): readonly Sample[] {
  const matchers = matchersOf(node, text)
  if (matchers.filter(({ label }) => label === '__name__').length !== 1) {
    throw new BadPromql('exactly one __name__ matcher is needed')
  }
  return series.flatMap(({ labels, samples }) => {
    if (!matchers.every(({ label, value }) => (labels[label] ?? '') === value)) return []
    const newest = samples.find(({ at }) => at <= now)
    if (newest === undefined || now - newest.at >= withinMs) return []
    return [{ labels, value: newest.value, at: newest.at }]
  })
}

function matchersOf(
  node: SyntaxNode,
  text: (node: SyntaxNode) => string,
): readonly { readonly label: string; readonly value: string }[] {
  const name = node.getChild('Identifier')
  const own = name === null ? [] : [{ label: '__name__', value: text(name) }]
  const inBraces = node.getChild('LabelMatchers')
  if (inBraces === null) return own
  return [
    ...own,
    ...inBraces
      .getChildren('QuotedLabelName')
      .map((one) => ({ label: '__name__', value: unquoted(text(one)) })),
    ...[
      ...inBraces.getChildren('UnquotedLabelMatcher'),
      ...inBraces.getChildren('QuotedLabelMatcher'),
    ].map((one) => {
      const [, label = '', operator = '', value = ''] =
        /^("[^"]*"|\w+)\s*(=~|!=|!~|=)\s*(".*"|'.*')$/s.exec(text(one)) ?? []
      if (operator !== '=') throw new NotSimulated(`the matcher "${text(one)}"`)
      return { label: unquoted(label), value: unquoted(value) }
    }),
  ]
}

function unquoted(text: string): string {
  return /^["'].*["']$/s.test(text) ? text.slice(1, -1) : text
}

function call(node: SyntaxNode, context: Context): readonly Sample[] {
  const name = context.text(node).split('(')[0]?.trim()
  const argument = node.getChild('FunctionCallBody')?.firstChild ?? null
  if (argument === null) throw new BadPromql('an argument is missing')
  if (name === 'timestamp') {
    return evaluate(argument, context).map(({ labels, at }) => ({
      labels: withoutName(labels),
      value: at / 1000,
      at,
    }))
  }
  const selector = argument.name === 'MatrixSelector' ? argument.getChild('VectorSelector') : null
  const minutes = /\[(\d+)m\]$/.exec(context.text(argument))?.[1]
  if (name !== 'last_over_time' || selector === null || minutes === undefined) {
    throw new NotSimulated(`"${context.text(node)}" in PromQL`)
  }
  return select(selector, Number(minutes) * 60_000, context)
}

function withoutName(labels: Sample['labels']): Sample['labels'] {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => label !== '__name__'))
}

function aggregate(node: SyntaxNode, context: Context): readonly Sample[] {
  const operator = node.getChild('AggregateOp')
  const labels = node.getChild('AggregateModifier')?.getChild('GroupingLabels')
  const argument = node.getChild('FunctionCallBody')?.firstChild ?? null
  if (operator === null || labels === null || labels === undefined || argument === null) {
    throw new NotSimulated(`"${context.text(node)}" in PromQL`)
  }
  const by = context
    .text(labels)
    .slice(1, -1)
    .split(',')
    .map((label) => unquoted(label.trim()))
  const groups = new Map<string, Sample[]>()
  for (const sample of evaluate(argument, context)) {
    const key = JSON.stringify(by.map((label) => sample.labels[label] ?? ''))
    groups.set(key, [...(groups.get(key) ?? []), sample])
  }
  return [...groups.values()].map((group) => ({
    labels: Object.fromEntries(
      by.flatMap((label) => {
        const value = group[0]?.labels[label] ?? ''
        return value === '' ? [] : [[label, value]]
      }),
    ),
    value: fold(
      context.text(operator),
      group.map(({ value }) => value),
    ),
    at: context.now,
  }))
}

function fold(operator: string, values: readonly number[]): number {
  switch (operator) {
    case 'max':
      return Math.max(...values)
    case 'sum':
      return values.reduce((total, value) => total + value, 0)
    case 'count':
      return values.length
    default:
      throw new NotSimulated(`the aggregation ${operator}`)
  }
}

/** `a or b`: all of a, and those of b whose labels a doesn't have. */
function or(node: SyntaxNode, context: Context): readonly Sample[] {
  const [left, right] = [node.firstChild, node.lastChild]
  if (node.getChild('Or') === null || left === null || right === null) {
    throw new NotSimulated(`"${context.text(node)}" in PromQL`)
  }
  const first = evaluate(left, context)
  const keyOf = ({ labels }: Sample): string =>
    JSON.stringify(Object.entries(withoutName(labels)).toSorted())
  const known = new Set(first.map(keyOf))
  return [...first, ...evaluate(right, context).filter((sample) => !known.has(keyOf(sample)))]
}
