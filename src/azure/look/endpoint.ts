import type { Reading } from '../../estate/estate.ts'
import { nameOf, parseResourceId } from '../../resources/id.ts'
import type { Arm, ArmResponse } from '../arm.ts'
import { text } from '../azureJson.ts'
import { entriesOf, pageWatch } from '../pages.ts'
import { type RawOptions, readLive, readOne, readRaw } from '../sdk.ts'

/** Subscription, group and name of an endpoint, for the SDK's operations. */
export function endpointParts(id: string): { sub: string; group: string; name: string } {
  const parsed = parseResourceId(id)
  if (parsed === undefined) throw new Error(`"${id}" is not the id of a resource`)
  return { sub: parsed.subscription, group: parsed.resourceGroup, name: parsed.name }
}

/** Reads an endpoint from the provider. */
export async function readEndpoint(arm: Arm, id: string): Promise<Reading<unknown>> {
  return await readRaw(...getEndpoint(arm, id))
}

/** Reads it right before a write; `undefined` if it doesn't exist. */
export async function readLiveEndpoint(arm: Arm, id: string): Promise<unknown> {
  return await readLive(...getEndpoint(arm, id))
}

function getEndpoint(
  arm: Arm,
  id: string,
): [what: string, operation: (options: RawOptions) => Promise<unknown>] {
  const { sub, group, name } = endpointParts(id)
  return [
    `read the data collection endpoint ${name}`,
    (options) => arm.monitor(sub).dataCollectionEndpoints.get(group, name, options),
  ]
}

/** Every association with an endpoint, from the endpoint's own list; empty if it doesn't exist. */
export async function listEndpointAssociations(
  arm: Arm,
  id: string,
): Promise<Reading<readonly unknown[]>> {
  const what = `list the associations of the endpoint ${nameOf(id)}`
  const reading = await readPages(arm, `${id}/associations`, what)
  return reading.state === 'missing' ? { state: 'found', value: [] } : reading
}

/** Every association of a machine or cluster. */
export async function listTargetAssociations(
  arm: Arm,
  target: string,
): Promise<Reading<readonly unknown[]>> {
  const path = `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations`
  return await readPages(arm, path, `list the associations of ${nameOf(target)}`)
}

/** Every association of a data collection rule. */
export async function listRuleAssociations(
  arm: Arm,
  rule: string,
): Promise<Reading<readonly unknown[]>> {
  return await readPages(
    arm,
    `${rule}/associations`,
    `list the associations of the rule ${nameOf(rule)}`,
  )
}

/** Every data collection rule of a subscription; `missing` if it doesn't exist. */
export async function listRules(
  arm: Arm,
  subscription: string,
): Promise<Reading<readonly unknown[]>> {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Insights/dataCollectionRules`
  const what = `list the data collection rules of subscription ${subscription}`
  return await readPages(arm, path, what, rulesApiVersion)
}

/** The API version of the SDK for these lists. */
const listApiVersion = '2024-03-11'
const rulesApiVersion = '2022-06-01'

/**
 * Reads every page of a list, with raw entries and with 404 and 403 as states. Bypasses the SDK,
 * which gives access to the raw answer of the first page only and drops unknown properties.
 */
async function readPages(
  arm: Arm,
  path: string,
  what: string,
  apiVersion = listApiVersion,
): Promise<Reading<readonly unknown[]>> {
  const entries: unknown[] = []
  const watch = pageWatch(what)
  let next: string | undefined = path
  while (next !== undefined) {
    const isFirst: boolean = next === path
    watch(next)
    const answer: ArmResponse = await arm.send({
      method: 'GET',
      path: next,
      ...(isFirst ? { apiVersion } : {}),
      accept: isFirst ? [403, 404] : [],
      what,
    })
    const reading = readOne(answer)
    if (reading.state !== 'found') return reading
    entries.push(...entriesOf(reading.value, 'value', what))
    next = text(reading.value, 'nextLink')
  }
  return { state: 'found', value: entries }
}
