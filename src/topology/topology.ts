import type { AccessMode } from '../resources/resource.ts'
import type { ResourceId } from '../resources/id.ts'

/**
 * What a person wrote: one topology file, parsed, resolved and canonical. Everything in it was
 * checked by `parse`; inside there is nothing left to check.
 */
export interface Topology {
  /** Path of the file, relative to the workspace, with forward slashes. */
  readonly file: string
  /** With the scope it makes the ownership mark; unique per repository. */
  readonly name: string
  /** Names, or whole marks, that the topology had before: what carries them is taken over. */
  readonly formerNames: readonly string[]
  /** Where short references resolve, in lower case. */
  readonly subscription: string
  readonly privateLinkScope: Located
  /** Absent modes are left alone. */
  readonly accessModes: {
    readonly ingestion?: AccessMode
    readonly query?: AccessMode
    readonly at: Position
  }
  /** In file order, which decides whose endpoint serves a region. */
  readonly azureMonitorWorkspaces: readonly Workspace[]
  readonly logAnalyticsWorkspaces: readonly Workspace[]
  /** The targets that are named one by one: clusters, then machines, each in file order. */
  readonly targets: readonly TargetEntry[]
  readonly selects: readonly SelectEntry[]
  readonly remoteWrite: readonly RemoteWriter[]
  readonly endpoints: EndpointSettings
  readonly existingAssociations: 'adopt' | 'replace'
  readonly waivers: readonly Waiver[]
}

/** A place in the topology file, both 1-based. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A reference and where it stands. */
export interface Located {
  readonly id: ResourceId
  readonly at: Position
}

export interface Workspace extends Located {
  readonly alias: string
}

export type TargetKind = 'cluster' | 'machine'

/** What a target sends where: aliases of workspaces. */
export interface Destinations {
  /** Alias of the Azure Monitor workspace that gets its metrics. */
  readonly metrics?: string
  /** Aliases of the Log Analytics workspaces that get its logs. */
  readonly logs: readonly string[]
}

export interface TargetEntry extends Located, Destinations {
  readonly kind: TargetKind
}

/** A `select`: every existing resource that matches all the keys that are given. */
export interface SelectEntry extends Destinations {
  readonly kind: TargetKind
  readonly subscriptions: readonly string[]
  readonly resourceGroups?: readonly string[]
  /** Normalised. */
  readonly locations?: readonly string[]
  /** Names are compared without case, values with. */
  readonly tags?: Readonly<Record<string, string>>
  /** Provider and type in lower case. */
  readonly types: readonly string[]
  readonly exclude: readonly ResourceId[]
  readonly at: Position
}

/** A cluster outside Azure that pushes Prometheus metrics by remote write. */
export interface RemoteWriter {
  readonly name: string
  /** Alias of the Azure Monitor workspace. */
  readonly metrics: string
  readonly at: Position
}

/** How endpoints that have to be created are named and placed. */
export interface EndpointSettings {
  readonly resourceGroup?: { readonly subscription: string; readonly name: string }
  readonly regionalName: string
  readonly machineName: string
  readonly machineIngestion: 'perMachine' | 'perRegion' | 'none'
  readonly publicNetworkAccess: 'Enabled' | 'Disabled'
  readonly tags: Readonly<Record<string, string>>
  /** Region (normalised) to the endpoint that serves configuration access there. */
  readonly existing: readonly ExistingEndpoint[]
  readonly at: Position
}

export interface ExistingEndpoint extends Located {
  readonly region: string
}

/** A blocking diagnostic that is accepted on purpose, until a day. */
export interface Waiver {
  readonly code: string
  /** Limits the waiver to one resource; a short reference matches whatever the type. */
  readonly resource?: WaiverResource
  readonly reason: string
  /** `YYYY-MM-DD`; the waiver holds through that day (UTC). */
  readonly expires: string
  readonly at: Position
}

export interface WaiverResource {
  readonly text: string
  readonly subscription: string
  readonly resourceGroup: string
  readonly name: string
  /** Lower-cased full id, when the file gave one. */
  readonly key?: string
}

/** The types that can be a target, in lower case, by section. The first is that of a short reference. */
export const targetTypes: Record<TargetKind, readonly string[]> = {
  cluster: ['microsoft.containerservice/managedclusters', 'microsoft.kubernetes/connectedclusters'],
  machine: [
    'microsoft.compute/virtualmachines',
    'microsoft.compute/virtualmachinescalesets',
    'microsoft.hybridcompute/machines',
  ],
}
