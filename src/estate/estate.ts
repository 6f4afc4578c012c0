import type { AccessMode, PublicNetworkAccess } from '../resources/resource.ts'

/**
 * The part of Azure's state that a plan needs: resources that we only read, and the live state of
 * those that we manage.
 *
 * Every map is keyed by `idKey`. Locations are normalised. Nothing depends on the order of Azure's
 * answers.
 */
export interface Estate {
  readonly scope: Reading<Scope>
  /** All links of the scope, ours or not; empty if the scope can't be read. */
  readonly links: readonly Link[]
  readonly privateEndpoints: readonly PrivateEndpoint[]
  /** All targets of the file: named explicitly or matched by a select. */
  readonly targets: ReadonlyMap<string, Reading<Target>>
  /** The keys of the resources that each select of the file matches, in file order. */
  readonly selected: readonly (readonly string[])[]
  /**
   * Up to a thousand other resources of the types in the selects. Read only if part of a select
   * matches nothing, to suggest what the author probably meant.
   */
  readonly nearby?: readonly Pick<Target, 'id' | 'location' | 'tags'>[]
  /** Subscriptions of a select that this identity can't read, by id in lower case, in order. */
  readonly hiddenSubscriptions: ReadonlyMap<string, Absent>
  readonly monitorWorkspaces: ReadonlyMap<string, Reading<MonitorWorkspace>>
  readonly logWorkspaces: ReadonlyMap<string, Reading<LogWorkspace>>
  /** Every endpoint that the file, a target or a rule refers to, or that carries our mark. */
  readonly endpoints: ReadonlyMap<string, Reading<Endpoint>>
  readonly rules: ReadonlyMap<string, Reading<Rule>>
  /** Configuration associations by the key of their target, including targets outside the file. */
  readonly associations: ReadonlyMap<string, ConfigurationAssociation>
  /**
   * Keys of the rules associated with a target, by the key of the target. Excludes a rule that the
   * configuration association holds by mistake.
   */
  readonly ruleAssociations: ReadonlyMap<string, readonly string[]>
  /** Users of the endpoints that a plan may unlink or delete, by the key of the endpoint. */
  readonly uses: ReadonlyMap<string, EndpointUses>
  /** `questionKey` of everything that was read from its resource provider, not only from Resource Graph. */
  readonly confirmed: ReadonlySet<string>
}

/** Result of reading one resource; distinguishes 404 (missing) from 403 (unreadable). */
export type Reading<T> =
  | { readonly state: 'found'; readonly value: T }
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly why: string }

/** A reading without a value. */
export type Absent = Exclude<Reading<never>, { readonly state: 'found' }>

export interface Scope {
  readonly id: string
  /** As Azure returns it: `Succeeded`, `Provisioning`, `Failed`, `Canceled`, `Deleting` … */
  readonly provisioningState: string
  /** Absent for old scopes, for which Azure returns no modes. */
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

/** A private endpoint connection of the scope, with details of the private endpoint if it can be read. */
export interface PrivateEndpoint {
  readonly connection: string
  /** Resource id of the private endpoint. */
  readonly id?: string
  readonly approved: boolean
  /** Connection status as Azure returns it: `Approved`, `Pending`, `Rejected`, `Disconnected`. */
  readonly status?: string
  /** True if it has static addresses; linking anything to the scope then fails (facts, section 3, row 4). */
  readonly staticAddresses: boolean
  /** Why the private endpoint itself can't be read, if so. */
  readonly hidden?: string
  readonly subnet?: string
  /** Ids of its network interfaces, which have its addresses. */
  readonly interfaces?: readonly string[]
  /** Addresses in its own properties: Azure lists them there if it has no zone group, and if they are static. */
  readonly ownAddresses?: readonly string[]
}

export interface Target {
  readonly id: string
  readonly name: string
  /** Resource type in lower case. */
  readonly type: string
  readonly location: string
  /** Tags, spelled as in Azure. */
  readonly tags: Readonly<Record<string, string>>
  /** Absent if unknown or not applicable. */
  readonly hasIdentity?: boolean
  readonly hasAgent?: boolean
  /** Scale sets only. */
  readonly orchestrationMode?: string
  /** Clusters only: whether managed Prometheus is enabled; absent if Azure doesn't say. */
  readonly prometheusEnabled?: boolean
  /** Clusters only: add-ons that send logs by their own configuration, besides the rules. */
  readonly addons?: readonly LogAddon[]
  /** Scale sets and clusters: ids of the subnets of their instances. */
  readonly subnets?: readonly string[]
  /** Clusters only: resource group of the nodes, and of the network that Azure creates by default. */
  readonly nodeResourceGroup?: string
}

/** An enabled add-on of a cluster that sends logs to the workspace in its own configuration. */
export interface LogAddon {
  /** `addonProfiles.omsagent`, or `azureMonitorProfile.containerInsights`. */
  readonly name: 'omsagent' | 'containerInsights'
  /** Resource id of the Log Analytics workspace. */
  readonly workspaceId?: string
  /** True if it authenticates with the workspace key; rules and associations then have no effect on it. */
  readonly usesKey: boolean
}

/** An Azure Monitor workspace. */
export interface MonitorWorkspace {
  readonly id: string
  readonly name: string
  readonly location: string
  /** Its automatic endpoint; absent for old accounts. */
  readonly endpointId?: string
  /** Its automatic data collection rule. */
  readonly ruleId?: string
  readonly publicNetworkAccess?: string
  /** True if it has an approved private endpoint connection, which queries use. */
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
  /** URLs as Azure returns them: `https://…`. Never composed. */
  readonly configurationAccess?: string
  readonly logsIngestion?: string
  readonly metricsIngestion?: string
  /** Links to it, in any scope. */
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
  /** Resource ids of its Log Analytics destinations. */
  readonly logDestinations: readonly string[]
  /** Resource ids of its Azure Monitor workspace destinations. */
  readonly metricsDestinations: readonly string[]
  /** True if it also sends to Azure Monitor Metrics (`destinations.azureMonitorMetrics`), which is not a resource. */
  readonly sendsCustomMetrics?: boolean
  readonly immutableId?: string
  /** Absent if the rule was only read from Resource Graph. */
  readonly changed?: ChangedBy
}

/** The current `configurationAccessEndpoint` association of a resource. */
export interface ConfigurationAssociation {
  readonly id: string
  /** Resource id of its target. */
  readonly target: string
  readonly endpointId?: string
  readonly ruleId?: string
  readonly description?: string
  readonly changed?: ChangedBy
}

/** Last change of a resource, from `systemData`. */
export interface ChangedBy {
  readonly by: string
  /** `User`, `Application`, `ManagedIdentity`, `Key`. */
  readonly type?: string
  /** ISO 8601. */
  readonly at?: string
}

/** Users of an endpoint, read from the resource providers. */
export interface EndpointUses {
  /** All configuration associations that point to it, in the file or not. */
  readonly associations: readonly ConfigurationAssociation[]
  /** Ids of the rules that name it as `dataCollectionEndpointId`. */
  readonly rules: readonly string[]
  /** Why its list of associations can't be read, if so; it then counts as in use. */
  readonly unreadable?: string
  /** Why the rules of its subscription can't be listed, if so; any of them may send through it. */
  readonly rulesUnreadable?: string
}
