import type { ChangedBy, ConfigurationAssociation, Estate } from '../estate/estate.ts'
import type { Question } from '../estate/question.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { Verdict } from './judgement.ts'
import { lookBackHours } from './logQuery.ts'
import type { ChainChange } from './telemetry.ts'

/**
 * The associations and rules to read from their resource providers: Resource Graph does not record
 * who changed them, or when.
 */
export function changeQuestions(silent: readonly Verdict[], estate: Estate): readonly Question[] {
  const questions = silent.flatMap(({ expectation: { target, rules } }): readonly Question[] => {
    const endpointId = estate.associations.get(target.key)?.endpointId
    return [
      { what: 'association', id: target.id, ...(endpointId === undefined ? {} : { endpointId }) },
      ...rules.map((rule): Question => ({ what: 'rule', id: rule.id })),
    ]
  })
  return [
    ...new Map(
      questions.map((question) => [`${question.what}:${idKey(question.id)}`, question]),
    ).values(),
  ]
}

/**
 * The objects between a target and its destination that changed after the last record: the target's
 * associations and rules, the links they depend on, and the scope with its access modes. Newest
 * first. Deleted objects leave no trace here.
 *
 * @param associations the target's associations with rules, as far as they were read
 * @param at ISO 8601, now
 */
export function changedSince(
  { expectation, lastSeen }: Verdict,
  estate: Estate,
  associations: readonly ConfigurationAssociation[],
  at: string,
): readonly ChainChange[] {
  const now = Date.parse(at)
  const since = lastSeen === undefined ? now - lookBackHours * 3_600_000 : Date.parse(lastSeen)
  const changes = chainOf(expectation, estate, associations).flatMap(({ id, changed }) => {
    const time = Date.parse(changed?.at ?? '')
    if (changed?.at === undefined || !(time > since) || time > now) return []
    return [{ id, at: new Date(time).toISOString(), by: changed.by }]
  })
  return [...new Map(changes.map((change) => [idKey(change.id), change])).values()].toSorted(
    (a, b) => compareText(b.at, a.at) || compareText(idKey(a.id), idKey(b.id)),
  )
}

interface Link {
  readonly id: string
  readonly changed?: ChangedBy
}

/** Every object that a record passes through, as far as the estate knows it. */
function chainOf(
  { target, destination, rules }: Verdict['expectation'],
  estate: Estate,
  associations: readonly ConfigurationAssociation[],
): readonly Link[] {
  const configuration = estate.associations.get(target.key)
  const ruleKeys = new Set(rules.map((rule) => idKey(rule.id)))
  const through = new Set([
    destination.key,
    ...[configuration?.endpointId, ...rules.map((rule) => rule.endpointId)].flatMap((id) =>
      id === undefined ? [] : [idKey(id)],
    ),
  ])
  return [
    ...(configuration === undefined ? [] : [configuration]),
    ...associations.filter(({ ruleId }) => ruleId !== undefined && ruleKeys.has(idKey(ruleId))),
    ...rules.map((rule) => {
      const known = estate.rules.get(idKey(rule.id))
      return known?.state === 'found' ? known.value : rule
    }),
    ...estate.links.filter((link) => through.has(idKey(link.linkedResourceId))),
    ...(estate.scope.state === 'found' ? [estate.scope.value] : []),
  ]
}
