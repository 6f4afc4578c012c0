import { questionKey, type Question } from '../../estate/question.ts'
import { compareText, idKey } from '../../resources/id.ts'
import type { Arm } from '../arm.ts'
import { listEndpointAssociations } from './endpoint.ts'
import { type OpenEstate, shelveAssociation } from './openEstate.ts'
import { isConfigurationAssociation } from './parseResource.ts'

/** How many entries a page of a list is taken to have. */
const perPage = 50

/**
 * Answers what is asked of the associations of many targets at once: an endpoint's own list, from the
 * provider and so exact, has a page full of them for one read. What a list has is confirmed; what it
 * doesn't have leads elsewhere or nowhere, and is left to be read by itself.
 */
export async function answerFromLists(
  arm: Arm,
  estate: OpenEstate,
  questions: readonly Question[],
): Promise<void> {
  const endpoints = worthListing(estate, questions)
  const lists = await Promise.all(endpoints.map((id) => listEndpointAssociations(arm, id)))
  for (const raw of lists.flatMap((list) => (list.state === 'found' ? list.value : []))) {
    const association = shelveAssociation(estate, raw)
    if (association === undefined || !isConfigurationAssociation(association)) continue
    estate.confirmed.add(questionKey({ what: 'association', id: association.target }))
  }
}

/** Endpoints whose list takes fewer reads than what is asked does, in order of id. */
function worthListing(estate: OpenEstate, questions: readonly Question[]): readonly string[] {
  const asked = new Map<string, { readonly id: string; count: number; known: number }>()
  for (const { what, endpointId } of questions) {
    if (what !== 'association' || endpointId === undefined) continue
    const entry = asked.get(idKey(endpointId)) ?? { id: endpointId, count: 0, known: 0 }
    entry.count += 1
    asked.set(idKey(endpointId), entry)
  }
  if (asked.size === 0) return []
  for (const { endpointId } of estate.associations.values()) {
    const entry = endpointId === undefined ? undefined : asked.get(idKey(endpointId))
    if (entry !== undefined) entry.known += 1
  }
  return [...asked.values()]
    .filter(({ count, known }) => (count + known) / perPage + 1 < count / 2)
    .map(({ id }) => id)
    .toSorted((a, b) => compareText(idKey(a), idKey(b)))
}
