import type { Absent, Estate } from '../../estate/estate.ts'
import { compareText } from '../../resources/id.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { text } from '../azureJson.ts'
import { readOne } from '../sdk.ts'

const apiVersion = '2022-12-01'

/**
 * Finds subscriptions of selects that this identity cannot read: Resource Graph omits them
 * silently, like empty ones (facts, section 2.3). A subscription with any results is readable; each
 * of the others costs one read. Usually there are none.
 */
export async function findHiddenSubscriptions(
  arm: Arm,
  topology: Topology,
  estate: Estate,
): Promise<ReadonlyMap<string, Absent>> {
  if (topology.selects.length === 0) return new Map()
  const seen = subscriptionsSeen(estate)
  const unseen = [...new Set(topology.selects.flatMap((select) => select.subscriptions))]
    .filter((subscription) => !seen.has(subscription))
    .toSorted(compareText)
  const readings = await Promise.all(
    unseen.map(
      async (subscription) => [subscription, await readSubscription(arm, subscription)] as const,
    ),
  )
  return new Map(
    readings.flatMap(([subscription, reading]) =>
      reading === undefined ? [] : [[subscription, reading] as const],
    ),
  )
}

/** Subscriptions in which anything was found. */
export function subscriptionsSeen(estate: Estate): ReadonlySet<string> {
  const { targets, endpoints, rules, monitorWorkspaces, logWorkspaces, associations } = estate
  const seen = new Set<string>()
  for (const shelf of [targets, endpoints, rules, monitorWorkspaces, logWorkspaces, associations]) {
    for (const key of shelf.keys()) seen.add(subscriptionOf(key))
  }
  return seen
}

/** The subscription in a resource's key: `/subscriptions/<id>/…`. */
function subscriptionOf(key: string): string {
  return key.slice('/subscriptions/'.length, key.indexOf('/', '/subscriptions/'.length))
}

/**
 * Why a subscription can't be read; `undefined` if it can. A 404 with another code proves nothing.
 */
export async function readSubscription(
  arm: Arm,
  subscription: string,
): Promise<Absent | undefined> {
  const answer = await arm.send({
    method: 'GET',
    path: `/subscriptions/${subscription}`,
    apiVersion,
    accept: [403, 404],
    what: `read the subscription ${subscription}`,
  })
  const reading = readOne(answer)
  if (reading.state === 'found') return undefined
  const isUnknown = text(answer.body, 'error', 'code')?.toLowerCase() === 'subscriptionnotfound'
  return reading.state === 'unreadable' || isUnknown ? reading : undefined
}
