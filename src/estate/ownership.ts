import { linkName } from '../resources/names.ts'
import { anyMark, ownershipDescription, ownershipTag } from '../resources/ownership.ts'
import type { ConfigurationAssociation, Endpoint, Link } from './estate.ts'

/** True when the endpoint's tag names the topology. Tag names have no case in Azure. */
export function isOurEndpoint(endpoint: Endpoint, topology: string): boolean {
  return Object.entries(endpoint.tags).some(
    ([name, value]) => name.toLowerCase() === ownershipTag && value === topology,
  )
}

/** True when the link has the name that we would give it. */
export function isOurLink(link: Link, topology: string): boolean {
  return link.name.toLowerCase() === linkName(topology, link.linkedResourceId).toLowerCase()
}

/** True when the association's description is our mark. */
export function isMarkedOurs(association: ConfigurationAssociation, topology: string): boolean {
  return association.description === ownershipDescription(topology)
}

/** The topology that marked the association, if one did. */
export function markOf(association: ConfigurationAssociation): string | undefined {
  return anyMark.exec(association.description ?? '')?.[1]
}
