import { lookUp } from '../estate/reading.ts'
import type { Estate } from '../estate/estate.ts'
import { idKey, nameOf } from '../resources/id.ts'
import { broken, type Finding, ok, unknown } from './chain.ts'
import { applyIt, associationChange, linkChange, type Subject } from './facts.ts'

/** The association `configurationAccessEndpoint` leads to an endpoint. */
export function associationLink(subject: Subject): Finding {
  const { live, estate, key, gone } = subject
  if (live?.orchestrationMode?.toLowerCase() === 'flexible') {
    return broken(
      `${live.name} is a scale set with flexible orchestration, and Azure takes no data collection association for those.`,
      'Name its virtual machines in the file instead, for example with a select on their tags.',
    )
  }
  if (gone?.state === 'missing') return unknown('There is nothing to be associated.')
  const association = estate.associations.get(key)
  if (association?.endpointId !== undefined) {
    return ok(`configurationAccessEndpoint leads to ${nameOf(association.endpointId)}.`)
  }
  if (gone !== undefined) {
    return unknown('What it is associated with is not known: it may not be read.')
  }
  if (association?.ruleId !== undefined) {
    return broken(
      `configurationAccessEndpoint holds the rule ${nameOf(association.ruleId)} instead of an endpoint, so it gets its configuration over no private path.`,
      `Associate that rule under another name, and this one with an endpoint. ${applyIt(subject, associationChange(subject))}`,
    )
  }
  return broken(
    `It has no association configurationAccessEndpoint, so it asks for its configuration over the public network${wanted(subject)}.`,
    applyIt(subject, associationChange(subject)),
  )
}

/** `; it is to be associated with dce-weu (…)`. */
function wanted({ choice }: Subject): string {
  return choice === undefined
    ? ''
    : `; it is to be associated with ${nameOf(choice.endpointId)}, since ${choice.because}`
}

/** The endpoint of its association is there, and in its region. */
export function endpointLink(subject: Subject): Finding {
  const { estate, key, live } = subject
  const id = estate.associations.get(key)?.endpointId
  if (id === undefined) return unknown('There is no endpoint yet that it is associated with.')
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
      `The endpoint ${name} may not be read by this identity, so neither whether it is there nor its region is known.${why}`,
      'Give the identity the Reader role on it.',
    )
  }
  const { location } = reading.value
  if (live === undefined) {
    return unknown(`${name} is in ${location}; in which region the target is, is not known.`)
  }
  if (location === live.location) return ok(`${name} is in ${location}, as ${live.name} is.`)
  return broken(
    `${name} is in ${location}, and ${live.name} in ${live.location}: an agent reaches only an endpoint of its own region.`,
    applyIt(subject, associationChange(subject)),
  )
}

/** That endpoint is linked to the scope, and the link has succeeded. */
export function scopeLink(subject: Subject): Finding {
  const { estate, key } = subject
  const id = estate.associations.get(key)?.endpointId
  const hidden = scopeOutOfSight(subject)
  if (hidden !== undefined) return hidden
  if (id === undefined) return unknown('There is no endpoint yet whose link could be looked at.')
  if (lookUp(estate, 'endpoint', id).state === 'missing') {
    return unknown(`The endpoint ${nameOf(id)} is gone: a link to it would lead nowhere.`)
  }
  const found = linkTo(subject, id, 'endpoint')
  const { choice, inFile } = subject
  if (found.state !== 'broken' || choice === undefined || !inFile) return found
  return idKey(choice.endpointId) === idKey(id)
    ? found
    : {
        ...found,
        remedy: `The plan associates it with ${nameOf(choice.endpointId)} in place of this one, and sees to its link.`,
      }
}

/** What is said of links where the scope itself can't be seen. */
export function scopeOutOfSight({ estate, topology }: Subject): Finding | undefined {
  const { name } = topology.privateLinkScope.id
  if (estate.scope.state === 'found') return undefined
  return estate.scope.state === 'missing'
    ? broken(
        `The private link scope ${name} does not exist, so nothing is linked to it.`,
        'Create it (az monitor private-link-scope create), or correct the reference in the file.',
      )
    : unknown(
        `The private link scope ${name} may not be read by this identity. ${estate.scope.why}`,
        'Give the identity the Reader role on it.',
      )
}

/** How a resource is linked to the scope now. */
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
        ? 'Add the workspace to the file under logAnalyticsWorkspaces: its plan then links it. Or change the rule that sends there.'
        : applyIt(subject, change),
    )
  }
  const { provisioningState } = pending
  return broken(
    `The link ${pending.name} of ${name} is in state ${provisioningState || 'unknown'}, not Succeeded.`,
    /^(?:provisioning|updating|accepted|creating)$/i.test(provisioningState)
      ? 'Wait until Azure is done with it, some minutes, and run this again.'
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
