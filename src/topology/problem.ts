import type { Diagnostic, DiagnosticCode } from '../diagnostics.ts'
import type { Position } from './topology.ts'

/** What is wrong at one place of a topology file; all of them are errors. */
export interface Problem {
  readonly code: DiagnosticCode
  readonly at: Position
  /** What is wrong, one sentence. */
  readonly message: string
  /** What to do about it, one sentence. */
  readonly remedy: string
  /** Resource id that the problem is about. */
  readonly resource?: string
}

/** Takes a problem down; reading goes on, so that all of them are shown at once. */
export type Report = (problem: Problem) => void

/** The diagnostic of a problem in the file of this path. */
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

/**
 * A text of the file as messages show it: quoted, on one line, not longer than they are, and with
 * what can't be seen written out.
 */
export function quoted(text: string): string {
  const characters = Array.from(text)
  const shown = characters.length > 80 ? `${characters.slice(0, 80).join('')}…` : text
  return JSON.stringify(shown).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
