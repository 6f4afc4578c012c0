import type { Diagnostic } from '../diagnostics.ts'
import { pushTo } from '../resources/group.ts'
import { guessName } from './guessName.ts'
import { type Claims, parseTopology } from '../topology/parseTopology.ts'
import type { Position } from '../topology/topology.ts'

/** A topology file of the run as it was read. */
export interface FileText {
  readonly file: string
  readonly text: string
}

/**
 * Finds what only one file may claim and several do (contract section 7): one name, by which each would take
 * the other's objects for its own leftovers, or one scope, whose modes each would set without knowing the
 * other's targets. What is compared is what the files mean, not how they spell it; none of them is run. By
 * file, as errors.
 */
export function findClashes(
  files: readonly FileText[],
  today: string,
): ReadonlyMap<string, readonly Diagnostic[]> {
  // A file by itself clashes with nobody, and need not be parsed twice.
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

/** Of a file that is no YAML only its name can be guessed; it isn't run, and the other must not be either. */
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

/** Claims that several files make, each with the files of the others. */
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
    message: `The name "${shown}" is claimed by ${list(others)} too; each file would take the other's objects for its own leftovers.`,
    remedy: 'Give every topology file of the repository a name of its own.',
    file,
    line: at.line,
    column: at.column,
  }
}

function sameScope({ file, shown, at }: Claim, others: readonly string[]): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-scope',
    message: `The private link scope ${shown} is claimed by ${list(others)} too; each file would set its access modes without knowing whom the other links.`,
    remedy:
      'One file is one scope: put what the files name into one of them, or give each a scope of its own.',
    file,
    line: at.line,
    column: at.column,
  }
}

/** The first few; hundreds of files of one name say no more. */
function list(files: readonly string[]): string {
  const shown = files.slice(0, 5).join(', ')
  return files.length > 5 ? `${shown} and ${files.length - 5} more` : shown
}
