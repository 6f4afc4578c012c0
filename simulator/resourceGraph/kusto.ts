import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { commonColumns, tableNames, type Column } from './tables.ts'

/**
 * A node of the analysed syntax tree, copied out of Microsoft's objects into plain data.
 * `kind` is Kusto's SyntaxKind, `role` the node's name in its parent, `type` the scalar type that the analyser gave it,
 * `columns` what a tabular expression yields, `label` the column name that an unnamed expression gets.
 */
export interface Node {
  readonly kind: string
  readonly role: string
  readonly text: string
  readonly start: number
  readonly type: string
  readonly columns: readonly Column[]
  readonly name: string
  readonly label: string
  readonly value: unknown
  readonly children: readonly Node[]
}

/** One error of Microsoft's analyser; `start` counts characters of the text that was analysed. */
export interface Finding {
  readonly code: string
  readonly message: string
  readonly start: number
  readonly length: number
  readonly stage: 'syntax' | 'semantics'
}

/** The analysis of a query by Microsoft's language service. */
export interface Analysis {
  readonly tree: Node
  readonly columns: readonly Column[]
  readonly findings: readonly Finding[]
}

/**
 * Parses and analyses a query with Microsoft's own language service, against the tables of Resource Graph or of
 * another database. Table names of Resource Graph are case-insensitive (Learn writes `Resources`, public queries
 * `resources`), column names are not.
 */
export function analyse(
  query: string,
  tables?: Readonly<Record<string, readonly Column[]>>,
): Analysis {
  const kusto = load()
  const globals = tables === undefined ? globalsFor(query) : globalsOf(tables)
  const code = kusto.language.KustoCode.ParseAndAnalyze(query, globals)
  const syntax = findings(code.GetSyntaxDiagnostics(), 'syntax')
  const known = new Set(syntax.map(identity))
  const semantics = findings(code.GetDiagnostics(), 'semantics').filter(
    (finding) => !known.has(identity(finding)),
  )
  return {
    tree: copy(code.Syntax),
    columns: columnsOf(code.ResultType),
    findings: [...syntax, ...semantics],
  }
}

/** The first child with that role. */
export function child(node: Node, role: string): Node | undefined {
  return node.children.find((each) => each.role === role)
}

/** The child with that role; the grammar guarantees it in a query without syntax errors. */
export function part(node: Node, role: string): Node {
  const found = child(node, role)
  if (found === undefined) throw new Error(`A ${node.kind} has no ${role}: ${node.text}`)
  return found
}

/** The elements of a separated list (`a, b, c`) that is the child with that role. */
export function elements(node: Node, role: string): Node[] {
  const list = child(node, role)
  return (list?.children ?? []).map((each) =>
    each.kind === 'SeparatedElement' ? (each.children[0] ?? each) : each,
  )
}

/** Every node below, parents first, in the order of the text. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const each of node.children) yield* walk(each)
}

interface KustoList<T> {
  readonly Count: number
  getItem(index: number): T
}
interface KustoType {
  readonly Name: string
  readonly Columns?: KustoList<{ readonly Name: string; readonly Type: KustoType }>
}
interface KustoDiagnostic {
  readonly Code: string
  readonly Message: string
  readonly Severity: string
  readonly Start: number
  readonly Length: number
}
interface KustoElement {
  readonly Kind: number
  readonly ChildCount: number
  readonly IsToken: boolean
  readonly TextStart: number
  readonly NameInParent: string | null
  readonly Text?: string | null
  readonly ValueText?: string | null
  readonly SimpleName?: string | null
  readonly LiteralValue?: unknown
  readonly ResultType?: KustoType | null
  GetChild(index: number): KustoElement | null
  ToString(options: number): string
}
interface KustoCode {
  readonly Syntax: KustoElement
  readonly ResultType: KustoType | null
  GetDiagnostics(): KustoList<KustoDiagnostic>
  GetSyntaxDiagnostics(): KustoList<KustoDiagnostic>
}
interface Globals {
  WithDatabase(database: object): Globals
}
interface Language {
  KustoCode: { ParseAndAnalyze(query: string, globals: Globals): KustoCode }
  KustoFacts: { GetExpressionResultName(node: KustoElement, fallback: null): string | null }
  GlobalState: { Default: Globals }
  Syntax: { SyntaxKind: Record<string, number> }
  Symbols: {
    ScalarTypes: { String: object; Dynamic: object; DateTime: object }
    ColumnSymbol: new (
      name: string,
      type: object,
      description: null,
      original: null,
      others: null,
      source: null,
    ) => object
    TableSymbol: { $ctor4: new (name: string, columns: object[]) => object }
    DatabaseSymbol: { ctor: new (name: string, members: object[]) => object }
  }
}

let loaded: { readonly language: Language; readonly kinds: ReadonlyMap<number, string> } | undefined
const globalsBySpelling = new Map<string, Globals>()

/**
 * The package contains scripts without exports (Bridge.NET), which set globals when they run. Indirect eval runs
 * them in the current realm, including jest's. It takes half a second, so it runs once, at the first query.
 */
