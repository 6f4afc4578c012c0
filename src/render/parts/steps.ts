import type { Action, Change } from '../../plan/plan.ts'
import type { Kind } from '../../resources/resource.ts'
import type { Section } from '../text/limit.ts'
import { details, text } from '../text/markdown.ts'
import type { View } from '../view.ts'
import { capital, listed, plural, subjectOf } from '../text/words.ts'

/** Changes of one kind and action that are made together. */
interface Step {
  readonly kind: Kind
  readonly action: Action
  readonly changes: Change[]
}

/** Folded: the numbered steps in order, with what each waits for. */
export function renderSteps(view: View): Section[] {
  const steps = stepsOf(view.changes)
  if (steps.length === 0) return []
  const lines = steps.map((step, index) => `${index + 1}. ${describeStep(step, index > 0, view)}`)
  const last = `${steps.length + 1}. Azure is read again; remaining differences are reported.`
  const text = details('Steps, in order', [...lines, last].join('\n'))
  return [{ type: 'optional', text, instead: '' }]
}

/**
 * Groups the changes into steps. A change joins the latest step of its kind and action unless a
 * later step holds something it depends on. So following the steps is as safe as following the
 * plan.
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

function describeStep(step: Step, isLater: boolean, view: View): string {
  const names = listed(
    step.changes.map((change) => view.label(subjectOf(change))),
    6,
  )
  const waits = isLater && step.changes.some((change) => change.dependsOn.length > 0)
  const what = stepTexts[step.kind](step, names)
  if (!waits) return what
  return `${what} ${step.changes.length === 1 ? 'Starts' : 'Each starts'} when ${whens(step)}.`
}

const stepTexts: Record<Kind, (step: Step, names: string) => string> = {
  dataCollectionEndpoint: ({ action, changes }, names) =>
    `${capital(action)} ${plural(changes.length, 'endpoint')}: ${names}.`,
  scopedResource: ({ action, changes }, names) => {
    const verb = { create: 'Link', update: 'Link again', replace: 'Relink', delete: 'Unlink' }
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

/** What a dependent step waits for. */
function whens({ kind, action }: Step): string {
  if (kind === 'accessModes') return 'everything it depends on is done'
  if (action === 'delete') return 'nothing needs it any more'
  if (kind === 'scopedResource' && action === 'create') return 'its endpoint exists'
  if (kind === 'association') return 'its endpoint is linked'
  return 'what it depends on is done'
}
