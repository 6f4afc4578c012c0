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

/** True if the endpoint's tag is the owner's mark, or a former mark of the owner. */
export function isOurEndpoint(endpoint: Endpoint, owner: Owner): boolean {
  const mark = endpointMark(endpoint)
  if (mark === undefined) return false
  const { own, former, unscoped } = marksOf(owner)
  if (mark === own || former.has(mark)) return true
  return unscoped.has(mark) && isBoundHere(endpoint, owner)
}

/** The mark in the endpoint's tag, ours or not. Azure ignores case in tag names. */
export function endpointMark(endpoint: Pick<Endpoint, 'tags'>): string | undefined {
  return Object.entries(endpoint.tags).find(([name]) => name.toLowerCase() === ownershipTag)?.[1]
}

/** True if this scope or no scope links the endpoint; an endpoint linked only elsewhere may belong to another repository. */
function isBoundHere({ links }: Endpoint, { privateLinkScope }: Owner): boolean {
  const within = `${privateLinkScope.id.key}/`
  return links.length === 0 || links.some((link) => idKey(link.scopedResourceId).startsWith(within))
}

/** True if the link has the name that we give it now, or gave it under a former name. */
export function isOurLink(link: Link, owner: Owner): boolean {
  const name = link.name.toLowerCase()
  return marksOf(owner).names.some(
    (one) => name === linkName(one, link.linkedResourceId).toLowerCase(),
  )
}

/** The topology in the link's name, if the name has our form. */
export function linkMark(link: Link): string | undefined {
  const rest = linkName('', link.linkedResourceId).toLowerCase()
  const name = link.name.toLowerCase()
  if (!name.endsWith(rest)) return undefined
  const topology = name.slice(0, name.length - rest.length)
  return topologyName.test(topology) ? topology : undefined
}

/** True if the association's description has the owner's mark, or a former mark of the owner. */
export function isMarkedOurs(association: ConfigurationAssociation, owner: Owner): boolean {
  const mark = associationMark(association)
  const { own, former } = marksOf(owner)
  return mark !== undefined && (mark === own || former.has(mark))
}

/** True for a mark of the first version, without scope hash, with a former name of the owner; the endpoint then decides who owns it. */
export function isMarkedWithoutScope(association: ConfigurationAssociation, owner: Owner): boolean {
  const mark = associationMark(association)
  return mark !== undefined && marksOf(owner).unscoped.has(mark)
}

/** The mark in the association's description, ours or not. */
export function associationMark({
  description = '',
}: Pick<ConfigurationAssociation, 'description'>): string | undefined {
  return markInDescription(description)
}
