import { z } from 'zod'
import type { DiagnosticCode } from '../diagnostics.ts'
import { type About, wording } from './fields.ts'
import { suggest } from './nearest.ts'
import { isMapping } from './node.ts'
import { quoted } from './problem.ts'

/** The text of one schema violation, before its place in the file is known. */
export interface Complaint {
  readonly code: DiagnosticCode
  /** The message for a value at this path, such as `clusters[0].metrics`. */
  readonly message: (path: string) => string
  readonly remedy: string
}

/** Rewrites zod's issue in the file's terms: one complaint, or one per unknown key. */
export function complaintsAbout(issue: z.core.$ZodRawIssue): readonly Complaint[] {
  const schema = issue.schema ?? issue.inst
  if (issue.code === 'unrecognized_keys') {
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
    return issue.keys.map((key) => unknownKey(key, known))
  }
  const about = schema instanceof z.ZodType ? wording.get(schema) : undefined
  return [about ? wrongValue(issue, about) : unworded]
}

/** Fallback for a schema without a `wording`; a test checks that every schema has one. */
const unworded: Complaint = {
  code: 'invalid-value',
  message: (path) => `${path} has a value that is not allowed here.`,
  remedy: 'Compare it with the files in examples/.',
}

function unknownKey(key: string, known: readonly string[]): Complaint {
  return {
    code: 'unknown-key',
    message: (path) => `${path} is not a known key.`,
    remedy: key === '<<' ? 'YAML 1.2 has no merge keys: write the keys out.' : suggest(key, known),
  }
}

function wrongValue(issue: z.core.$ZodRawIssue, about: About): Complaint {
  const { input } = issue
  if (input === undefined) {
    return {
      code: 'missing-key',
      message: (path) => `${path} is missing.`,
      remedy: `Add it: ${about.example}`,
    }
  }
  const like = `Write it like this: ${about.example}`
  const removeOr = about.required ? like : `Remove it, or write it like this: ${about.example}`
  const code = 'invalid-value'
  if (input === null) {
    return { code, message: (path) => `${path} has no value.`, remedy: removeOr }
  }
  if (issue.code === 'too_small') {
    return { code, message: (path) => `${path} is empty.`, remedy: removeOr }
  }
  return {
    code,
    message: (path) => `${path} must be ${about.wanted}, not ${found(input)}.`,
    remedy: remedyFor(issue, about) ?? like,
  }
}

function remedyFor(issue: z.core.$ZodRawIssue, about: About): string | undefined {
  const { input } = issue
  if (issue.code === 'invalid_value' && typeof input === 'string') {
    const words = issue.values.filter((value) => typeof value === 'string')
    return words.length > 0 ? suggest(input, words) : undefined
  }
  const isTextWanted = issue.code === 'invalid_type' && issue.expected === 'string'
  if (!isTextWanted || (typeof input !== 'number' && typeof input !== 'boolean')) return undefined
  return wouldFit(issue.inst, about, String(input)) ? 'Put quotes around it.' : undefined
}

function wouldFit(schema: unknown, about: About, text: string): boolean {
  const pattern = about.json?.pattern
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(text)) return false
  return schema instanceof z.ZodType && schema.safeParse(text).success
}

function found(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : quoted(value)
  if (typeof value === 'number') return `the number ${value}`
  if (Array.isArray(value)) return 'a list'
  return isMapping(value) ? 'a mapping' : String(value)
}
