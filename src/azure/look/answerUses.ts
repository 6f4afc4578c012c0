import { questionKey, type Question } from '../../estate/question.ts'
import { compareText, idKey, parseResourceId } from '../../resources/id.ts'
import type { Arm } from '../arm.ts'
import { idText } from '../azureJson.ts'
import { listEndpointAssociations, listRules, readEndpoint } from './endpoint.ts'
import { mapReading, type OpenEstate } from './openEstate.ts'
import { isConfigurationAssociation, parseAssociation, parseEndpoint } from './parseResource.ts'
import { sendingRulesQuery } from './queries.ts'
import { query } from './resourceGraph.ts'

/**
 * Reads the users of these endpoints: their own lists of associations, and the rules that send
 * through them.
 */
export async function answerUses(
  arm: Arm,
  estate: OpenEstate,
  questions: readonly Question[],
): Promise<void> {
  const ids = questions.map((question) => question.id)
  const [{ rules, hidden }] = await Promise.all([
    findSendingRules(arm, ids),
    Promise.all(
      ids.map(async (id) => {
        const reading = await listEndpointAssociations(arm, id)
        const associations = (reading.state === 'found' ? reading.value : [])
          .map(parseAssociation)
          .filter((a) => a !== undefined)
          .filter(isConfigurationAssociation)
        // The endpoint's own list is exact, so it corrects Resource Graph's data on those
        // resources.
        for (const association of associations) {
          const asked = questionKey({ what: 'association', id: association.target })
          if (!estate.confirmed.has(asked)) {
            estate.associations.set(idKey(association.target), association)
          }
        }
        const endpoint = mapReading(await readEndpoint(arm, id), parseEndpoint)
        estate.endpoints.set(idKey(id), endpoint)
        estate.confirmed.add(questionKey({ what: 'endpoint', id }))
        const unreadable = reading.state === 'unreadable' ? { unreadable: reading.why } : {}
        estate.uses.set(idKey(id), { associations, rules: [], ...unreadable })
      }),
    ),
  ])
  for (const id of ids) {
    const key = idKey(id)
    const uses = estate.uses.get(key) ?? { associations: [], rules: [] }
    const why = hidden.get(parseResourceId(id)?.subscription ?? '')
    estate.uses.set(key, {
      ...uses,
      rules: (rules.get(key) ?? []).toSorted(compareText),
      ...(why === undefined ? {} : { rulesUnreadable: why }),
    })
  }
}

const idsPerQuery = 200

/** The rules that send through endpoints, as far as they can be read. */
interface Senders {
  /** Ids of rules by the key of the endpoint they send through. */
  readonly rules: ReadonlyMap<string, readonly string[]>
  /** Why a subscription's rules cannot be listed, by subscription. */
  readonly hidden: ReadonlyMap<string, string>
}

/**
 * Finds rules that send through endpoints: everywhere with Resource Graph, and exactly in the
 * endpoints' own subscriptions.
 */
async function findSendingRules(arm: Arm, endpointIds: readonly string[]): Promise<Senders> {
  const wanted = new Set(endpointIds.map(idKey))
  const keys = [...wanted].toSorted(compareText)
  const chunks = Array.from({ length: Math.ceil(keys.length / idsPerQuery) }, (_, i) =>
    keys.slice(i * idsPerQuery, (i + 1) * idsPerQuery),
  )
  const subscriptions = [
    ...new Set(endpointIds.map((id) => parseResourceId(id)?.subscription ?? '')),
  ]
  const [found, listed] = await Promise.all([
    Promise.all(
      chunks.map((chunk) =>
        query(arm, sendingRulesQuery(chunk), {
          what: 'find rules that send through an endpoint with Resource Graph',
        }),
      ),
    ),
    Promise.all(subscriptions.map(async (s) => [s, await listRules(arm, s)] as const)),
  ])
  const rules = new Map<string, string[]>()
  const take = (ruleId: string | undefined, endpointId: string | undefined): void => {
    const key = endpointId === undefined ? '' : idKey(endpointId)
    if (ruleId === undefined || !wanted.has(key)) return
    const known = rules.get(key) ?? []
    if (!known.some((id) => idKey(id) === idKey(ruleId))) rules.set(key, [...known, ruleId])
  }
  const hidden = new Map<string, string>()
  for (const [subscription, reading] of listed) {
    if (reading.state === 'unreadable') hidden.set(subscription, reading.why)
  }
  for (const raw of listed.flatMap(([, r]) => (r.state === 'found' ? r.value : []))) {
    take(idText(raw, 'id'), idText(raw, 'properties', 'dataCollectionEndpointId'))
  }
  for (const row of found.flat()) take(idText(row, 'id'), idText(row, 'dataCollectionEndpointId'))
  return { rules, hidden }
}
