import type { Change } from '../../plan/plan.ts'
import { groupBy } from '../../resources/group.ts'
import type { Kind } from '../../resources/resource.ts'
import type { Section } from '../text/limit.ts'
import type { Situation } from '../../report.ts'
import type { View } from '../view.ts'
import { listed, plural, subjectOf } from '../text/words.ts'

/** Situations in which the deletes are still to be made. */
const ahead: readonly Situation[] = [
  'planned',
  'blocked',
  'drift',
  'plan-changed',
  'plan-not-found',
  'not-converged',
]

/**
 * A red box for targets that lose a private path, a yellow one for everything that is deleted;
 * nothing without deletes.
 */
export function renderLosses(view: View): Section[] {
  if (!ahead.includes(view.situation)) return []
  const deletes = view.changes.filter((change) => change.action === 'delete')
  return [
    ...box('CAUTION', [
      ...describeTargets(deletes.filter((change) => change.kind === 'association')),
      ...describeRules(view.changes.filter(losesRule)),
      ...describeWorkspaces(deletes.filter(isWorkspaceLink)),
    ]),
    ...box('WARNING', deletes.length === 0 ? [] : [describeDeletes(deletes)]),
  ]

  function describeTargets(lost: readonly Change[]): string[] {
    if (lost.length === 0) return []
    const [stops, its] = lost.length === 1 ? ['stops', 'its'] : ['stop', 'their']
    if (isPrivateOnly(view)) {
      return [
        `⛔ **${names(lost)} ${stops} reporting**: ${its} private configuration path is removed, and the scope's ingestion is PrivateOnly.`,
      ]
    }
    const loses = lost.length === 1 ? 'loses' : 'lose'
    return [`⛔ **${names(lost)}** ${loses} ${its} private configuration path.`]
  }

  function describeRules(silenced: readonly Change[]): string[] {
    if (silenced.length === 0) return []
    const [stops, them] = silenced.length === 1 ? ['stops', 'it'] : ['stop', 'them']
    const rules = [...new Set(silenced.map(({ before }) => view.label(ruleOf(before))))]
    return [
      `⛔ **${names(silenced)} ${stops} sending** what ${listed(rules, 4)} ${rules.length === 1 ? 'collects' : 'collect'}: no other association gives ${them} ${rules.length === 1 ? 'that rule' : 'those rules'}.`,
    ]
  }

  function describeWorkspaces(unlinked: readonly Change[]): string[] {
    if (unlinked.length === 0) return []
    const loss = `⛔ **${names(unlinked)}** no longer ${unlinked.length === 1 ? 'accepts' : 'accept'} logs through the scope`
    return isPrivateOnly(view)
      ? [`${loss}: senders in the scope's networks **stop reporting**.`]
      : [`${loss}.`]
  }

  function names(changes: readonly Change[]): string {
    return listed(
      changes.map((change) => view.label(subjectOf(change))),
      4,
    )
  }

  function describeDeletes(all: readonly Change[]): string {
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

/** GitHub renders such a quotation as a coloured box. */
function box(type: 'CAUTION' | 'WARNING', lines: readonly string[]): Section[] {
  if (lines.length === 0) return []
  return [
    { type: 'whole', text: `> [!${type}]\n${lines.map((line) => `> ${line}`).join('\n>\n')}` },
  ]
}

/** True if the change removes a rule that only the configuration association held. */
function losesRule({ before }: Change): boolean {
  return before?.kind === 'association' && before.ruleIsLost === true
}

function ruleOf(resource: Change['before']): string {
  return resource?.kind === 'association' ? (resource.ruleId ?? '') : ''
}

function isWorkspaceLink({ rule, kind }: Change): boolean {
  return kind === 'scopedResource' && rule === 'log-analytics'
}

/** Whether ingestion is PrivateOnly after the plan. */
function isPrivateOnly(view: View): boolean {
  const asked = view.changes.findLast((change) => change.kind === 'accessModes')?.after
  const ingestion = asked?.kind === 'accessModes' ? asked.ingestion : view.report.ingestion
  return ingestion === 'PrivateOnly'
}
