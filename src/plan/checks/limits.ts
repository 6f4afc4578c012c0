import type { Diagnostic } from '../../diagnostics.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Draft } from '../draft.ts'

/** How much one plan may take away; inputs of the workflow, so that a pull request can't loosen them. */
export interface Limits {
  readonly maxDeletes: number
  readonly maxReplacements: number
}

/** `limit-exceeded` with the numbers and the way out, when a plan takes away more than it may. */
export function checkLimits(
  topology: Topology,
  drafts: readonly Draft[],
  limits: Limits,
): readonly Diagnostic[] {
  const count = (action: Draft['action']) => drafts.filter((d) => d.action === action).length
  const place = {
    file: topology.file,
    line: topology.privateLinkScope.at.line,
    column: topology.privateLinkScope.at.column,
  }
  const exceeded = (what: string, found: number, most: number, input: string): Diagnostic[] =>
    found <= most
      ? []
      : [
          {
            severity: 'error',
            code: 'limit-exceeded',
            message: `This plan would ${what} ${found} objects, and ${input} allows ${most}.`,
            remedy: `If that is meant, set the action's input ${input} to at least ${found} in the workflow; if it isn't, look for what the file no longer names.`,
            ...place,
          },
        ]
  return [
    ...exceeded('delete', count('delete'), limits.maxDeletes, 'max-deletes'),
    ...exceeded('replace', count('replace'), limits.maxReplacements, 'max-replacements'),
  ]
}
