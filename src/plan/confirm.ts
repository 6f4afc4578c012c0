import { questionKey, type Question } from '../estate/question.ts'
import type { Estate } from '../estate/estate.ts'
import { idKey } from '../resources/id.ts'
import type { Association } from '../resources/resource.ts'
import type { Desired } from '../rules/derive.ts'
import type { Draft } from './draft.ts'
import { isClosing } from './order.ts'
import { spread } from './schedule/spread.ts'

/** How many creates and updates are confirmed before a plan is shown, unless one proves stale. */
export const mostConfirmed = 160

/** Of how many targets that are to be associated it is confirmed that they still exist. */
const mostTargetsConfirmed = 64

/**
 * What has to be read from the providers before these changes may be shown: Resource Graph lags
 * without bound and leaves out what it may not show, so it is good for finding, not for deciding
 * (facts, section 0, fact 10). Every replace and delete, and the first creates and updates of each subscription; with
 * `all` every change. Closing a mode looks at every target. Links and modes come from the provider
 * as it is, though not what is to be linked. Creates left out here are confirmed by the read before
 * their write.
 */
export function findUnconfirmed(
  desired: Desired,
  drafts: readonly Draft[],
  options: { readonly all: boolean },
): readonly Question[] {
  const { estate } = desired.world
  // Of each subscription in turn: the reads of one alone would have to wait for its allowance.
  const gentle = spread(drafts.filter((d) => d.action === 'create' || d.action === 'update'))
  const firm = drafts.filter((d) => d.action === 'replace' || d.action === 'delete')
  const shown = options.all ? gentle : gentle.slice(0, mostConfirmed)
  const joining = gentle
    .filter((d) => d.kind === 'association' && d.action === 'create')
    .slice(0, mostTargetsConfirmed)
  const withTarget = new Set<Draft>(joining)
  const questions = [...firm, ...shown].flatMap((d) =>
    questionsFor(d).map((question): Question =>
      question.what === 'association' && withTarget.has(d)
        ? { ...question, withTarget: true }
        : question,
    ),
  )
  const carriers = joining.flatMap((d) => questionTarget(d, estate))
  const strong = drafts.some(isClosing)
    ? desired.world.targets.flatMap((t) => questionsAbout(t.target.id))
    : []
  return unanswered(estate, [
    ...questions,
    ...carriers,
    ...questionAdopted(desired, shown),
    ...strong,
  ])
}

/**
 * An endpoint that is linked since a target is associated with it already, says Resource Graph: whether it
 * still is decides whether the link is called for. Many of one endpoint are answered by its own list.
 */
function questionAdopted({ choices }: Desired, shown: readonly Draft[]): readonly Question[] {
  const linked = new Set(
    shown.flatMap(({ after }) =>
      after?.kind === 'scopedResource' ? [idKey(after.linkedResourceId)] : [],
    ),
  )
  return choices
    .filter(({ how, endpointId }) => how === 'adopted' && linked.has(idKey(endpointId)))
    .slice(0, mostTargetsConfirmed)
    .map(({ target, endpointId }) => ({ what: 'association', id: target.target.id, endpointId }))
}

/** Resource Graph may still show what was deleted: a target that has no association may be gone itself. */
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

/** Asks where the association of a target leads now, which may be where this one leads. */
export function associationQuestion({ target, endpointId }: Association): Question {
  return { what: 'association', id: target, ...(endpointId === undefined ? {} : { endpointId }) }
}

/** Asks whether what is to be linked exists. */
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

/** Asks without an answer, each once. */
export function unanswered(estate: Estate, questions: readonly Question[]): readonly Question[] {
  const seen = new Set<string>()
  return questions.filter((question) => {
    const key = questionKey(question)
    if (estate.confirmed.has(key) || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
