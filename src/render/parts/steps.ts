import type { Action, Change } from '../../plan/plan.ts'
import type { Kind } from '../../resources/resource.ts'
import type { Section } from '../text/limit.ts'
import { details, text } from '../text/markdown.ts'
import type { View } from '../view.ts'
import { capital, listed, plural, subjectOf } from '../text/words.ts'

/** A run of changes of one kind and action that are made together. */
interface Step {
  readonly kind: Kind
  readonly action: Action
  readonly changes: Change[]
}

/** Folded: the numbered steps in the order in which they are made, with what each waits for. */
export function renderSteps(view: View): Section[] {
  const steps = stepsOf(view.changes)
  if (steps.length === 0) return []
  const lines = steps.map((step, index) => `${index + 1}. ${sayStep(step, index > 0, view)}`)
  const last = `${steps.length + 1}. Everything is read again from Azure; anything left is reported.`
  const text = details('Steps, in order', [...lines, last].join('\n'))
  return [{ type: 'optional', text, instead: '' }]
}

/**
 * The changes in steps. A change joins the latest step of its kind unless something it depends on
 * comes in a later one; so following the steps one by one is safe, as following the plan is.
 */
export function stepsOf(changes: readonly Change[]): Step[] {
  const steps: Step[] = []
  const stepOf = new Map<string, number>()
  for (const change of changes) {
    const earliest = Math.max(-1, ...change.dependsOn.map((key) => stepOf.get(key) ?? -1))
    let index = steps.findLastIndex((s) => s.kind === change.kind && s.action === change.action)
    if (index < earliest || index === -1) {
      index = steps.length
      steps.push({ kind: change.kind, action: change.action, changes: [] })
    }
    steps[index]?.changes.push(change)
    stepOf.set(change.key, index)
  }
  return steps
}

function sayStep(step: Step, isLater: boolean, view: View): string {
  const names = listed(
    step.changes.map((change) => view.label(subjectOf(change))),
    6,
  )
  const waits = isLater && step.changes.some((change) => change.dependsOn.length > 0)
  const what = says[step.kind](step, names)
  if (!waits) return what
  return `${what} ${step.changes.length === 1 ? 'It begins' : 'Each begins'} when ${whens(step)}.`
}

const says: Record<Kind, (step: Step, names: string) => string> = {
  dataCollectionEndpoint: ({ action, changes }, names) =>
    `${capital(action)} ${plural(changes.length, 'endpoint')}: ${names}.`,
  scopedResource: ({ action, changes }, names) => {
    const verb = { create: 'Link', update: 'Link again', replace: 'Link anew', delete: 'Unlink' }
    return changes.length === 1
      ? `${verb[action]} ${names}; wait until Azure has finished (10–40 s).`
      : `${verb[action]} ${names}; one at a time, and wait until Azure has finished (10–40 s each).`
  },
  association: ({ action, changes }, names) => {
    const its = changes.length === 1 ? 'its' : 'their'
    switch (action) {
      case 'create':
        return `Associate ${names} with ${its} endpoint.`
      case 'update':
        return `Update the association of ${names}.`
      case 'replace':
        return `Move ${names} to ${its} new endpoint.`
      case 'delete':
        return `Delete the association of ${names}.`
    }
  },
  accessModes: ({ changes }) => {
    const asked = changes.flatMap(({ before, after }) => {
      if (after?.kind !== 'accessModes') return []
      const old = before?.kind === 'accessModes' ? before : undefined
      return (['ingestion', 'query'] as const)
        .filter((mode) => old?.[mode] !== after[mode])
        .map((mode) => `${mode} to ${text(after[mode], 40)}`)
    })
    return `Set ${listed(asked) || 'the access modes'} and wait until Azure has finished.`
  },
}

/** What a step of changes that depend on others waits for. */
function whens({ kind, action }: Step): string {
  if (kind === 'accessModes') return 'all it depends on is done'
  if (action === 'delete') return 'nothing needs it any more'
  if (kind === 'scopedResource' && action === 'create') return 'its endpoint exists'
  if (kind === 'association') return 'its endpoint is linked'
  return 'what it depends on is done'
}
