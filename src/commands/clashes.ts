import type { Diagnostic } from '../diagnostics.ts'
import { pushTo } from '../resources/group.ts'
import { guessName } from './guessName.ts'
import { type Claims, parseTopology } from '../topology/parseTopology.ts'
import type { Position } from '../topology/topology.ts'

/** The text of one topology file of the run. */
export interface FileText {
  readonly file: string
  readonly text: string
}

/**
 * Finds names and scopes that several files use (contract section 7). With one name, each file would delete the
 * other's objects as its own leftovers; with one scope, each would set its access modes without knowing the
 * other's targets. Compares the parsed values, not their spelling. Returns errors by file; a file with errors is
 * not run.
 */
export function findClashes(
  files: readonly FileText[],
  today: string,
): ReadonlyMap<string, readonly Diagnostic[]> {
  // A single file cannot clash, and need not be parsed twice.
  if (files.length < 2) return new Map()
  const claims = files.map(({ file, text }) => ({ file, ...claimsOf(file, text, today) }))
  const clashes = new Map<string, Diagnostic[]>()
  const names = claims.flatMap(({ file, name }) =>
    name === undefined ? [] : [{ file, key: name.text, at: name.at, shown: name.text }],
  )
  const scopes = claims.flatMap(({ file, scope }) =>
    scope === undefined
      ? []
      : [{ file, key: scope.id.key, at: scope.at, shown: scope.id.name, id: scope.id.text }],
  )
  for (const { claim, others } of shared(names))
    pushTo(clashes, claim.file, sameName(claim, others))
  for (const { claim, others } of shared(scopes)) {
    pushTo(clashes, claim.file, { ...sameScope(claim, others), resource: claim.id })
  }
  return clashes
}

/** A file that isn't valid YAML still blocks another of the same name, so its name is guessed. */
function claimsOf(file: string, text: string, today: string): Claims {
  const { claims } = parseTopology(text, { file, today })
  const guessed = claims.name === undefined ? guessName(text) : undefined
  return guessed === undefined
    ? claims
    : { ...claims, name: { text: guessed, at: { line: 1, column: 1 } } }
}

interface Claim {
  readonly file: string
  readonly key: string
  readonly at: Position
  readonly shown: string
}

/** Claims that several files share, each with the other files. */
function shared<T extends Claim>(
  claims: readonly T[],
): readonly { readonly claim: T; readonly others: readonly string[] }[] {
  const files = new Map<string, string[]>()
  for (const { key, file } of claims) pushTo(files, key, file)
  return claims.flatMap((claim) => {
    const others = (files.get(claim.key) ?? []).filter((file) => file !== claim.file)
    return others.length === 0 ? [] : [{ claim, others }]
  })
}

function sameName({ file, shown, at }: Claim, others: readonly string[]): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-name',
    message: `The name "${shown}" is also used by ${list(others)}; each file would delete the other's objects as its own leftovers.`,
    remedy: 'Give every topology file of the repository its own name.',
    file,
    line: at.line,
    column: at.column,
  }
}

function sameScope({ file, shown, at }: Claim, others: readonly string[]): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-scope',
    message: `The private link scope ${shown} is also used by ${list(others)}; each file would set its access modes without knowing the other's targets.`,
    remedy: 'Use one file per scope: merge the files into one, or give each its own scope.',
    file,
    line: at.line,
    column: at.column,
  }
}

/** The first few names, and how many more there are. */
function list(files: readonly string[]): string {
  const shown = files.slice(0, 5).join(', ')
  return files.length > 5 ? `${shown} and ${files.length - 5} more` : shown
}
