import type { Diagnostic, DiagnosticCode } from '../diagnostics.ts'
import type { Position } from './topology.ts'

/** An error at one place of a topology file. */
export interface Problem {
  readonly code: DiagnosticCode
  readonly at: Position
  /** What is wrong, in one sentence. */
  readonly message: string
  /** What to do about it, in one sentence. */
  readonly remedy: string
  /** Id of the resource that the problem is about. */
  readonly resource?: string
}

/** Records a problem; parsing continues, so that all problems are shown at once. */
export type Report = (problem: Problem) => void

/** Turns a problem into a diagnostic for the file at this path. */
export function diagnosticOf(problem: Problem, file: string): Diagnostic {
  const { code, at, message, remedy, resource } = problem
  return {
    severity: 'error',
    code,
    message,
    remedy,
    ...(resource !== undefined && { resource }),
    file,
    line: at.line,
    column: at.column,
  }
}

/** Quotes a text of the file for a message: on one line, at most 80 characters, invisible characters escaped. */
export function quoted(text: string): string {
  const characters = Array.from(text)
  const shown = characters.length > 80 ? `${characters.slice(0, 80).join('')}…` : text
  return JSON.stringify(shown).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
