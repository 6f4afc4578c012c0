import type { ConfigurationAssociation, Endpoint, Link } from '../estate/estate.ts'
import { linkName } from './names.ts'

/**
 * What is ours can be told from Azure alone (contract section 2, "Ownership"): an endpoint by its
 * tag, an association by its description or its endpoint, a link by its name. No state file.
 */
export const ownershipTag = 'azure-monitor-private-link'

/** The description that marks an association as written for a topology. */
export function ownershipDescription(topology: string): string {
  return `Managed by azure-monitor-private-link (topology: ${topology})`
}

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

const anyMark = /^Managed by azure-monitor-private-link \(topology: (.+)\)$/

/** The topology that marked the association, if one did. */
export function markOf(association: ConfigurationAssociation): string | undefined {
  return anyMark.exec(association.description ?? '')?.[1]
}
