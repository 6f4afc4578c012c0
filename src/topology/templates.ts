import { type Node, textOf } from './node.ts'
import { type Problem, quoted, type Report } from './problem.ts'
import { suggest } from './nearest.ts'

/** Placeholders by the key that takes the template (contract section 2). */
export const placeholders = {
  regionalName: ['topology', 'region'],
  machineName: ['topology', 'region', 'machine', 'hash'],
} as const

/** What names are made from where the file doesn't say (contract section 1). */
export const defaultNames = {
  regionalName: 'dce-{topology}-{region}',
  machineName: 'dce-{machine}-{hash}',
} as const

/** Longer than any name can be, in characters. */
export const longestTemplate = 200

/** Reads a template for names; `undefined` when there is none, or when it is reported to be wrong. */
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
      remedy: `Write at most ${longestTemplate}; names are cut to 44.`,
    }
  }
  for (const [brace, name] of template.matchAll(/\{([^{}]*)\}|[{}]/g)) {
    if (name === undefined) {
      return {
        code: 'invalid-value',
        message: `${key} ${quoted(template)} holds a ${quoted(brace)} that belongs to no placeholder.`,
        remedy: `Placeholders are ${shown(known)}; no other brace may stand in a name.`,
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
    message: `${key} ${quoted(template)} leaves nothing that may stand in a name.`,
    remedy: 'Write letters or digits, or a placeholder.',
  }
}

function braced(name: string): string {
  return `{${name}}`
}

function shown(names: readonly string[]): string {
  return names.map(braced).join(', ')
}
