import type { Change } from '../../plan/plan.ts'
import { idKey } from '../../resources/id.ts'
import type { Association } from '../../resources/resource.ts'
import { estimate } from '../text/durationText.ts'
import { text } from '../text/markdown.ts'
import { scopeOf, type View } from '../view.ts'
import { capital, countTargets, listed, plural } from '../text/words.ts'

/**
 * What the changes mean for machines, clusters and the scope, in a line or two: which get a private
 * configuration path, move or lose it, and how long the apply takes.
 */
export function describeImpact(view: View): string {
  const { changes } = view
  const time = estimate(view.report.expectedSeconds, changes)
  const sentences = [
    impactOnTargets(changes),
    impactOnScope(changes, view),
    impactOnModes(changes),
    time,
  ]
  return sentences
    .filter((words) => words !== undefined && words !== '')
    .map((words) => `${capital(words ?? '')}.`)
    .join(' ')
}

function impactOnTargets(changes: readonly Change[]): string {
  const associations = changes.filter((change) => change.kind === 'association')
  if (associations.length === 0) return 'no machine or cluster changes its endpoint'
  const gained = targetsOf(associations.filter((c) => c.action === 'create'))
  const freed = associations.filter((c) => c.action === 'replace' && holdsRule(c))
  const moved = associations.filter((c) => c.action === 'replace' && !holdsRule(c))
  const lost = targetsOf(associations.filter((c) => c.action === 'delete'))
  const silenced = associations.filter((c) => associationOf(c.before)?.ruleIsLost === true)
  const paths = [...gained, ...targetsOf(freed)]
  return listed([
    ...(paths.length > 0
      ? [
          `**${countTargets(paths)}** ${paths.length === 1 ? 'gets' : 'get'} a private configuration path`,
        ]
      : []),
    ...(moved.length > 0
      ? [
          `**${countTargets(targetsOf(moved))}** ${moved.length === 1 ? 'moves' : 'move'} to another endpoint`,
        ]
      : []),
    ...(silenced.length > 0 ? [lostRules(silenced)] : []),
    ...(lost.length === 0 && silenced.length > 0 ? [] : [lostPaths(lost)]),
  ])
}

/**
 * A rule that only the configuration association held is lost with it, and so are the data that it
 * collected.
 */
function lostRules(silenced: readonly Change[]): string {
  const targets = targetsOf(silenced)
  const rules = new Set(silenced.map(({ before }) => idKey(associationOf(before)?.ruleId ?? '')))
  const stop = targets.length === 1 ? 'stops' : 'stop'
  const collected = rules.size === 1 ? 'a rule' : `${rules.size} rules`
  return `**${countTargets(targets)}** ${stop} sending what ${collected} collected`
}

function lostPaths(lost: readonly string[]): string {
  return lost.length > 0
    ? `**${countTargets(lost)}** ${lost.length === 1 ? 'loses its' : 'lose their'} private configuration path`
    : 'no target loses its endpoint'
}

function impactOnScope(changes: readonly Change[], view: View): string {
  const links = changes.filter((change) => change.kind === 'scopedResource')
  const [first] = links
  if (first === undefined) return ''
  const added = links.filter((link) => link.action === 'create').length
  const removed = links.filter((link) => link.action === 'delete').length
  const scope = view.show(scopeOf(first.id))
  return listed([
    ...(added > 0
      ? [`${plural(added, 'resource')} ${added === 1 ? 'is' : 'are'} linked to scope ${scope}`]
      : []),
    ...(removed > 0
      ? [
          `${plural(removed, 'resource')} ${removed === 1 ? 'is' : 'are'} unlinked from ${added > 0 ? 'it' : `scope ${scope}`}`,
        ]
      : []),
  ])
}

function impactOnModes(changes: readonly Change[]): string {
  return listed(
    changes.flatMap(({ before, after }) => {
      if (after?.kind !== 'accessModes') return []
      const old = before?.kind === 'accessModes' ? before : undefined
      return (['ingestion', 'query'] as const)
        .filter((mode) => old?.[mode] !== after[mode])
        .map((mode) => `${mode} becomes **${text(after[mode], 40)}**`)
    }),
  )
}

function holdsRule(change: Change): boolean {
  return associationOf(change.before)?.endpointId === undefined
}

function targetsOf(changes: readonly Change[]): string[] {
  return changes.flatMap(({ before, after }) => {
    const association = associationOf(after ?? before)
    return association === undefined ? [] : [association.target]
  })
}

function associationOf(resource: Change['before']): Association | undefined {
  return resource?.kind === 'association' ? resource : undefined
}
