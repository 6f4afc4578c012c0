import type { Diagnostic } from '../diagnostics.ts'
import { markOf, marksOf } from '../resources/ownership.ts'
import type { FileText } from './clashes.ts'
import type { Run } from '../run.ts'
import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology } from '../topology/topology.ts'

/** The mark of each topology file of a run, even of one with errors elsewhere. */
export function readMarks(files: readonly FileText[], today: string): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap(({ file, text }) => {
      const { name, scope } = parseTopology(text, { file, today }).claims
      if (name === undefined || scope === undefined) return []
      return [[file, markOf(name.text, scope.id.key)] as const]
    }),
  )
}

/** Marks of the other topology files of the run. */
export function othersOf(topology: Topology, { marks }: Pick<Run, 'marks'>): ReadonlySet<string> {
  return new Set([...marks].filter(([file]) => file !== topology.file).map(([, mark]) => mark))
}

/** A former mark must not be the mark of another file of the run: each would take over the other's objects. */
export function claimedMark(
  topology: Topology,
  others: ReadonlySet<string>,
): Diagnostic | undefined {
  const claimed = [...marksOf(topology).former].find((mark) => others.has(mark))
  if (claimed === undefined) return undefined
  return {
    severity: 'error',
    code: 'duplicate-name',
    message: `formerNames lists ${claimed}, which is the mark of another topology file: its objects would be taken over.`,
    remedy: 'Remove it from formerNames, or remove the other file first.',
    file: topology.file,
    line: 1,
    column: 1,
  }
}
