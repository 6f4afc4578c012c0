import { label } from './fields.ts'
import { childOf, entriesOf, hasKey, isMapping, type Node } from './node.ts'
import { quoted } from './problem.ts'
import { type Context, readReference } from './references.ts'
import type { Workspace } from './topology.ts'

/** The aliases of one section of workspaces. */
export interface Aliases {
  readonly all: ReadonlySet<string>
  /** The well-formed aliases, which remedies may suggest. */
  readonly wellFormed: readonly string[]
}

/**
 * The workspaces of a file, and every alias in it, including those of workspaces that don't resolve.
 * Aliases are `undefined` if their section is not a mapping.
 */
export interface Workspaces {
  readonly monitor: readonly Workspace[]
  readonly logs: readonly Workspace[]
  readonly monitorAliases: Aliases | undefined
  readonly logsAliases: Aliases | undefined
}

/** Reads both sections of workspaces in file order; reports duplicate aliases and duplicate workspaces. */
export function readWorkspaces(root: Node, context: Context): Workspaces {
  const monitor = readSection(root, 'azureMonitorWorkspaces', context)
  const logs = readSection(root, 'logAnalyticsWorkspaces', context)
  const monitorSection = childOf(root, 'azureMonitorWorkspaces')
  const logsSection = childOf(root, 'logAnalyticsWorkspaces')
  const monitorAliases = aliasesOf(root, 'azureMonitorWorkspaces')
  const logsAliases = aliasesOf(root, 'logAnalyticsWorkspaces')
  for (const [alias, node] of entriesOf(logsSection)) {
    const other = childOf(monitorSection, alias)
    if (!other) continue
    context.report({
      code: 'duplicate-key',
      at: node.keyAt,
      message: `The alias ${quoted(alias)} is already used for an Azure Monitor workspace on line ${other.keyAt.line}.`,
      remedy: 'Rename one of the two.',
    })
  }
  return { monitor, logs, monitorAliases, logsAliases }
}

function readSection(
  root: Node,
  section: 'azureMonitorWorkspaces' | 'logAnalyticsWorkspaces',
  context: Context,
): Workspace[] {
  const workspaces = new Map<string, Workspace>()
  for (const [alias, node] of entriesOf(childOf(root, section))) {
    const located = readReference(node, section, context)
    if (!located) continue
    const first = workspaces.get(located.id.key)
    if (first) {
      context.report({
        code: 'duplicate-name',
        at: located.at,
        message: `The workspace ${located.id.name} has two aliases: ${quoted(first.alias)}, on line ${first.at.line}, and ${quoted(alias)}.`,
        remedy: 'Keep one alias and use it throughout.',
        resource: located.id.text,
      })
    } else workspaces.set(located.id.key, { ...located, alias })
  }
  return [...workspaces.values()]
}

/** Reads aliases from the original values, so that an alias with an invalid reference isn't reported as unknown too. */
function aliasesOf(
  root: Node,
  name: 'azureMonitorWorkspaces' | 'logAnalyticsWorkspaces',
): Aliases | undefined {
  const section = childOf(root, name)
  if (hasKey(root, name) && !isMapping(section?.value)) return undefined
  const all = isMapping(section?.value) ? Object.keys(section.value) : []
  return { all: new Set(all), wellFormed: all.filter((alias) => label.test(alias)) }
}
