import { groupBy } from '../resources/group.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { FoundTarget } from './findTargets.ts'
import { listed, type Notebook } from './notebook.ts'

/**
 * Says of workspaces that only a cluster's monitoring add-on sends to. The file is made of what rules say (contract
 * section 11), so such a workspace is a comment: an entry would have it linked, which nobody has asked for yet.
 *
 * @param named keys of the Log Analytics workspaces that the file names
 */
export function sayAddons(
  targets: readonly FoundTarget[],
  named: ReadonlySet<string>,
  { remarks, say }: Notebook,
): void {
  const sent = targets.flatMap(({ id, target, rules }) => {
    const byRule = new Set(rules.flatMap((rule) => rule.logDestinations.map(idKey)))
    return (target.addons ?? []).flatMap(({ workspaceId }) =>
      workspaceId === undefined || byRule.has(idKey(workspaceId))
        ? []
        : [{ cluster: say(id.text), workspaceId, key: idKey(workspaceId) }],
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
      `${who} ${listed(clusters)} ${verb} to ${say(some[0]?.workspaceId ?? '')} by the settings of the cluster, and no rule does: not in this file. Name it here to have it linked.`,
    )
  }
}
