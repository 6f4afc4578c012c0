import { lookUp } from '../estate/reading.ts'
import type { Estate } from '../estate/estate.ts'
import { idKey, nameOf } from '../resources/id.ts'
import { broken, type Finding, ok, unknown } from './chain.ts'
import { applyIt, associationChange, linkChange, type Subject } from './facts.ts'

/** Checks that the association `configurationAccessEndpoint` points to an endpoint. */
export function associationLink(subject: Subject): Finding {
  const { live, estate, key, gone } = subject
  if (live?.orchestrationMode?.toLowerCase() === 'flexible') {
    return broken(
      `${live.name} is a scale set with flexible orchestration, for which Azure allows no data collection association.`,
      'Name its virtual machines in the file instead, for example with a select on their tags.',
    )
  }
  if (gone?.state === 'missing') return unknown('There is no target to associate.')
  const association = estate.associations.get(key)
  if (association?.endpointId !== undefined) {
    return ok(`configurationAccessEndpoint points to ${nameOf(association.endpointId)}.`)
  }
  if (gone !== undefined) {
    return unknown("Its association is unknown, because this identity can't read the target.")
  }
  if (association?.ruleId !== undefined) {
    return broken(
      `configurationAccessEndpoint refers to the rule ${nameOf(association.ruleId)} instead of an endpoint, so there is no private path for the configuration.`,
      `Associate that rule under another name, and configurationAccessEndpoint with an endpoint. ${applyIt(subject, associationChange(subject))}`,
    )
  }
  return broken(
    `It has no association configurationAccessEndpoint, so it requests its configuration over the public network${wanted(subject)}.`,
    applyIt(subject, associationChange(subject)),
  )
}

/** `; it should be associated with dce-weu, since …`. */
function wanted({ choice }: Subject): string {
  return choice === undefined
    ? ''
    : `; it should be associated with ${nameOf(choice.endpointId)}, since ${choice.because}`
}

/** Checks that the endpoint of its association exists in its region. */
export function endpointLink(subject: Subject): Finding {
  const { estate, key, live } = subject
  const id = estate.associations.get(key)?.endpointId
  if (id === undefined) return unknown('It is not associated with an endpoint yet.')
  const name = nameOf(id)
  const reading = lookUp(estate, 'endpoint', id)
  if (reading.state === 'missing') {
    return broken(
      `The endpoint ${name} that it is associated with does not exist.`,
      applyIt(subject, associationChange(subject)),
    )
  }
  if (reading.state !== 'found') {
    const why = reading.state === 'unreadable' ? ` ${reading.why}` : ''
    return unknown(
      `This identity can't read the endpoint ${name}, so it is unknown whether it exists and in which region.${why}`,
      'Give the identity the Reader role on it.',
    )
  }
  const { location } = reading.value
  if (live === undefined) {
    return unknown(`${name} is in ${location}; the region of the target is unknown.`)
  }
  if (location === live.location) return ok(`${name} is in ${location}, as ${live.name} is.`)
  return broken(
    `${name} is in ${location}, but ${live.name} is in ${live.location}: an agent can use only an endpoint in its own region.`,
    applyIt(subject, associationChange(subject)),
  )
}

/** Checks that this endpoint is linked to the scope, and that the link is `Succeeded`. */
export function scopeLink(subject: Subject): Finding {
  const { estate, key } = subject
  const id = estate.associations.get(key)?.endpointId
  const hidden = scopeNotReadable(subject)
  if (hidden !== undefined) return hidden
  if (id === undefined) return unknown('There is no endpoint yet whose link could be checked.')
  if (lookUp(estate, 'endpoint', id).state === 'missing') {
    return unknown(`The endpoint ${nameOf(id)} does not exist, so its link is irrelevant.`)
  }
  const found = linkTo(subject, id, 'endpoint')
  const { choice, inFile } = subject
  if (found.state !== 'broken' || choice === undefined || !inFile) return found
  return idKey(choice.endpointId) === idKey(id)
    ? found
    : {
        ...found,
        remedy: `The plan associates it with ${nameOf(choice.endpointId)} instead, and links that endpoint.`,
      }
}

/** The finding for links if the scope itself is missing or unreadable. */
export function scopeNotReadable({ estate, topology }: Subject): Finding | undefined {
  const { name } = topology.privateLinkScope.id
  if (estate.scope.state === 'found') return undefined
  return estate.scope.state === 'missing'
    ? broken(
        `The private link scope ${name} does not exist, so nothing is linked to it.`,
        'Create it (az monitor private-link-scope create), or correct the reference in the file.',
      )
    : unknown(
        `This identity can't read the private link scope ${name}. ${estate.scope.why}`,
        'Give the identity the Reader role on it.',
      )
}

/** Checks how a resource is linked to the scope now. */
export function linkTo(subject: Subject, id: string, noun: 'endpoint' | 'workspace'): Finding {
  const { estate, topology } = subject
  const scope = topology.privateLinkScope.id.name
  const name = nameOf(id)
  const links = linksTo(estate, id)
  const done = links.find(({ provisioningState }) => isSucceeded(provisioningState))
  if (done !== undefined) return ok(`${name} is linked to ${scope} (${done.name}, Succeeded).`)
  const change = linkChange(subject, id)
  const [pending] = links
  if (pending === undefined) {
    return broken(
      `The ${noun} ${name} is not linked to ${scope}.`,
      change === undefined && noun === 'workspace' && subject.inFile && !isInFile(subject, id)
        ? 'Add the workspace to the file under logAnalyticsWorkspaces; the plan then links it. Or change the rule that sends there.'
        : applyIt(subject, change),
    )
  }
  const { provisioningState } = pending
  return broken(
    `The link ${pending.name} of ${name} is in state ${provisioningState || 'unknown'}, not Succeeded.`,
    /^(?:provisioning|updating|accepted|creating)$/i.test(provisioningState)
      ? 'Wait a few minutes until Azure has finished, then run this again.'
      : applyIt(subject, change),
  )
}

function isInFile({ topology }: Subject, id: string): boolean {
  return topology.logAnalyticsWorkspaces.some((workspace) => workspace.id.key === idKey(id))
}

function linksTo({ links }: Estate, id: string): Estate['links'] {
  const key = idKey(id)
  return links.filter(({ linkedResourceId }) => idKey(linkedResourceId) === key)
}

function isSucceeded(state: string): boolean {
  return state.toLowerCase() === 'succeeded'
}
