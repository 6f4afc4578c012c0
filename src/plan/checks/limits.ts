import type { Diagnostic } from '../../diagnostics.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Draft } from '../draft.ts'

/** Limits on deletes and replacements per plan. They are inputs of the workflow, so that a pull request to the file can't raise them. */
export interface Limits {
  readonly maxDeletes: number
  readonly maxReplacements: number
}

/** `limit-exceeded`: the plan deletes or replaces more objects than allowed. */
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
            message: `This plan would ${what} ${found} objects, but ${input} allows only ${most}.`,
            remedy: `If this is intended, set the action's input ${input} to at least ${found} in the workflow. If not, check what was removed from the file.`,
            ...place,
          },
        ]
  return [
    ...exceeded('delete', count('delete'), limits.maxDeletes, 'max-deletes'),
    ...exceeded('replace', count('replace'), limits.maxReplacements, 'max-replacements'),
  ]
}
