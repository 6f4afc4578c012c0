import { analyse, elements, part, walk, type Analysis, type Finding, type Node } from './kusto.ts'
import { type Column } from './tables.ts'
import { exceedsLimits, tablePlaces } from './limits.ts'
import { compileTabular } from './operators.ts'
import { invalidQuery, NotSimulated, Refused, type Detail } from './refusal.ts'
import type { Cells } from './scalar.ts'
import { defaultTable } from './tables.ts'
import type { Tables } from './tabular.ts'

/** A compiled query. `cut`: it contains `limit` or `take`, which disable `$skip` and paging (Learn, paging). */
export interface Query {
  readonly columns: readonly Column[]
  readonly cut: boolean
  run(tables: Tables, now: number): readonly Cells[]
}

const prepared = new Map<string, Query>()
const kept = 500

/** Parses, checks and compiles a query; throws `Refused` with Azure's error, `NotSimulated` for what only Azure can do. */
export function prepareQuery(text: string): Query {
  const known = prepared.get(text)
  if (known !== undefined) return known
  const analysis = analyse(withTable(text))
  const details = findingsOf(analysis, text)
  if (details.length > 0) throw new Refused(details)
  const query = compile(analysis)
  if (prepared.size >= kept) prepared.clear()
  prepared.set(text, query)
  return query
}

/** The problems of a query, one sentence each; empty when Resource Graph accepts it and the simulator can evaluate it. */
export function checkQuery(text: string): string[] {
  try {
    prepareQuery(text)
    return []
  } catch (error) {
    if (error instanceof NotSimulated) return [error.message]
    if (!(error instanceof Refused)) throw error
    return error.details.filter((each) => each !== invalidQuery).map(sentence)
  }
}

function sentence({ code, message, line, characterPositionInLine, token }: Detail): string {
  const place = line === undefined || line < 0 ? '' : ` at ${line}:${characterPositionInLine ?? 0}`
  const near = token === undefined ? '' : ` near '${token}'`
  return message === code ? `${code}${place}${near}` : `${code}${place}${near}: ${message}`
}

function compile(analysis: Analysis): Query {
  let clock = 0
  const [statement] = elements(analysis.tree, 'Statements')
  if (statement === undefined) throw new Error('A query without errors has a statement.')
  const tabular = compileTabular(part(statement, 'Expression'), () => clock)
  return {
    columns: tabular.columns,
    cut: [...walk(statement)].some(({ kind }) => kind === 'TakeOperator'),
    run(tables, now) {
      clock = now
      return tabular.run(tables)
    },
  }
}

/** Resources is the table of a query that starts with an operator (Learn, query language). */
function withTable(text: string): string {
  return startsWithOperator.test(text) ? `${prefix(text)}${text}` : text
}

const startsWithOperator =
  /^(?:\s|\/\/.*\n)*(?:\||(?:where|project|project-away|project-rename|extend|summarize|distinct|order|sort|top|take|limit|count|join|mv-expand|mvexpand|parse)\b)/

function prefix(text: string): string {
  return /^(?:\s|\/\/.*\n)*\|/.test(text) ? `${defaultTable} ` : `${defaultTable} | `
}

/** The syntax errors if there are any, else the unknown tables, else Resource Graph's own limits, else the semantic errors. */
function findingsOf({ tree, findings }: Analysis, text: string): readonly Detail[] {
  const shift = withTable(text).length - text.length
  const failed = failurePlace(findings, text.length + shift) ?? excessPlace(tree)
  if (failed !== undefined) return [invalidQuery, failure(failed - shift, text)]
  const [statement] = elements(tree, 'Statements')
  if (statement === undefined) return [invalidQuery, failure(text.length, text)]
  const places = tablePlaces(statement)
  const tables = findings.filter(({ code, start }) => unknownNames.has(code) && places.has(start))
  if (tables.length > 0) return tables.map((each) => disallowed(nameAt(each, text, shift)))
  const limits = exceedsLimits(statement)
  if (limits.length > 0) return limits
  const semantics = findings.map((each) => semantic(each, text, shift))
  return semantics.length === 0 ? [] : [invalidQuery, ...semantics]
}

/** Where the service's parser stops: at the end of the text if something is missing there, else at the first error. */
function failurePlace(findings: readonly Finding[], end: number): number | undefined {
  const starts = findings.filter(({ stage }) => stage === 'syntax').map(({ start }) => start)
  return starts.includes(end) ? end : starts[0]
}

/** Where the query is more than a single expression: `let`, `set` and similar, or a second statement. */
function excessPlace(tree: Node): number | undefined {
  const [first, second] = elements(tree, 'Statements')
  if (first !== undefined && first.kind !== 'ExpressionStatement') return first.start
  return second?.start
}

/** Microsoft's codes for an unresolved name, and for an unknown function. */
const unknownNames: ReadonlySet<string> = new Set(['KS142', 'KS204'])
const unknownFunction = 'KS211'

/** Recorded: line from 1, characters from 0 and left out when 0, the token met or `<EOF>`. */
function failure(place: number, text: string): Detail {
  const at = Math.min(Math.max(0, place), text.length)
  const before = text.slice(0, at).split('\n')
  const column = before.at(-1)?.length ?? 0
  const token = /^\s*([\w-]+|\S)/.exec(text.slice(at))?.[1] ?? '<EOF>'
  return {
    code: 'ParserFailure',
    message: 'ParserFailure',
    line: before.length,
    ...(column > 0 && { characterPositionInLine: column }),
    token,
  }
}

function disallowed(name: string): Detail {
  const message = `Table ${name} is invalid, unsupported or disallowed.`
  return { code: 'DisallowedLogicalTableName', message }
}

function semantic(finding: Finding, text: string, shift: number): Detail {
  if (finding.code !== unknownFunction)
    return { code: 'Default', message: `${finding.message} (${finding.code})` }
  const message = `Unknown function: '${nameAt(finding, text, shift)}'.`
  return { code: 'UnknownFunction', message }
}

function nameAt({ start, length }: Finding, text: string, shift: number): string {
  return text.slice(start - shift, start - shift + length)
}
