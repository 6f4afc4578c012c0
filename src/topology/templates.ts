import { type Node, textOf } from './node.ts'
import { type Problem, quoted, type Report } from './problem.ts'
import { suggest } from './nearest.ts'

/** The placeholders of each template (contract section 2). */
export const placeholders = {
  regionalName: ['topology', 'region'],
  machineName: ['topology', 'region', 'machine', 'hash'],
} as const

/** Default templates (contract section 1). */
export const defaultNames = {
  regionalName: 'dce-{topology}-{region}',
  machineName: 'dce-{machine}-{hash}',
} as const

/** Limit for a template, in characters; far above the 44 of a name. */
export const longestTemplate = 200

/** Reads a name template; `undefined` if it is absent, or invalid, which is reported. */
export function readTemplate(
  node: Node | undefined,
  key: keyof typeof placeholders,
  report: Report,
): string | undefined {
  const template = textOf(node)
  if (!node || template === undefined) return undefined
  const problem = problemOf(template, key)
  if (!problem) return template
  report({ at: node.at, ...problem })
  return undefined
}

function problemOf(
  template: string,
  key: keyof typeof placeholders,
): Omit<Problem, 'at'> | undefined {
  const known: readonly string[] = placeholders[key]
  if (template.length > longestTemplate) {
    return {
      code: 'invalid-value',
      message: `${key} is ${template.length} characters long.`,
      remedy: `Write at most ${longestTemplate} characters; names are cut to 44.`,
    }
  }
  for (const [brace, name] of template.matchAll(/\{([^{}]*)\}|[{}]/g)) {
    if (name === undefined) {
      return {
        code: 'invalid-value',
        message: `${key} ${quoted(template)} contains a ${quoted(brace)} outside of a placeholder.`,
        remedy: `Use braces only for the placeholders ${shown(known)}.`,
      }
    }
    if (!known.includes(name)) {
      return {
        code: 'invalid-value',
        message: `${key} has no placeholder ${quoted(brace)}.`,
        remedy: suggest(`{${name}}`, known.map(braced)),
      }
    }
  }
  if (/[A-Za-z0-9]/.test(template)) return undefined
  return {
    code: 'duplicate-name',
    message: `${key} ${quoted(template)} gives a name without a letter or digit.`,
    remedy: 'Use letters, digits or a placeholder.',
  }
}

function braced(name: string): string {
  return `{${name}}`
}

function shown(names: readonly string[]): string {
  return names.map(braced).join(', ')
}
