/** A parsed query, without mutations and subscriptions (https://spec.graphql.org/October2021/#sec-Language). */
export interface Document {
  readonly variables: readonly {
    readonly name: string
    /** As written: `[ID!]!`. */
    readonly type: string
    readonly required: boolean
  }[]
  readonly selections: readonly Selection[]
}

export type Selection =
  | {
      readonly kind: 'field'
      readonly name: string
      /** Its name in the answer. */
      readonly alias: string
      /** A variable is `{ variable: name }`. */
      readonly args: Readonly<Record<string, unknown>>
      readonly selections: readonly Selection[]
    }
  | {
      readonly kind: 'fragment'
      readonly type: string | undefined
      readonly selections: readonly Selection[]
    }

/** The query is invalid. */
export class GraphqlSyntaxError extends Error {
  override readonly name = 'GraphqlSyntaxError'
  readonly location: { readonly line: number; readonly column: number }
  constructor(message: string, location: { line: number; column: number }) {
    super(message)
    this.location = location
  }
}

interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'mark' | 'end'
  readonly text: string
  readonly offset: number
}

/**
 * Parses one query operation with variables, aliases, arguments and fragments within it.
 *
 * @throws GraphqlSyntaxError with the position of the unexpected token
 */
export function parseDocument(source: string): Document {
  const tokens = scan(source)
  let next = 0
  const peek = () => tokens[next] ?? { kind: 'end' as const, text: '', offset: source.length }
  const take = () => {
    const token = peek()
    next++
    return token
  }
  const fail = (token: Token): never => {
    const shown = token.kind === 'end' ? 'end of file' : JSON.stringify(token.text)
    throw new GraphqlSyntaxError(`Parse error on ${shown}`, locate(source, token.offset))
  }
  const has = (text: string) => peek().kind !== 'string' && peek().text === text
  const skip = (text: string) => (has(text) ? take() : undefined) !== undefined
  const expect = (text: string) => (skip(text) ? undefined : fail(peek()))
  const name = () => {
    const token = take()
    return token.kind === 'name' ? token.text : fail(token)
  }

  const value = (): unknown => {
    const token = take()
    if (token.text === '$' && token.kind === 'mark') return { variable: name() }
    if (token.text === '[' && token.kind === 'mark') {
      const items: unknown[] = []
      while (!skip(']')) items.push(value())
      return items
    }
    if (token.kind === 'string') return token.text
    if (token.kind === 'number') return Number(token.text)
    if (token.kind !== 'name') return fail(token)
    const words: Readonly<Record<string, unknown>> = { true: true, false: false, null: null }
    return token.text in words ? words[token.text] : token.text
  }
  const args = () => {
    const given: Record<string, unknown> = {}
    if (!skip('(')) return given
    while (!skip(')')) {
      const key = name()
      expect(':')
      given[key] = value()
    }
    return given
  }
  const selections = (): Selection[] => {
    const found: Selection[] = []
    expect('{')
    while (!skip('}')) found.push(selection())
    return found
  }
  const selection = (): Selection => {
    if (skip('...')) {
      const type = skip('on') ? name() : undefined
      return { kind: 'fragment', type, selections: selections() }
    }
    const first = name()
    const called = skip(':') ? name() : first
    const given = args()
    return {
      kind: 'field',
      name: called,
      alias: first,
      args: given,
      selections: has('{') ? selections() : [],
    }
  }
  const type = (): string => {
    const inner = skip('[') ? `[${type()}` : name()
    if (inner.startsWith('[')) expect(']')
    const whole = inner.startsWith('[') ? `${inner}]` : inner
    return skip('!') ? `${whole}!` : whole
  }
  const variables = () => {
    const found: Document['variables'][number][] = []
    if (!skip('(')) return found
    while (!skip(')')) {
      expect('$')
      const variable = name()
      expect(':')
      const written = type()
      const optional = skip('=')
      if (optional) value()
      found.push({
        name: variable,
        type: written,
        required: written.endsWith('!') && !optional,
      })
    }
    return found
  }

  let declared: Document['variables'] = []
  if (skip('query')) {
    if (peek().kind === 'name') name()
    declared = variables()
  }
  const document = { variables: declared, selections: selections() }
  return peek().kind === 'end' ? document : fail(peek())
}

const tokenShape =
  /(?<blank>[\s,\uFEFF]+|#[^\n\r]*)|(?<mark>\.\.\.|[!$(){}:=@[\]|])|(?<name>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?)|"(?<string>(?:[^"\\\n\r]|\\.)*)"/y

function scan(source: string): Token[] {
  const tokens: Token[] = []
  for (let offset = 0; offset < source.length;) {
    tokenShape.lastIndex = offset
    const match = tokenShape.exec(source)
    const [whole = ''] = match ?? []
    if (!match || whole === '') {
      const shown = JSON.stringify(source.charAt(offset))
      throw new GraphqlSyntaxError(`Parse error on ${shown}`, locate(source, offset))
    }
    const { mark, name, number, string } = match.groups ?? {}
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, offset })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, offset })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, offset })
    else if (string !== undefined)
      tokens.push({ kind: 'string', text: String(JSON.parse(`"${string}"`)), offset })
    offset += whole.length
  }
  return tokens
}

function locate(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}
