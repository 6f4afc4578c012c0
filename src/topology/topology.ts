import type { AccessMode } from '../resources/resource.ts'
import type { ResourceId } from '../resources/id.ts'

/**
 * One topology file, parsed, resolved and in canonical form. `parseTopology` has checked
 * everything; code that uses a `Topology` checks nothing again.
 */
export interface Topology {
  /** Path of the file, relative to the workspace, with forward slashes. */
  readonly file: string
  /** Unique per repository; name and scope form the ownership mark. */
  readonly name: string
  /** Former names, or whole marks, of the topology: resources that carry them are taken over. */
  readonly formerNames: readonly string[]
  /** Subscription in which short references resolve, in lower case. */
  readonly subscription: string
  readonly privateLinkScope: Located
  /** Absent modes are not managed. */
  readonly accessModes: {
    readonly ingestion?: AccessMode
    readonly query?: AccessMode
    readonly at: Position
  }
  /** In file order, which decides which workspace's endpoint serves a region. */
  readonly azureMonitorWorkspaces: readonly Workspace[]
  readonly logAnalyticsWorkspaces: readonly Workspace[]
  /** Explicitly named targets: clusters, then machines, each in file order. */
  readonly targets: readonly TargetEntry[]
  readonly selects: readonly SelectEntry[]
  readonly remoteWrite: readonly RemoteWriter[]
  readonly endpoints: EndpointSettings
  readonly existingAssociations: 'adopt' | 'replace'
  readonly waivers: readonly Waiver[]
}

/** A position in the topology file; line and column are 1-based. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A resolved reference and its position. */
export interface Located {
  readonly id: ResourceId
  readonly at: Position
}

export interface Workspace extends Located {
  readonly alias: string
}

export type TargetKind = 'cluster' | 'machine'

/** Where a target sends its telemetry, as aliases of workspaces. */
export interface Destinations {
  /** Alias of the Azure Monitor workspace that receives its metrics. */
  readonly metrics?: string
  /** Aliases of the Log Analytics workspaces that receive its logs. */
  readonly logs: readonly string[]
}

export interface TargetEntry extends Located, Destinations {
  readonly kind: TargetKind
}

/** A `select`: matches every existing resource that meets all given conditions. */
export interface SelectEntry extends Destinations {
  readonly kind: TargetKind
  readonly subscriptions: readonly string[]
  readonly resourceGroups?: readonly string[]
  /** Normalised. */
  readonly locations?: readonly string[]
  /** Names are case-insensitive, values case-sensitive. */
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

/** Names, location and settings of new endpoints. */
export interface EndpointSettings {
  readonly resourceGroup?: { readonly subscription: string; readonly name: string }
  readonly regionalName: string
  readonly machineName: string
  readonly machineIngestion: 'perMachine' | 'perRegion' | 'none'
  readonly publicNetworkAccess: 'Enabled' | 'Disabled'
  readonly tags: Readonly<Record<string, string>>
  /** Existing endpoints for configuration access, by normalised region. */
  readonly existing: readonly ExistingEndpoint[]
  readonly at: Position
}

export interface ExistingEndpoint extends Located {
  readonly region: string
}

/** A blocking diagnostic that the author accepts on purpose until a given day. */
export interface Waiver {
  readonly code: string
  /** Limits the waiver to one resource; a short reference matches any type. */
  readonly resource?: WaiverResource
  readonly reason: string
  /** `YYYY-MM-DD`; the last day (UTC) on which the waiver holds. */
  readonly expires: string
  readonly at: Position
}

export interface WaiverResource {
  readonly text: string
  readonly subscription: string
  readonly resourceGroup: string
  readonly name: string
  /** Full id in lower case, if the file gives one. */
  readonly key?: string
}

/** The resource types of each kind of target, in lower case. Short references have the first. */
export const targetTypes: Record<TargetKind, readonly string[]> = {
  cluster: ['microsoft.containerservice/managedclusters', 'microsoft.kubernetes/connectedclusters'],
  machine: [
    'microsoft.compute/virtualmachines',
    'microsoft.compute/virtualmachinescalesets',
    'microsoft.hybridcompute/machines',
  ],
}
