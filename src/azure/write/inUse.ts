import type { Endpoint } from '../../estate/estate.ts'
import { nameOf, idKey } from '../../resources/id.ts'
import { endpointParts, listEndpointAssociations, listRules } from '../look/endpoint.ts'
import { parseAssociation, isConfigurationAssociation, parseRule } from '../look/parseResource.ts'
import { type WriteContext, PremiseError } from './context.ts'

/**
 * Finds a machine or cluster that gets its configuration from an endpoint, using the endpoint's own
 * list.
 */
export async function findUser(
  context: WriteContext,
  endpointId: string,
): Promise<string | undefined> {
  const reading = await listEndpointAssociations(context.arm, endpointId)
  if (reading.state === 'unreadable') {
    throw new PremiseError(
      `The users of the endpoint ${nameOf(endpointId)} cannot be read any more: ${reading.why}`,
    )
  }
  return (reading.state === 'found' ? reading.value : [])
    .map(parseAssociation)
    .filter((a) => a !== undefined)
    .filter(isConfigurationAssociation)
    .filter((a) => a.endpointId === undefined || idKey(a.endpointId) === idKey(endpointId))
    .map((a) => a.target)[0]
}

/**
 * Describes a use of an endpoint (contract section 7, "In use means"), according to Azure's current
 * state.
 */
export async function findUse(
  context: WriteContext,
  endpoint: Endpoint,
): Promise<string | undefined> {
  const user = await findUser(context, endpoint.id)
  if (user !== undefined) return `${user} is associated with it`
  const scope = idKey(context.scopeId)
  const link = endpoint.links.find((l) => !idKey(l.scopedResourceId).startsWith(`${scope}/`))
  if (link !== undefined) return `it is linked by ${link.scopedResourceId}`
  const { sub } = endpointParts(endpoint.id)
  const rules = await listRules(context.arm, sub)
  if (rules.state === 'unreadable') {
    throw new PremiseError(
      `The rules that send through the endpoint ${endpoint.name} cannot be read any more: ${rules.why}`,
    )
  }
  const rule = (rules.state === 'found' ? rules.value : [])
    .map(parseRule)
    .find((r) => r.endpointId !== undefined && idKey(r.endpointId) === idKey(endpoint.id))
  return rule === undefined ? undefined : `the rule ${rule.id} sends through it`
}
