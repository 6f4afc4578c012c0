import type { Diagnostic } from '../../diagnostics.ts'
import type { Topology } from '../../topology/topology.ts'
import { code, text } from '../text/markdown.ts'
import { listed, plural, targetNoun } from '../text/words.ts'
import { layOut } from './layOut.ts'
import type { Look } from './look.ts'

/** The result for a valid file: what it contains, and what was not checked. */
export function renderValidated(
  topology: Topology,
  diagnostics: readonly Diagnostic[],
  look: Look,
): string {
  const remarks = diagnostics.map(
    (d) =>
      `- ${d.severity} ${code([d.file, d.line, d.column].join(':'))}: ${text(d.message)} ${text(d.remedy)}`,
  )
  const markdown = [
    `## ✅ ${text(topology.file)} is valid`,
    `Topology **${text(topology.name)}**: ${describeContent(topology)}.`,
    ...(remarks.length > 0 ? [remarks.join('\n')] : []),
    `Azure was not read: ${code('plan')} shows whether the resources exist and what would change.`,
  ]
  return layOut(markdown.join('\n\n'), look)
}

function describeContent({
  targets,
  selects,
  azureMonitorWorkspaces,
  logAnalyticsWorkspaces,
}: Topology): string {
  const clusters = targets.filter((t) => targetNoun(t.id.text) === 'cluster').length
  const workspaces = azureMonitorWorkspaces.length + logAnalyticsWorkspaces.length
  const parts: readonly (readonly [number, string])[] = [
    [targets.length - clusters, 'machine'],
    [clusters, 'cluster'],
    [selects.length, 'select'],
    [workspaces, 'workspace'],
  ]
  return (
    listed(parts.filter(([count]) => count > 0).map(([count, noun]) => plural(count, noun))) ||
    'no targets'
  )
}
