import type { ConfigurationAssociation, Endpoint, Link } from './estate.ts'
import { idKey } from '../resources/id.ts'
import { linkName } from '../resources/names.ts'
import {
  markInDescription,
  marksOf,
  type Owner,
  ownershipTag,
  topologyName,
} from '../resources/ownership.ts'

/** True when the endpoint's tag is the owner's mark, or one that it takes over. */
export function isOurEndpoint(endpoint: Endpoint, owner: Owner): boolean {
  const mark = endpointMark(endpoint)
  if (mark === undefined) return false
  const { own, former, unscoped } = marksOf(owner)
  if (mark === own || former.has(mark)) return true
  return unscoped.has(mark) && isBoundHere(endpoint, owner)
}

/** The mark that the endpoint carries, whosever it is. Tag names have no case in Azure. */
export function endpointMark(endpoint: Pick<Endpoint, 'tags'>): string | undefined {
  return Object.entries(endpoint.tags).find(([name]) => name.toLowerCase() === ownershipTag)?.[1]
}

/** Linked to this scope, or to none: what another scope links may be another repository's. */
function isBoundHere({ links }: Endpoint, { privateLinkScope }: Owner): boolean {
  const within = `${privateLinkScope.id.key}/`
  return links.length === 0 || links.some((link) => idKey(link.scopedResourceId).startsWith(within))
}

/** True when the link has the name that we would give it, or would have given it under a former name. */
export function isOurLink(link: Link, owner: Owner): boolean {
  const name = link.name.toLowerCase()
  return marksOf(owner).names.some(
    (one) => name === linkName(one, link.linkedResourceId).toLowerCase(),
  )
}

/** Name of the topology after which the link is named, if it is named after one. */
export function linkMark(link: Link): string | undefined {
  const rest = linkName('', link.linkedResourceId).toLowerCase()
  const name = link.name.toLowerCase()
  if (!name.endsWith(rest)) return undefined
  const topology = name.slice(0, name.length - rest.length)
  return topologyName.test(topology) ? topology : undefined
}

/** True when the association's description is the owner's mark, or one that it takes over. */
export function isMarkedOurs(association: ConfigurationAssociation, owner: Owner): boolean {
  const mark = associationMark(association)
  const { own, former } = marksOf(owner)
  return mark !== undefined && (mark === own || former.has(mark))
}

/** True when a former name of the owner wrote it before marks told their scope: then its endpoint decides. */
export function isMarkedWithoutScope(association: ConfigurationAssociation, owner: Owner): boolean {
  const mark = associationMark(association)
  return mark !== undefined && marksOf(owner).unscoped.has(mark)
}

/** The mark that the association carries, whosever it is. */
export function associationMark({
  description = '',
}: Pick<ConfigurationAssociation, 'description'>): string | undefined {
  return markInDescription(description)
}
