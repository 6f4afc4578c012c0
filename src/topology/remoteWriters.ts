import { readMetrics } from './destinations.ts'
import { childOf, itemsOf, type Node, textOf } from './node.ts'
import { quoted, type Report } from './problem.ts'
import type { RemoteWriter } from './topology.ts'
import type { Workspaces } from './readWorkspaces.ts'

/** Reads `remoteWrite`; reports duplicate names. */
export function readRemoteWriters(
  root: Node,
  workspaces: Workspaces,
  report: Report,
): readonly RemoteWriter[] {
  const lines = new Map<string, number>()
  return itemsOf(childOf(root, 'remoteWrite')).flatMap((entry) => {
    const node = childOf(entry, 'name')
    const name = textOf(node)
    const metrics = readMetrics(entry, workspaces, report)
    if (!node || name === undefined) return []
    const first = lines.get(name)
    if (first !== undefined) {
      report({
        code: 'duplicate-name',
        at: node.at,
        message: `The name ${quoted(name)} is listed twice under remoteWrite; the first entry is on line ${first}.`,
        remedy: 'Give each cluster a unique name.',
      })
    } else lines.set(name, node.at.line)
    return metrics === undefined ? [] : [{ name, metrics, at: entry.at }]
  })
}
