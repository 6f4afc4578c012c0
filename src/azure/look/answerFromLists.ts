import type { Estate } from '../../estate/estate.ts'
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
  shelveLists(estate, await readLists(arm, countPerEndpoint(estate), questions))
}

/**
 * Reads the endpoints' lists that answer these questions with fewer reads than one a question.
 *
 * @param sizes how long the lists are, as far as that is known: a long one isn't read for a few
 */
export async function readLists(
  arm: Arm,
  sizes: ListSizes,
  questions: readonly Question[],
): Promise<readonly unknown[]> {
  const endpoints = worthListing(sizes, questions)
  const lists = await Promise.all(endpoints.map((id) => listEndpointAssociations(arm, id)))
  return lists.flatMap((list) => (list.state === 'found' ? list.value : []))
}

/** Puts the entries of endpoints' lists into the estate, where they win over what Resource Graph said. */
export function shelveLists(estate: OpenEstate, entries: readonly unknown[]): void {
  for (const raw of entries) {
    const association = shelveAssociation(estate, raw)
    if (association === undefined || !isConfigurationAssociation(association)) continue
    estate.confirmed.add(questionKey({ what: 'association', id: association.target }))
  }
}

/** How many associations endpoints have, by key of the endpoint. */
export type ListSizes = ReadonlyMap<string, number>

/** The sizes of the endpoints' lists by what the estate knows. */
export function countPerEndpoint({ associations }: Pick<Estate, 'associations'>): ListSizes {
  const counts = new Map<string, number>()
  for (const { endpointId } of associations.values()) {
    if (endpointId === undefined) continue
    counts.set(idKey(endpointId), (counts.get(idKey(endpointId)) ?? 0) + 1)
  }
  return counts
}

/** Endpoints whose list takes fewer reads than what is asked does, in order of id. */
function worthListing(sizes: ListSizes, questions: readonly Question[]): readonly string[] {
  const asked = new Map<string, { readonly id: string; count: number }>()
  for (const { what, endpointId } of questions) {
    if (what !== 'association' || endpointId === undefined) continue
    const entry = asked.get(idKey(endpointId)) ?? { id: endpointId, count: 0 }
    entry.count += 1
    asked.set(idKey(endpointId), entry)
  }
  return [...asked]
    .filter(([key, { count }]) => (count + (sizes.get(key) ?? 0)) / perPage + 1 < count / 2)
    .map(([, { id }]) => id)
    .toSorted((a, b) => compareText(idKey(a), idKey(b)))
}
