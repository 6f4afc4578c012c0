import type { Change } from '../../plan/plan.ts'
import { groupBy } from '../../resources/group.ts'
import type { Kind } from '../../resources/resource.ts'
import type { Section } from '../text/limit.ts'
import type { Situation } from '../../report.ts'
import type { View } from '../view.ts'
import { listed, plural, subjectOf } from '../text/words.ts'

/** Elsewhere nothing of it lies ahead. */
const ahead: readonly Situation[] = [
  'planned',
  'blocked',
  'drift',
  'plan-changed',
  'plan-not-found',
  'not-converged',
]

/** A red box for who loses a private path, a yellow one for all that is deleted; nothing without deletes. */
export function renderLosses(view: View): Section[] {
  if (!ahead.includes(view.situation)) return []
  const deletes = view.changes.filter((change) => change.action === 'delete')
  return [
    ...box('CAUTION', [
      ...sayTargets(deletes.filter((change) => change.kind === 'association')),
      ...sayRules(view.changes.filter(losesRule)),
      ...sayWorkspaces(deletes.filter(isWorkspaceLink)),
    ]),
    ...box('WARNING', deletes.length === 0 ? [] : [sayDeletes(deletes)]),
  ]

  function sayTargets(lost: readonly Change[]): string[] {
    if (lost.length === 0) return []
    const [stops, its] = lost.length === 1 ? ['stops', 'its'] : ['stop', 'their']
    if (isPrivateOnly(view)) {
      return [
        `⛔ **${names(lost)} ${stops} reporting**: ${its} private configuration path goes, and the ingestion of the scope is PrivateOnly.`,
      ]
    }
    const loses = lost.length === 1 ? 'loses' : 'lose'
    return [`⛔ **${names(lost)}** ${loses} ${its} private configuration path.`]
  }

  function sayRules(silenced: readonly Change[]): string[] {
    if (silenced.length === 0) return []
    const [stops, it] = silenced.length === 1 ? ['stops', 'it has'] : ['stop', 'they have']
    const rules = [...new Set(silenced.map(({ before }) => view.label(ruleOf(before))))]
    return [
      `⛔ **${names(silenced)} ${stops} sending** what ${listed(rules, 4)} collects: ${it} the rule by no other association.`,
    ]
  }

  function sayWorkspaces(unlinked: readonly Change[]): string[] {
    if (unlinked.length === 0) return []
    const loss = `⛔ **${names(unlinked)}** no longer ${unlinked.length === 1 ? 'takes' : 'take'} logs through the scope`
    return isPrivateOnly(view)
      ? [`${loss}: what sends there from its networks **stops reporting**.`]
      : [`${loss}.`]
  }

  function names(changes: readonly Change[]): string {
    return listed(
      changes.map((change) => view.label(subjectOf(change))),
      4,
    )
  }

  function sayDeletes(all: readonly Change[]): string {
    const kinds = [...groupBy(all, (change) => change.kind)].map(
      ([kind, group]) => `${plural(group.length, nouns[kind])} (${names(group)})`,
    )
    return `🗑️ **Deletes** ${listed(kinds)}.`
  }
}

const nouns: Record<Kind, string> = {
  dataCollectionEndpoint: 'endpoint',
  scopedResource: 'link',
  association: 'association',
  accessModes: 'access mode',
}

/** GitHub draws such a quotation as a coloured box. */
function box(type: 'CAUTION' | 'WARNING', lines: readonly string[]): Section[] {
  if (lines.length === 0) return []
  return [
    { type: 'whole', text: `> [!${type}]\n${lines.map((line) => `> ${line}`).join('\n>\n')}` },
  ]
}

/** A rule that only the configuration association held goes with it. */
function losesRule({ before }: Change): boolean {
  return before?.kind === 'association' && before.ruleIsLost === true
}

function ruleOf(resource: Change['before']): string {
  return resource?.kind === 'association' ? (resource.ruleId ?? '') : ''
}

function isWorkspaceLink({ rule, kind }: Change): boolean {
  return kind === 'scopedResource' && rule === 'log-analytics'
}

/** Whether ingestion will be private only: as the plan makes it, else as it is. */
function isPrivateOnly(view: View): boolean {
  const asked = view.changes.findLast((change) => change.kind === 'accessModes')?.after
  const ingestion = asked?.kind === 'accessModes' ? asked.ingestion : view.report.ingestion
  return ingestion === 'PrivateOnly'
}
