import type { ResourceId } from '../../resources/id.ts'
import type { AccessMode } from '../../resources/resource.ts'
import type { EndpointSettings, SelectEntry, TargetEntry } from '../topology.ts'

/**
 * A topology that is about to be written down: like a `Topology`, but with remarks where places would
 * be, and with nothing that a default says. Whoever makes one has put every list in order.
 */
export interface WrittenTopology {
  /** Said at the top of the file. */
  readonly remarks: readonly string[]
  readonly name: Remarked<string>
  /** Where short references resolve, in lower case. */
  readonly subscription: string
  readonly privateLinkScope: Remarked<ResourceId>
  readonly accessModes?: { readonly ingestion: AccessMode; readonly query: AccessMode }
  readonly azureMonitorWorkspaces: WrittenSection<WrittenWorkspace>
  readonly logAnalyticsWorkspaces: WrittenSection<WrittenWorkspace>
  readonly clusters: WrittenSection<WrittenTarget>
  readonly machines: WrittenSection<WrittenTarget | WrittenSelect>
  /** What is said where remote writers would stand: none of them can be seen in Azure. */
  readonly remoteWrite: readonly string[]
  readonly endpoints: WrittenEndpoints
}

/** A value, and what is said above it. */
export interface Remarked<T> {
  readonly value: T
  readonly remarks: readonly string[]
  /** A select that could stand in the place of the entries that begin here: written as a comment. */
  readonly proposal?: WrittenSelect
}

export interface WrittenSection<T> {
  readonly entries: readonly Remarked<T>[]
  /** What belongs here and could not be an entry. */
  readonly remarks: readonly string[]
}

export interface WrittenWorkspace {
  readonly alias: string
  readonly id: ResourceId
}

export type WrittenTarget = Omit<TargetEntry, 'at'>

export type WrittenSelect = Omit<SelectEntry, 'at'>

export interface WrittenEndpoints extends Partial<
  Pick<EndpointSettings, 'resourceGroup' | 'machineIngestion' | 'publicNetworkAccess'>
> {
  readonly tags: Readonly<Record<string, string>>
  readonly existing: readonly Remarked<{ readonly region: string; readonly id: ResourceId }>[]
  readonly remarks: readonly string[]
}
