import { entriesOf, type Node, textOf } from './node.ts'
import { quoted, type Report } from './problem.ts'

/** Reads a mapping of tags; reports duplicate names, which Azure compares without case. */
export function readTags(node: Node | undefined, report: Report): Readonly<Record<string, string>> {
  const tags: [string, string][] = []
  const lines = new Map<string, number>()
  for (const [name, child] of entriesOf(node)) {
    const value = textOf(child)
    const first = lines.get(name.toLowerCase())
    if (first !== undefined) {
      report({
        code: 'duplicate-key',
        at: child.keyAt,
        message: `The tag ${quoted(name)} is listed twice; the first entry is on line ${first}. Azure ignores case in tag names.`,
        remedy: 'Keep one of them.',
      })
    } else lines.set(name.toLowerCase(), child.keyAt.line)
    if (value !== undefined) tags.push([name, value])
  }
  return Object.fromEntries(tags)
}
