import { questionKey, type Question } from '../estate/question.ts'
import type { Estate } from '../estate/estate.ts'
import { idKey } from '../resources/id.ts'
import type { Association } from '../resources/resource.ts'
import type { Desired } from '../rules/derive.ts'
import type { Draft } from './draft.ts'
import { isClosing } from './order.ts'
import { spread } from './schedule/spread.ts'

/**
 * Up to this many creates and updates of a plan are all confirmed before it is shown, and so is that their targets
 * exist; if every change is confirmed, that of as many targets.
 */
export const mostConfirmed = 160

/**
 * Of more associations than that, a sample is confirmed. It shows whether Resource Graph lags, since then it
 * lags for many at once; every change is then confirmed. One association that somebody made a moment ago is
 * found by the read before its write.
 */
export const sampleSize = 48

/**
 * The questions to ask the resource providers before these changes may be shown. Resource Graph lags
 * without bound and omits what the identity can't read, so it is good for finding resources, not for
 * decisions (facts, section 0, fact 10). Confirmed are every replace and delete; the creates and updates
 * of a short plan, or a sample of each subscription of a long one; with `all`, every change; and every
 * target if a mode is set to PrivateOnly. Links and modes already come from the provider, but not the
 * resources to link. Creates that are not confirmed here are confirmed by the read before their write.
 */
export function findUnconfirmed(
  desired: Desired,
  drafts: readonly Draft[],
  options: { readonly all: boolean },
): readonly Question[] {
  const { estate } = desired.world
  // Round-robin over subscriptions, since Azure throttles reads per subscription.
  const additions = spread(drafts.filter((d) => d.action === 'create' || d.action === 'update'))
  const removals = drafts.filter((d) => d.action === 'replace' || d.action === 'delete')
  const shown = options.all ? additions : sampleOf(additions)
  const joining = shown
    .filter((d) => d.kind === 'association' && d.action === 'create')
    .slice(0, mostConfirmed)
  const withTarget = new Set<Draft>(joining)
  const questions = [...removals, ...shown].flatMap((d) =>
    questionsFor(d).map((question): Question =>
      question.what === 'association' && withTarget.has(d)
        ? { ...question, withTarget: true }
        : question,
    ),
  )
  const carriers = joining.flatMap((d) => questionTarget(d, estate))
  const allTargets = drafts.some(isClosing)
    ? desired.world.targets.flatMap((t) => questionsAbout(t.target.id))
    : []
  return unanswered(estate, [
    ...questions,
    ...carriers,
    ...questionAdopted(desired, shown),
    ...allTargets,
  ])
}

/** All of a short plan; of a long one, as many endpoints and links, and a sample of the associations. */
function sampleOf(additions: readonly Draft[]): readonly Draft[] {
  if (additions.length <= mostConfirmed) return additions
  const isAssociation = (d: Draft): boolean => d.kind === 'association'
  return [
    ...additions.filter((d) => !isAssociation(d)).slice(0, mostConfirmed),
    ...additions.filter(isAssociation).slice(0, sampleSize),
  ]
}

/**
 * Questions about adopted endpoints that the plan links because, according to Resource Graph, a target
 * is already associated with them. The link is needed only if that is still true. One read of an
 * endpoint's list answers the questions for all its targets.
 */
function questionAdopted({ choices }: Desired, shown: readonly Draft[]): readonly Question[] {
  const linked = new Set(
    shown.flatMap(({ after }) =>
      after?.kind === 'scopedResource' ? [idKey(after.linkedResourceId)] : [],
    ),
  )
  return choices
    .filter(({ how, endpointId }) => how === 'adopted' && linked.has(idKey(endpointId)))
    .slice(0, mostConfirmed)
    .map(({ target, endpointId }) => ({ what: 'association', id: target.target.id, endpointId }))
}

/** Asks for a target without an association: Resource Graph may still show it after it was deleted. */
function questionTarget({ after }: Draft, { confirmed }: Estate): readonly Question[] {
  if (after?.kind !== 'association') return []
  const hasNone = confirmed.has(questionKey({ what: 'association', id: after.target }))
  return hasNone ? [{ what: 'target', id: after.target }] : []
}

function questionsFor(d: Draft): readonly Question[] {
  switch (d.kind) {
    case 'dataCollectionEndpoint':
      return [{ what: 'endpoint', id: (d.after ?? d.before).id }]
    case 'association': {
      const wanted = d.after?.endpointId
      return [
        associationQuestion(d.before ?? d.after),
        ...(wanted === undefined ? [] : [{ what: 'endpoint', id: wanted } as const]),
      ]
    }
    case 'scopedResource':
      return d.action === 'delete' ? [] : [linkedQuestion(d.after.linkedResourceId)]
    case 'accessModes':
      return []
  }
}

/** Asks for the current association of a target, which may already point to the same endpoint. */
export function associationQuestion({ target, endpointId }: Association): Question {
  return { what: 'association', id: target, ...(endpointId === undefined ? {} : { endpointId }) }
}

/** Asks whether the resource to link exists. */
function linkedQuestion(id: string): Question {
  return /\/datacollectionendpoints\//i.test(id)
    ? { what: 'endpoint', id }
    : { what: 'logWorkspace', id }
}

function questionsAbout(target: string): readonly Question[] {
  return [
    { what: 'association', id: target },
    { what: 'ruleAssociations', id: target },
  ]
}

/** The distinct questions without an answer. */
export function unanswered(estate: Estate, questions: readonly Question[]): readonly Question[] {
  const seen = new Set<string>()
  return questions.filter((question) => {
    const key = questionKey(question)
    if (estate.confirmed.has(key) || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
