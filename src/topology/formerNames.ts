import { childOf, itemsOf, textOf } from './node.ts'
import type { Node } from './node.ts'
import { quoted } from './problem.ts'
import type { Report } from './problem.ts'

/** A former name of a topology, or a whole mark if the topology was for another scope. */
export const formerName = /^[a-z][a-z0-9-]{0,18}[a-z0-9](?:\/[0-9a-f]{8})?$/

/** Reads `formerNames`; reports duplicates. */
export function readFormerNames(root: Node, report: Report): readonly string[] {
  const lines = new Map<string, number>()
  for (const node of itemsOf(childOf(root, 'formerNames'))) {
    const name = textOf(node)
    if (name === undefined) continue
    const first = lines.get(name)
    if (first === undefined) lines.set(name, node.at.line)
    else {
      report({
        code: 'duplicate-name',
        at: node.at,
        message: `The name ${quoted(name)} is listed twice under formerNames; the first entry is on line ${first}.`,
        remedy: 'Keep one of them.',
      })
    }
  }
  return [...lines.keys()]
}
