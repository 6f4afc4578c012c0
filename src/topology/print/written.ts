import type { ResourceId } from '../../resources/id.ts'
import type { AccessMode } from '../../resources/resource.ts'
import type { EndpointSettings, SelectEntry, TargetEntry } from '../topology.ts'

/**
 * A topology to print: like a `Topology`, but with remarks instead of positions and without default
 * values. Its lists are already sorted.
 */
export interface WrittenTopology {
  /** Comments at the top of the file. */
  readonly remarks: readonly string[]
  readonly name: Remarked<string>
  /** Subscription in which short references resolve, in lower case. */
  readonly subscription: string
  readonly privateLinkScope: Remarked<ResourceId>
  readonly accessModes?: { readonly ingestion: AccessMode; readonly query: AccessMode }
  readonly azureMonitorWorkspaces: WrittenSection<WrittenWorkspace>
  readonly logAnalyticsWorkspaces: WrittenSection<WrittenWorkspace>
  readonly clusters: WrittenSection<WrittenTarget>
  readonly machines: WrittenSection<WrittenTarget | WrittenSelect>
  /** Comments in place of `remoteWrite`: Azure doesn't show remote writers. */
  readonly remoteWrite: readonly string[]
  readonly endpoints: WrittenEndpoints
}

/** A value and the comments above it. */
export interface Remarked<T> {
  readonly value: T
  readonly remarks: readonly string[]
  /** A select that could replace the entries that start here; printed as a comment. */
  readonly proposal?: WrittenSelect
}

export interface WrittenSection<T> {
  readonly entries: readonly Remarked<T>[]
  /** Comments about resources that belong to this section but can't be an entry. */
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
