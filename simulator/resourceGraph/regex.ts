import { invalidQuery, Refused } from './refusal.ts'

const expressions = new Map<string, RegExp>()

/**
 * Translates a regular expression of Kusto (RE2) to JavaScript: rewrites leading flags like `(?i)` and named
 * groups. Throws `Refused` when it is invalid.
 */
export function expression(pattern: string): RegExp {
  const cached = expressions.get(pattern)
  if (cached !== undefined) return cached
  const compiled = compile(pattern)
  expressions.set(pattern, compiled)
  return compiled
}

/** The same expression, to find every match. */
export function everywhere(pattern: string): RegExp {
  const { source, flags } = expression(pattern)
  return new RegExp(source, `${flags}g`)
}

function compile(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern)
  const body = (flags === null ? pattern : pattern.slice(flags[0].length)).replace(/\(\?P</g, '(?<')
  const unicode = /\\p\{/i.test(body) ? 'u' : ''
  try {
    return new RegExp(body, `${unicode}${flags?.[1] ?? ''}`)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const message = `The regular expression '${pattern}' is invalid: ${error.message}`
    throw new Refused([invalidQuery, { code: 'Default', message }])
  }
}