function load(): { readonly language: Language; readonly kinds: ReadonlyMap<number, string> } {
  if (loaded === undefined) {
    const resolve = createRequire(import.meta.url).resolve
    for (const script of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
      const path = resolve(`@kusto/language-service-next/${script}`)
      ;(0, eval)(readFileSync(path, 'utf8'))
    }
    const language = (globalThis as unknown as { Kusto: { Language: Language } }).Kusto.Language
    const kinds = Object.entries(language.Syntax.SyntaxKind).flatMap(
      ([name, value]): [number, string][] => (typeof value === 'number' ? [[value, name]] : []),
    )
    loaded = { language, kinds: new Map(kinds) }
  }
  return loaded
}

/** A database whose tables are declared under every spelling that the query uses. */
function globalsFor(query: string): Globals {
  const words = new Set(query.match(/[A-Za-z]+/g) ?? [])
  const spellings = [...words].filter((word) => tableNames.has(word.toLowerCase())).sort()
  const key = spellings.join(' ')
  const cached = globalsBySpelling.get(key)
  if (cached !== undefined) return cached
  const { Symbols, GlobalState } = load().language
  const { String: text, Dynamic: dynamic } = Symbols.ScalarTypes
  const columns = commonColumns.map(
    ({ name, type }) =>
      new Symbols.ColumnSymbol(name, type === 'string' ? text : dynamic, null, null, null, null),
  )
  const tables = spellings.map((name) => new Symbols.TableSymbol.$ctor4(name, columns))
  const globals = GlobalState.Default.WithDatabase(
    new Symbols.DatabaseSymbol.ctor('ResourceGraph', tables),
  )
  globalsBySpelling.set(key, globals)
  return globals
}

/** A database with these tables under their own names. */
function globalsOf(tables: Readonly<Record<string, readonly Column[]>>): Globals {
  const key = JSON.stringify(tables)
  const cached = globalsBySpelling.get(key)
  if (cached !== undefined) return cached
  const { Symbols, GlobalState } = load().language
  const types: Readonly<Record<string, object>> = {
    string: Symbols.ScalarTypes.String,
    datetime: Symbols.ScalarTypes.DateTime,
  }
  const symbols = Object.entries(tables).map(([name, columns]) => {
    const members = columns.map(
      (column) =>
        new Symbols.ColumnSymbol(
          column.name,
          types[column.type] ?? Symbols.ScalarTypes.Dynamic,
          null,
          null,
          null,
          null,
        ),
    )
    return new Symbols.TableSymbol.$ctor4(name, members)
  })
  const globals = GlobalState.Default.WithDatabase(
    new Symbols.DatabaseSymbol.ctor('Workspace', symbols),
  )
  globalsBySpelling.set(key, globals)
  return globals
}

function findings(list: KustoList<KustoDiagnostic>, stage: Finding['stage']): Finding[] {
  return items(list)
    .filter((each) => each.Severity === 'Error')
    .map(({ Code, Message, Start, Length }) => ({
      code: Code,
      message: Message,
      start: Start,
      length: Length,
      stage,
    }))
}

function identity(finding: Finding): string {
  return `${finding.code} ${finding.start}`
}

function copy(element: KustoElement): Node {
  const { language, kinds } = load()
  const kind = kinds.get(element.Kind) ?? 'Unknown'
  const children: Node[] = []
  for (let index = 0; index < element.ChildCount; index++) {
    const each = element.GetChild(index)
    if (each !== null) children.push(copy(each))
  }
  const listed = element.NameInParent === null || element.NameInParent === ''
  const isExpression = !element.IsToken && element.ResultType !== undefined
  return {
    kind,
    role: element.NameInParent ?? '',
    text: element.IsToken ? (element.Text ?? '') : element.ToString(0).trim(),
    start: element.TextStart,
    type: element.ResultType?.Name ?? '',
    columns: columnsOf(element.ResultType ?? null),
    name: element.SimpleName ?? '',
    label:
      listed && isExpression
        ? (language.KustoFacts.GetExpressionResultName(element, null) ?? '')
        : '',
    value: valueOf(kind, element),
    children,
  }
}

/** Strings unchanged; other literals as their text, which the caller parses by type. */
function valueOf(kind: string, element: KustoElement): unknown {
  if (kind === 'StringLiteralToken') return element.ValueText ?? ''
  if (!kind.endsWith('LiteralExpression')) return undefined
  if (typeof element.LiteralValue === 'string') return element.LiteralValue
  return element.GetChild(0)?.ValueText ?? ''
}

function columnsOf(type: KustoType | null): Column[] {
  if (type?.Columns === undefined) return []
  return items(type.Columns).map(({ Name, Type }) => ({ name: Name, type: Type.Name }))
}

function items<T>(list: KustoList<T>): T[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index))
}
