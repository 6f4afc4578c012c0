import { json, problem, type GitHubAnswer, type GitHubRequest } from './answer.ts'
import { parseDocument, GraphqlSyntaxError, type Selection } from './graphqlParser.ts'
import {
  implemented,
  schema,
  typeOf,
  type Arguments,
  type Path,
  type Run,
} from './graphqlSchema.ts'
import type { GitHubState } from './state.ts'

/**
 * GraphQL over the part of GitHub's schema with the author and editor of a comment. Parses and runs the query,
 * so that one for unknown fields fails as it does at GitHub.
 */
export function answerGraphql(
  state: GitHubState,
  request: GitHubRequest,
  hiddenFields: readonly string[] = [],
): GitHubAnswer {
  if (request.method !== 'POST') return problem(404, 'Not Found')
  const asked = readQuestion(request.body)
  if (!asked) return problem(400, 'Problems parsing JSON')
  try {
    const document = parseDocument(asked.query)
    const run: Run = { state, document, variables: asked.variables, errors: [], hiddenFields }
    checkVariables(run)
    checkFields(run, document.selections, 'Query', ['query'])
    const missing = run.errors.length > 0
    const data = missing ? undefined : select(run, document.selections, 'Query', {}, [])
    return json(200, {
      ...(!missing && { data }),
      ...(run.errors.length > 0 && { errors: run.errors }),
    })
  } catch (error) {
    if (error instanceof GraphqlSyntaxError)
      return json(200, { errors: [{ message: error.message, locations: [error.location] }] })
    throw error
  }
}

/** Finds fields that the schema doesn't have, before execution. */
function checkFields(run: Run, selections: readonly Selection[], type: string, path: Path): void {
  for (const selection of selections) {
    if (selection.kind === 'fragment') {
      const inner = selection.type ?? type
      if (schema[inner] === undefined)
        refuse(
          run,
          `No such type ${inner}, so it can't be a fragment condition`,
          path,
          'undefinedType',
        )
      else checkFields(run, selection.selections, inner, path)
      continue
    }
    const here = [...path, selection.name]
    const isHidden = run.hiddenFields.includes(`${type}.${selection.name}`)
    const field = isHidden ? undefined : schema[type]?.[selection.name]
    if (selection.name === '__typename') continue
    if (!field) {
      refuse(
        run,
        `Field '${selection.name}' doesn't exist on type '${type}'`,
        here,
        'undefinedField',
      )
      continue
    }
    for (const name of field.required ?? [])
      if (!(name in selection.args))
        refuse(
          run,
          `Field '${selection.name}' is missing required arguments: ${name}`,
          here,
          'missingRequiredArguments',
        )
    if (field.type === undefined && selection.selections.length > 0)
      refuse(
        run,
        `Selections can't be made on scalars (field '${selection.name}')`,
        here,
        'selectionMismatch',
      )
    if (field.type !== undefined && selection.selections.length === 0)
      refuse(
        run,
        `Field must have selections (field '${selection.name}' returns ${field.type} but has no selections)`,
        here,
        'selectionMismatch',
      )
    if (field.type !== undefined) checkFields(run, selection.selections, field.type, here)
  }
}

function checkVariables(run: Run): void {
  for (const { name, type, required } of run.document.variables)
    if (required && (run.variables[name] ?? null) === null)
      run.errors.push({
        message: `Variable $${name} of type ${type} was provided invalid value`,
        extensions: { value: null },
      })
}

function select(
  run: Run,
  selections: readonly Selection[],
  type: string,
  source: Readonly<Record<string, unknown>>,
  path: Path,
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const selection of selections) {
    if (selection.kind === 'fragment') {
      const own = typeOf(source, type)
      const applies = [own, ...(implemented[own] ?? [])].includes(selection.type ?? own)
      if (applies) Object.assign(result, select(run, selection.selections, own, source, path))
      continue
    }
    const { alias, name, args, selections: inner } = selection
    if (name === '__typename') {
      result[alias] = typeOf(source, type)
      continue
    }
    const field = schema[type]?.[name] ?? schema[typeOf(source, type)]?.[name] ?? {}
    const here = [...path, alias]
    const value = field.resolve?.(run, source, bind(run, args), here) ?? source[name] ?? null
    result[alias] = field.type === undefined ? value : complete(run, value, inner, field.type, here)
  }
  return result
}

function complete(
  run: Run,
  value: unknown,
  selections: readonly Selection[],
  type: string,
  path: Path,
): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => complete(run, item, selections, type, [...path, index]))
  if (typeof value !== 'object' || value === null) return null
  return select(run, selections, type, value as Record<string, unknown>, path)
}

function bind(run: Run, args: Arguments): Arguments {
  const value = (given: unknown): unknown =>
    typeof given === 'object' && given !== null && 'variable' in given
      ? run.variables[String(given.variable)]
      : given
  return Object.fromEntries(Object.entries(args).map(([name, given]) => [name, value(given)]))
}

function refuse(run: Run, message: string, path: Path, code: string): void {
  run.errors.push({ message, path, extensions: { code } })
}

function readQuestion(
  body: string,
): { query: string; variables: Readonly<Record<string, unknown>> } | undefined {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== 'object' || value === null) return undefined
    const { query, variables } = value as Record<string, unknown>
    if (typeof query !== 'string') return undefined
    return { query, variables: (variables ?? {}) as Record<string, unknown> }
  } catch {
    // Answered as GitHub does: 400.
    return undefined
  }
}
