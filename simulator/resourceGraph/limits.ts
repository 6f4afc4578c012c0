import { parameter } from './combine.ts'
import { child, elements, part, walk, type Node } from './kusto.ts'
import { invalidQuery, type Detail } from './refusal.ts'

/** The limit on each operator per query (Learn, query language: "a default limit of three join and three mv-expand operators"). */
const most = { combining: 3, expanding: 3, crossTable: 1 }

/** The operators in Learn's table of supported ones, by the word that starts them, and `project-rename` (see README). */
const supported: ReadonlySet<string> = new Set([
  'count',
  'distinct',
  'extend',
  'join',
  'limit',
  'mv-expand',
  'mvexpand',
  'order',
  'parse',
  'project',
  'project-away',
  'project-rename',
  'sort',
  'summarize',
  'take',
  'top',
  'union',
  'where',
])

/** The join flavors that Learn names. */
const joinKinds: ReadonlySet<string> = new Set(['innerunique', 'inner', 'leftouter', 'fullouter'])

/** The other join flavors, in the service's spelling of its refusal. */
const refusedKinds: Readonly<Record<string, string>> = {
  anti: 'LeftAnti',
  leftanti: 'LeftAnti',
  leftantisemi: 'LeftAnti',
  leftsemi: 'LeftSemi',
  rightanti: 'RightAnti',
  rightantisemi: 'RightAnti',
  rightouter: 'RightOuter',
  rightsemi: 'RightSemi',
}

/** What Resource Graph refuses although Kusto accepts it; empty when nothing. The query has one statement, without syntax errors. */
export function exceedsLimits(statement: Node): readonly Detail[] {
  const nodes = [...walk(statement)]
  const pipes = nodes.filter(({ kind }) => kind === 'PipeExpression')
  const operators = pipes.map((pipe) => part(pipe, 'Operator'))
  const details = [
    ...operators.flatMap(unsupportedOperator),
    ...nodes.flatMap(unsupportedSource),
    ...tooMany(operators, ['JoinOperator', 'UnionOperator'], most.combining, 'join and union'),
    ...tooMany(operators, ['MvExpandOperator'], most.expanding, 'mv-expand'),
    ...crossTable(operators, firstTable(part(statement, 'Expression'))),
    ...nodes.flatMap(dynamicOperands),
    ...operators.flatMap(dynamicKeys),
  ]
  return details.length === 0 ? [] : [invalidQuery, ...details]
}

/** Recorded for `parse` before Resource Graph had it: the code, and the operator as token. */
function notInLanguage(token: string, message = 'InvalidQueryLanguage'): Detail {
  return { code: 'InvalidQueryLanguage', message, line: -1, characterPositionInLine: -1, token }
}

function firstWord(node: Node): string {
  return /^[\w-]+/.exec(node.text)?.[0] ?? node.text.charAt(0)
}

function unsupportedOperator(operator: Node): Detail[] {
  const word = firstWord(operator)
  if (!supported.has(word)) return [notInLanguage(word)]
  const names = (child(operator, 'Parameters')?.children ?? []).map(
    (each) => part(each, 'Name').text,
  )
  const hints = names.filter((name) => name.startsWith('hint.') || name === 'isfuzzy')
  const kind = word === 'join' ? parameter(operator, 'kind', 'innerunique') : 'inner'
  if (joinKinds.has(kind)) return hints.map((hint) => notInLanguage(hint))
  const spelled = refusedKinds[kind] ?? kind
  const message = `The join kind "${spelled}" is not supported or not allowed.`
  return [{ code: 'UnsupportedJoinFlavor', message }]
}

/** Only a table starts a pipeline: no `print`, `range`, `datatable`, `externaldata`. */
function unsupportedSource(node: Node): Detail[] {
  const starts = node.kind === 'PipeExpression' || node.kind === 'ExpressionStatement'
  const source = starts ? part(node, 'Expression') : undefined
  if (source === undefined) return []
  const tabular = ['NameReference', 'PipeExpression', 'ParenthesizedExpression'].includes(
    source.kind,
  )
  return tabular ? [] : [notInLanguage(firstWord(source))]
}

function tooMany(
  operators: readonly Node[],
  kinds: readonly string[],
  limit: number,
  what: string,
): Detail[] {
  const count = operators.filter(({ kind }) => kinds.includes(kind)).length
  if (count <= limit) return []
  return [notInLanguage(what, `The query has ${count} ${what} operators; the limit is ${limit}.`)]
}

/** One join or union with another table, or any number between resources and resourcecontainers (Learn, query language). */
function crossTable(operators: readonly Node[], first: string): Detail[] {
  const tables = operators.flatMap(legs).map(firstTable)
  const free = new Set(['resources', 'resourcecontainers'])
  if ([first, ...tables].every((table) => free.has(table))) return []
  const others = tables.filter((table) => table !== first)
  if (others.length <= most.crossTable) return []
  const message = `The query joins ${others.length} other tables (${others.join(', ')}); the limit is ${most.crossTable}.`
  return [{ code: 'DisallowedMaxNumberOfRemoteTables', message }]
}

/** The tabular operands of a join or union; none for other operators. */
function legs(operator: Node): readonly Node[] {
  if (operator.kind === 'JoinOperator') return [part(operator, 'Expression')]
  return operator.kind === 'UnionOperator' ? elements(operator, 'Expressions') : []
}

/** The positions of table names in the text: an unresolved name there is an unknown table. */
export function tablePlaces(statement: Node): ReadonlySet<number> {
  const sources = [...walk(statement)].flatMap((node) => {
    if (node.kind === 'PipeExpression' || node.kind === 'ExpressionStatement')
      return [part(node, 'Expression')]
    return legs(node)
  })
  return new Set(sources.map((source) => bare(source).start))
}

function bare(node: Node): Node {
  return node.kind === 'ParenthesizedExpression' ? bare(part(node, 'Expression')) : node
}

/** The table that a tabular expression starts with, in lower case. */
function firstTable(node: Node): string {
  if (node.kind === 'NameReference') return node.name.toLowerCase()
  const inner = child(node, 'Expression')
  return inner === undefined ? '' : firstTable(inner)
}

const compared =
  /^(Equal|NotEqual|LessThan|LessThanOrEqual|GreaterThan|GreaterThanOrEqual)Expression$/

/** Kusto's engine refuses to compare two dynamic values; the analyser doesn't. */
function dynamicOperands(node: Node): Detail[] {
  if (!compared.test(node.kind)) return []
  const sides = [part(node, 'Left'), part(node, 'Right')]
  if (!sides.every(({ type }) => type === 'dynamic')) return []
  const message = `Cannot compare values of types dynamic and dynamic. Try adding explicit casts: ${node.text}`
  return [{ code: 'Default', message }]
}

/** The engine also refuses to join on a dynamic key. */
function dynamicKeys(operator: Node): Detail[] {
  if (operator.kind !== 'JoinOperator') return []
  const keys = elements(part(operator, 'ConditionClause'), 'Expressions').flatMap((each) => [
    ...walk(each),
  ])
  return keys
    .filter(
      ({ kind, type }) =>
        type === 'dynamic' && (kind === 'NameReference' || kind === 'PathExpression'),
    )
    .slice(0, 1)
    .map(({ text }) => ({
      code: 'Default',
      message: `join key '${text}' is of a 'dynamic' type. Please use an explicit cast using extend operator in the join legs (for example, '... | extend ${text} = tostring(${text}) | join ...') as join on a 'dynamic' type is not supported.`,
    }))
}
