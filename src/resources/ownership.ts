/**
 * What is ours can be told from Azure alone (contract section 2, "Ownership"): an endpoint by its
 * tag, an association by its description or its endpoint, a link by its name. No state file.
 */
export const ownershipTag = 'azure-monitor-private-link'

/** The description that marks an association as written for a topology. */
export function ownershipDescription(topology: string): string {
  return `Managed by azure-monitor-private-link (topology: ${topology})`
}

export const anyMark = /^Managed by azure-monitor-private-link \(topology: (.+)\)$/
