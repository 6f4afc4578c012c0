import type { Action, Change } from '../../plan/plan.ts'
import { groupBy } from '../../resources/group.ts'
import { kinds, type Kind } from '../../resources/resource.ts'
import { actionSigns, renderChange } from './changeLine.ts'
import type { List, Section } from '../text/limit.ts'
import { text } from '../text/markdown.ts'
import type { Situation } from '../../report.ts'
import { listed, plural, thousands } from '../text/words.ts'
import { scopeOf, type View } from '../view.ts'

/** More changes than this of one kind and action are folded. */
const maxOpen = 10

/**
 * The changes, one per line, ordered by kind and action. Many of one kind and action are folded
 * under a line with what they have in common.
 */
export function renderChanges(view: View): Section[] {
  const groups = groupChanges(view.changes)
  if (groups.length === 0) return []
  const sections: Section[] = [
    { type: 'whole', text: `### ${titles[view.situation] ?? 'Changes'}` },
  ]
  let open: Change[] = []
  const close = (): void => {
    if (open.length > 0) sections.push(openList(open, view))
    open = []
  }
  for (const group of groups) {
    if (group.length <= maxOpen) open.push(...group)
    else {
      close()
      sections.push(foldedList(group, view))
    }
  }
  close()
  return sections
}

const titles: Partial<Record<Situation, string>> = {
  blocked: 'What it would change',
  applied: 'Result of each change',
  partial: 'Result of each change',
  failed: 'Result of each change',
  'not-converged': 'Remaining differences',
  drift: 'Differences, and the changes that fix them',
  superseded: 'Result of each change',
  'plan-changed': 'All changes needed now',
  'plan-not-found': 'All changes needed now',
}

const actions: readonly Action[] = ['create', 'update', 'replace', 'delete']

function groupChanges(changes: readonly Change[]): Change[][] {
  return kinds.flatMap((kind) =>
    actions
      .map((action) => changes.filter((c) => c.kind === kind && c.action === action))
      .filter((group) => group.length > 0),
  )
}

function openList(changes: readonly Change[], view: View): List {
  const items = changes.map((change) => renderChange(change, view))
  return { type: 'list', head: '', items, tail: '', weight: 3 }
}

function foldedList(group: readonly Change[], view: View): List {
  const [first] = group
  const heading = first === undefined ? '' : headings[first.kind](first.action, group, view)
  const sign =
    first?.action === 'delete' || first?.action === 'replace' ? actionSigns[first.action] : ''
  const common = commonGround(group, view)
  const summary = `${sign} <b>${heading}</b>${common && ` · ${common}`}`.trim()
  return {
    type: 'list',
    head: `<details>\n<summary>${summary}</summary>`,
    items: group.map((change) => renderChange(change, view)),
    tail: '</details>',
    weight: 3,
  }
}

/** Headings of groups, as plain text: they are used in bold and in summaries. */
const headings: Record<Kind, (action: Action, group: readonly Change[], view: View) => string> = {
  dataCollectionEndpoint: (action, group) =>
    `${endpointVerbs[action]} ${plural(group.length, 'data collection endpoint')}`,
  scopedResource: (action, group, view) =>
    `${linkVerbs[action]} ${plural(group.length, 'resource')} ${action === 'delete' ? 'from' : 'to'} ${scopeName(group, view)}`,
  association: (action, group) => associationHeading(action, group.length),
  accessModes: () => 'Set the access modes of the scope',
}

const endpointVerbs: Record<Action, string> = {
  create: 'Create',
  update: 'Update',
  replace: 'Replace',
  delete: 'Delete',
}

const linkVerbs: Record<Action, string> = {
  create: 'Link',
  update: 'Link again',
  replace: 'Relink',
  delete: 'Unlink',
}

function associationHeading(action: Action, count: number): string {
  const targets = plural(count, 'target')
  switch (action) {
    case 'create':
      return `Associate ${targets} with an endpoint`
    case 'update':
      return `Update the association of ${targets}`
    case 'replace':
      return `Move ${targets} to another endpoint`
    case 'delete':
      return `Delete the association of ${targets}`
  }
}

function scopeName(group: readonly Change[], view: View): string {
  return `scope ${text(view.name(scopeOf(group[0]?.id ?? '')), 100)}`
}

/** What the changes of a group have in common: `2,000 to dce-weu and 950 to dce-neu`. */
function commonGround(group: readonly Change[], view: View): string {
  const counts = [...groupBy(group, (change) => ground(change, view))]
    .filter(([name]) => name !== '')
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([name, members]) => `${thousands(members.length)} ${text(name, 100)}`)
  return listed(counts, 4)
}

function ground(change: Change, view: View): string {
  const resource = change.after ?? change.before
  switch (resource.kind) {
    case 'association': {
      const endpoint = resource.endpointId ?? resource.ruleId ?? ''
      return `${change.action === 'delete' ? 'at' : 'to'} ${view.name(endpoint)}`
    }
    case 'dataCollectionEndpoint':
      return `in ${resource.location}`
    case 'scopedResource':
      return `by ${change.rule}`
    case 'accessModes':
      return ''
  }
}
