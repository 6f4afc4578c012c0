import { groupBy } from '../resources/group.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { FoundTarget } from './findTargets.ts'
import { listed, type Notebook } from './notebook.ts'

/**
 * Notes the workspaces that only a cluster's monitoring add-on sends to. The file is derived from
 * rules (contract section 11), so such a workspace becomes a comment: an entry would link it, which
 * no one has decided yet.
 *
 * @param named keys of the Log Analytics workspaces that the file names
 */
export function noteAddons(
  targets: readonly FoundTarget[],
  named: ReadonlySet<string>,
  { remarks, shortId }: Notebook,
): void {
  const sent = targets.flatMap(({ id, target, rules }) => {
    const byRule = new Set(rules.flatMap((rule) => rule.logDestinations.map(idKey)))
    return (target.addons ?? []).flatMap(({ workspaceId }) =>
      workspaceId === undefined || byRule.has(idKey(workspaceId))
        ? []
        : [{ cluster: shortId(id.text), workspaceId, key: idKey(workspaceId) }],
    )
  })
  const strange = sent.filter(({ key }) => !named.has(key))
  for (const [, some] of [...groupBy(strange, ({ key }) => key)].toSorted(([a], [b]) =>
    compareText(a, b),
  )) {
    const clusters = [...new Set(some.map(({ cluster }) => cluster))]
    const who = clusters.length === 1 ? 'The monitoring add-on of' : `The monitoring add-ons of`
    const verb = clusters.length === 1 ? 'sends' : 'send'
    remarks.logAnalyticsWorkspaces.push(
      `${who} ${listed(clusters)} ${verb} to ${shortId(some[0]?.workspaceId ?? '')}, but no data collection rule does, so it is not in this file. Add it here to link it.`,
    )
  }
}
