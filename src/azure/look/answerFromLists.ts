import type { Estate } from '../../estate/estate.ts'
import { questionKey, type Question } from '../../estate/question.ts'
import { compareText, idKey } from '../../resources/id.ts'
import type { Arm } from '../arm.ts'
import { listEndpointAssociations } from './endpoint.ts'
import { type OpenEstate, storeAssociation } from './openEstate.ts'
import { isConfigurationAssociation } from './parseResource.ts'

/** The assumed number of entries per page of a list. */
const perPage = 50

/**
 * Answers questions about many targets' associations at once: one read of an endpoint's own list,
 * which is exact, returns a page full of them. Entries of a list are confirmed; a target that is
 * not in the list is read individually later.
 */
export async function answerFromLists(
  arm: Arm,
  estate: OpenEstate,
  questions: readonly Question[],
): Promise<void> {
  storeLists(estate, await readLists(arm, countPerEndpoint(estate), questions))
}

/**
 * Reads the endpoints' lists that answer these questions with fewer reads than one per question.
 *
 * @param sizes the known lengths of the lists: a long list isn't read for a few questions
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

/** Stores the entries of endpoints' lists in the estate, where they override Resource Graph. */
export function storeLists(estate: OpenEstate, entries: readonly unknown[]): void {
  for (const raw of entries) {
    const association = storeAssociation(estate, raw)
    if (association === undefined || !isConfigurationAssociation(association)) continue
    estate.confirmed.add(questionKey({ what: 'association', id: association.target }))
  }
}

/** The number of an endpoint's associations, by the endpoint's key. */
export type ListSizes = ReadonlyMap<string, number>

/** The lengths of the endpoints' lists, as far as the estate knows. */
export function countPerEndpoint({ associations }: Pick<Estate, 'associations'>): ListSizes {
  const counts = new Map<string, number>()
  for (const { endpointId } of associations.values()) {
    if (endpointId === undefined) continue
    counts.set(idKey(endpointId), (counts.get(idKey(endpointId)) ?? 0) + 1)
  }
  return counts
}

/** Endpoints whose list takes fewer reads than the questions about it, in order of id. */
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
