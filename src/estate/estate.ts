import type { AccessMode, PublicNetworkAccess } from '../resources/resource.ts'

/**
 * What Azure has, as far as a plan needs it: read-only things and the live state of what we manage.
 *
 * Every map is keyed by `idKey`. Locations are normalised. Nothing here depends on the order in
 * which Azure answered.
 */
export interface Estate {
  readonly scope: Reading<Scope>
  /** Every link of the scope, ours or not; empty when the scope could not be read. */
  readonly links: readonly Link[]
  readonly privateEndpoints: readonly PrivateEndpoint[]
  /** Every target of the file: named, or matched by a select. */
  readonly targets: ReadonlyMap<string, Reading<Target>>
  /** For each select of the file, in file order, the keys of the resources that match it. */
  readonly selected: readonly (readonly string[])[]
  /** Subscriptions that a select looks in and this identity can't, by id in lower case, in order. */
  /**
   * What else there is of the types that selects look for, up to a thousand of them: looked for only where
   * something of a select matches nothing, to name what was probably meant.
   */
  readonly nearby?: readonly Pick<Target, 'id' | 'location' | 'tags'>[]
  readonly hiddenSubscriptions: ReadonlyMap<string, Absent>
  readonly monitorWorkspaces: ReadonlyMap<string, Reading<MonitorWorkspace>>
  readonly logWorkspaces: ReadonlyMap<string, Reading<LogWorkspace>>
  /** Every endpoint that the file, a target, a rule or our mark leads to. */
  readonly endpoints: ReadonlyMap<string, Reading<Endpoint>>
  readonly rules: ReadonlyMap<string, Reading<Rule>>
  /** Configuration associations by the key of the resource that carries them: targets and strays. */
  readonly associations: ReadonlyMap<string, ConfigurationAssociation>
  /**
   * Keys of the rules associated with a target, by the key of the target; not of one that the
   * configuration association wrongly holds.
   */
  readonly ruleAssociations: ReadonlyMap<string, readonly string[]>
  /** Who else uses an endpoint that a plan may unlink or delete, by the key of the endpoint. */
  readonly uses: ReadonlyMap<string, EndpointUses>
  /** `askKey` of everything that was read from its provider, and not only from Resource Graph. */
  readonly confirmed: ReadonlySet<string>
}

/** What reading one resource gave: 404 and 403 must be told apart. */
export type Reading<T> =
  | { readonly state: 'found'; readonly value: T }
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly why: string }

/** A reading of something that can't be had. */
export type Absent = Exclude<Reading<never>, { readonly state: 'found' }>

export interface Scope {
  readonly id: string
  /** `Succeeded`, `Provisioning`, `Failed`, `Canceled`, `Deleting` … as Azure says. */
  readonly provisioningState: string
  /** Absent when Azure gave none, as old scopes do. */
  readonly modes?: { readonly ingestion: AccessMode; readonly query: AccessMode }
  readonly changed?: ChangedBy
}

/** A scoped resource of the private link scope. */
export interface Link {
  readonly id: string
  readonly name: string
  readonly linkedResourceId: string
  readonly provisioningState: string
  readonly changed?: ChangedBy
}

/** One private endpoint connection of the scope, and the private endpoint behind it where it can be read. */
export interface PrivateEndpoint {
  readonly connection: string
  /** Resource id of the private endpoint. */
  readonly id?: string
  readonly approved: boolean
  /** Of its connection, as Azure says it: `Approved`, `Pending`, `Rejected`, `Disconnected`. */
  readonly status?: string
  /** True when it has addresses fixed by hand: linking anything then fails (facts, section 3, row 4). */
  readonly staticAddresses: boolean
  /** Why the private endpoint itself could not be read, when it could not. */
  readonly hidden?: string
  readonly subnet?: string
  /** Ids of its network interfaces, which hold its addresses. */
  readonly interfaces?: readonly string[]
  /** Addresses that it tells of itself: those without a zone group, and those fixed by hand. */
  readonly ownAddresses?: readonly string[]
}

