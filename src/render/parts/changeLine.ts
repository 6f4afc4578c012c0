import type { Change, Action } from '../../plan/plan.ts'
import type { Kind } from '../../resources/resource.ts'
import { changeDetails } from './differences.ts'
import { outcomeSigns, outcomeWords } from './outcomeWords.ts'
import { elapsed } from '../text/durationText.ts'
import { code, text } from '../text/markdown.ts'
import { pointInTime, sentence } from '../text/words.ts'
import type { View } from '../view.ts'

/**
 * One change as one complete line: its sign or result, what it does, why, by which rule, and who
 * last changed an object that it deletes or moves. Rules are linked by reference, so that each URL
 * appears once, at the end.
 */
export function renderChange(change: Change, view: View): string {
  const outcome = view.outcomes.get(change.key)
  const why = outcome?.result === 'skipped' ? outcome.problem?.message : undefined
  const reason = text(sentence(why ?? change.reason), 600)
  const last = outcome === undefined ? lastChanged(change, view) : ''
  return `- ${mark(change, view)} ${describeChange(change, view)} — ${reason} [${change.rule}]${last}`
}

/** What a change does, as in every list of changes: `Unlink **dce-weu**`. */
export function describeChange(change: Change, view: Pick<View, 'show' | 'label'>): string {
  return `${verbs[change.kind][change.action]} ${changeDetails(change, view)}`
}

const verbs: Record<Kind, Record<Action, string>> = {
  dataCollectionEndpoint: {
    create: 'Create endpoint',
    update: 'Update endpoint',
    replace: 'Replace endpoint',
    delete: 'Delete endpoint',
  },
  scopedResource: {
    create: 'Link',
    update: 'Link again',
    replace: 'Relink',
    delete: 'Unlink',
  },
  association: {
    create: 'Associate',
    update: 'Update the association of',
    replace: 'Move',
    delete: 'Delete the association of',
  },
  accessModes: { create: 'Set', update: 'Set', replace: 'Set', delete: 'Reset' },
}

/** Deletions and moves have signs that stand out. */
export const actionSigns: Record<Action, string> = {
  create: '➕',
  update: '✏️',
  replace: '🔀',
  delete: '🗑️',
}

function mark(change: Change, view: View): string {
  const outcome = view.outcomes.get(change.key)
  if (view.situation === 'not-converged') return actionSigns[change.action]
  if (outcome === undefined) {
    if (view.situation !== 'applying') return actionSigns[change.action]
    return view.context.progress?.underWay?.includes(change.key) === true ? '⏳' : '▫️'
  }
  const time = outcome.elapsed > 0 ? ` in ${elapsed(outcome.elapsed)}` : ''
  return `${outcomeSigns[outcome.result]} ${outcomeWords[outcome.result]}${time}:`
}

/**
 * Who last changed the live object, if Azure reports it. Not of interest for created or kept
 * objects.
 */
function lastChanged({ action, changed }: Change, view: View): string {
  if (changed === undefined || action === 'create') return ''
  if (action === 'update' && view.situation !== 'drift') return ''
  const at = changed.at === undefined ? undefined : pointInTime(changed.at)
  const type =
    changed.type === undefined || changed.type === 'User' ? '' : ` (${text(changed.type, 40)})`
  const verb = view.situation === 'drift' ? 'Changed' : 'Last changed'
  return ` ${verb} by ${code(changed.by, 200)}${type}${at === undefined ? '' : `, ${at}`}.`
}
