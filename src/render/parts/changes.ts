import type { OutcomeResult } from '../../plan/schedule/outcome.ts'
import type { Action, Change } from '../../plan/plan.ts'
import { kinds, type Kind } from '../../resources/resource.ts'
import { describe } from './differences.ts'
import { elapsed } from '../text/durationText.ts'
import { groupBy } from '../../resources/group.ts'
import type { List, Section } from '../text/limit.ts'
import { text } from '../text/markdown.ts'
import type { Situation } from '../situation.ts'
import { scopeOf, type View } from '../view.ts'
import { listed, plural, sentence, thousands } from '../text/words.ts'

/**
 * The changes, in groups of one kind and action. A few are open lists; many are folded, with what
 * they have in common in the line that stays. Each has its reason and a link to its rule.
 */
export function renderChanges(view: View): Section[] {
  const groups = groupChanges(view.changes)
  if (groups.length === 0) return []
  const heading: Section = { type: 'whole', text: `### ${titles[view.situation] ?? 'Changes'}` }
  return [heading, ...groups.map((group) => renderGroup(group, view))]
}

const titles: Partial<Record<Situation, string>> = {
  blocked: 'What it would change',
  applied: 'What became of each change',
  partial: 'What became of each change',
  failed: 'What became of each change',
  'not-converged': 'What is left',
  drift: 'What differs, and what would put it right',
  superseded: 'What became of each change',
  'plan-changed': 'All that is wanted now',
  'plan-not-found': 'All that is wanted now',
}

const actions: readonly Action[] = ['create', 'update', 'replace', 'delete']

function groupChanges(changes: readonly Change[]): Change[][] {
  return kinds.flatMap((kind) =>
    actions
      .map((action) => changes.filter((c) => c.kind === kind && c.action === action))
      .filter((group) => group.length > 0),
  )
}

function renderGroup(group: readonly Change[], view: View): List {
  const [first] = group
  const heading = first === undefined ? '' : headings[first.kind](first.action, group, view)
  const items = group.map((change) => renderChange(change, view))
  if (!view.isLarge || group.length <= 3) {
    return { type: 'list', head: `**${heading}**`, items, tail: '', weight: 3 }
  }
  const common = commonGround(group, view)
  const head = `<details>\n<summary><b>${heading}</b>${common && ` · ${common}`}</summary>`
  return { type: 'list', head, items, tail: '</details>', weight: 3 }
}

/** Headings of groups. They stand in bold and in summaries, so they hold plain text only. */
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
  replace: 'Link anew',
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

/** What many changes have in common: `2,000 to dce-weu and 950 to dce-neu`. */
function commonGround(group: readonly Change[], view: View): string {
  const counts = [...groupBy(group, (change) => ground(change, view))]
    .filter(([name]) => name !== '')
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([name, members]) => `${thousands(members.length)} ${text(name, 100)}`)
  return listed(counts, 4)
}

function ground(change: Change, view: View): string {
  const resource = change.after ?? change.before
  switch (resource?.kind) {
    case 'association': {
      const endpoint = resource.endpointId ?? resource.ruleId ?? ''
      return `${change.action === 'delete' ? 'at' : 'to'} ${view.name(endpoint)}`
    }
    case 'dataCollectionEndpoint':
      return `in ${resource.location}`
    case 'scopedResource':
      return `by ${change.rule}`
    case 'accessModes':
    case undefined:
      return ''
  }
}

/** One change as one item of a list. Rules are linked by reference: the address stands once, at the end. */
export function renderChange(change: Change, view: View): string {
  const mark = outcomeMark(change, view)
  const outcome = view.outcomes.get(change.key)
  const why = outcome?.result === 'skipped' ? outcome.problem?.message : undefined
  const reason = text(sentence(why ?? change.reason), 600)
  return `- ${mark}${describe(change, view)} — ${reason} [${change.rule}]`
}

function outcomeMark(change: Change, view: View): string {
  if (view.situation === 'not-converged') return ''
  const outcome = view.outcomes.get(change.key)
  if (outcome === undefined) {
    if (view.situation !== 'applying') return ''
    return view.context.progress?.underWay?.includes(change.key) === true ? '⏳ ' : '▫️ '
  }
  const words = outcomeWords[outcome.result]
  const time = outcome.elapsed > 0 ? ` in ${elapsed(outcome.elapsed)}` : ''
  return `${outcomeSigns[outcome.result]} ${words}${time}: `
}

export const outcomeSigns: Record<OutcomeResult, string> = {
  done: '✅',
  already: '☑️',
  failed: '❌',
  changed: '⚠️',
  skipped: '⏭️',
  cancelled: '⏹️',
  unfinished: '❓',
}

export const outcomeWords: Record<OutcomeResult, string> = {
  done: 'done',
  already: 'was so already',
  failed: 'failed',
  changed: 'changed meanwhile, left alone',
  skipped: 'left out',
  cancelled: 'not begun',
  unfinished: 'not known to have finished',
}