export interface Target {
  readonly id: string
  readonly name: string
  /** Lower case. */
  readonly type: string
  readonly location: string
  /** Tags as Azure has them. */
  readonly tags: Readonly<Record<string, string>>
  /** Absent where it isn't known or doesn't apply. */
  readonly hasIdentity?: boolean
  readonly hasAgent?: boolean
  /** Scale sets only. */
  readonly orchestrationMode?: string
  /** Clusters only: whether managed Prometheus is on, where Azure says. */
  readonly prometheusEnabled?: boolean
  /** Clusters only: what of the cluster itself sends logs, beside what its rules say. */
  readonly addons?: readonly LogAddon[]
  /** Scale sets and clusters: ids of the subnets that their instances are made in. */
  readonly subnets?: readonly string[]
  /** Clusters only: the resource group of their nodes, and of the network that Azure made for them. */
  readonly nodeResourceGroup?: string
}

/** A part of a cluster that is turned on and sends its logs to a workspace of its own configuration. */
export interface LogAddon {
  /** `addonProfiles.omsagent`, or `azureMonitorProfile.containerInsights`. */
  readonly name: 'omsagent' | 'containerInsights'
  /** Resource id of the Log Analytics workspace. */
  readonly workspaceId?: string
  /** True when it signs in with the workspace's key: rules and associations mean nothing to it. */
  readonly usesKey: boolean
}

/** An Azure Monitor workspace. */
export interface MonitorWorkspace {
  readonly id: string
  readonly name: string
  readonly location: string
  /** Its automatic endpoint; absent on old accounts. */
  readonly endpointId?: string
  /** Its automatic data collection rule. */
  readonly ruleId?: string
  readonly publicNetworkAccess?: string
  /** True when it has an approved private endpoint connection (queries go through it). */
  readonly hasQueryPrivateEndpoint: boolean
  readonly queryEndpoint?: string
}

/** A Log Analytics workspace. */
export interface LogWorkspace {
  readonly id: string
  readonly name: string
  readonly location: string
  readonly customerId?: string
  readonly publicNetworkAccessForIngestion?: string
  readonly publicNetworkAccessForQuery?: string
}

/** A data collection endpoint, ours or not. */
export interface Endpoint {
  readonly id: string
  readonly name: string
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
  readonly publicNetworkAccess: PublicNetworkAccess
  /** Host names as Azure gives them: `https://…`. Never composed. */
  readonly configurationAccess?: string
  readonly logsIngestion?: string
  readonly metricsIngestion?: string
  /** Links to it in any scope: ids of scoped resources. */
  readonly links: readonly EndpointLink[]
  readonly changed?: ChangedBy
}

export interface EndpointLink {
  readonly scopedResourceId: string
  readonly scopeId?: string
}

/** A data collection rule. */
export interface Rule {
  readonly id: string
  readonly name: string
  readonly location: string
  readonly endpointId?: string
  /** Streams of its data flows and sources, as written. */
  readonly streams: readonly string[]
  /** Resource ids of the Log Analytics workspaces it sends to. */
  readonly logDestinations: readonly string[]
  /** Resource ids of the Azure Monitor workspaces it sends to. */
  readonly metricsDestinations: readonly string[]
  /** It sends to Azure Monitor Metrics too (`destinations.azureMonitorMetrics`), which is no resource. */
  readonly sendsCustomMetrics?: boolean
  readonly immutableId?: string
  /** Absent where only Resource Graph was asked. */
  readonly changed?: ChangedBy
}

/** The `configurationAccessEndpoint` association that a resource has now. */
export interface ConfigurationAssociation {
  readonly id: string
  /** Resource id of what carries it. */
  readonly target: string
  readonly endpointId?: string
  readonly ruleId?: string
  readonly description?: string
  readonly changed?: ChangedBy
}

/** Who changed an object last, from `systemData`. */
export interface ChangedBy {
  readonly by: string
  /** `User`, `Application`, `ManagedIdentity`, `Key`. */
  readonly type?: string
  /** ISO 8601. */
  readonly at?: string
}

/** Who uses an endpoint, read exactly from the providers. */
export interface EndpointUses {
  /** Configuration associations that point to it, wherever they are. */
  readonly associations: readonly ConfigurationAssociation[]
  /** Ids of rules whose `dataCollectionEndpointId` it is. */
  readonly rules: readonly string[]
  /** Why its list of associations may not be read, when it may not: then it counts as in use. */
  readonly unreadable?: string
  /** Why the rules of its subscription may not be listed, when they may not: any may send through it. */
  readonly rulesUnreadable?: string
}
