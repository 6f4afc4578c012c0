import { childOf, type Node, textOf, textsOf } from './node.ts'
import { suggest } from './nearest.ts'
import { quoted, type Report } from './problem.ts'
import type { Destinations, Position } from './topology.ts'
import type { Workspaces } from './readWorkspaces.ts'

/** Reads the `metrics` and `logs` of a target; reports unknown aliases. */
export function readDestinations(
  entry: Node | undefined,
  workspaces: Workspaces,
  report: Report,
): Destinations {
  const metrics = readMetrics(entry, workspaces, report)
  const given = childOf(entry, 'logs')
  const one = textOf(given)
  const written = given && one !== undefined ? [{ text: one, at: given.at }] : textsOf(given)
  const logs: string[] = []
  for (const { text, at } of written) {
    if (!isKnown(text, at, 'logs', workspaces, report)) continue
    if (!logs.includes(text)) logs.push(text)
    else {
      report({
        code: 'invalid-value',
        at,
        message: `The alias ${quoted(text)} is listed twice.`,
        remedy: 'Keep one of them.',
      })
    }
  }
  return { ...(metrics !== undefined && { metrics }), logs }
}

/** Reads the `metrics` of a target or a remote writer; `undefined` if it is absent or unknown. */
export function readMetrics(
  entry: Node | undefined,
  workspaces: Workspaces,
  report: Report,
): string | undefined {
  const node = childOf(entry, 'metrics')
  const alias = textOf(node)
  if (!node || alias === undefined) return undefined
  return isKnown(alias, node.at, 'metrics', workspaces, report) ? alias : undefined
}

function isKnown(
  alias: string,
  at: Position,
  key: 'metrics' | 'logs',
  workspaces: Workspaces,
  report: Report,
): boolean {
  const { monitorAliases, logsAliases } = workspaces
  const [known, others] =
    key === 'metrics' ? [monitorAliases, logsAliases] : [logsAliases, monitorAliases]
  if (!known || known.all.has(alias)) return true
  const sections = ['azureMonitorWorkspaces', 'logAnalyticsWorkspaces'] as const
  const [section, other] = key === 'metrics' ? sections : sections.toReversed()
  const words = known.wellFormed
  report({
    code: 'unknown-alias',
    at,
    message: others?.all.has(alias)
      ? `${quoted(alias)} is an alias of ${other}, but must be one of ${section}.`
      : `No workspace in ${section} has the alias ${quoted(alias)}.`,
    remedy: words.length > 0 ? suggest(alias, words) : `Add the workspace to ${section}.`,
  })
  return false
}
