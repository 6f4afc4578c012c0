import type {
  ConfigurationAssociation,
  Endpoint,
  PrivateEndpoint,
  Reading,
  Rule,
} from '../estate/estate.ts'

/**
 * The readable part of the network around the scope. It determines which networks resolve the names
 * of Azure Monitor to the scope's private endpoints (contract section 8).
 *
 * Every map is keyed by `idKey`; lists are sorted by key. Anything absent was not visible, and counts
 * neither as good nor as bad.
 */
export interface Network {
  /** Time of reading in milliseconds since 1970; DNS records may lag behind their link. */
  readonly readAt: number
  /** The zone names of the cloud, by role. */
  readonly zoneNames: ZoneNames
  /** The private endpoints of the scope with an approved connection. */
  readonly endpoints: readonly ScopeEndpoint[]
  /** All private DNS zones with those names; `missing` for a deleted zone that a zone group still names. */
  readonly zones: ReadonlyMap<string, Reading<Zone>>
  /** Virtual networks with a target, and those that one of the zones is linked to. */
  readonly virtualNetworks: ReadonlyMap<string, Reading<VirtualNetwork>>
  /** Network location of machines, scale sets and clusters, targets or not. */
  readonly places: ReadonlyMap<string, Place>
  /** The visible machines, scale sets and clusters in networks that the zones are linked to, targets or not. */
  readonly residents: readonly Resident[]
  /** Private endpoints of other scopes, and the zones that they write to. */
  readonly otherEndpoints: readonly OtherEndpoint[]
  /** Other failed reads; reported, but not judged. */
  readonly unseen: readonly Unseen[]
  /** True if zone records can't be read; it is then unknown which zones are maintained by hand. */
  readonly recordsHidden?: boolean
}

/** Roles of zones: `monitor` for configuration, endpoints and queries; the next three for workspaces; `blob` for solution packs. */
export const zoneRoles = ['monitor', 'oms', 'ods', 'agentsvc', 'blob'] as const
export type ZoneRole = (typeof zoneRoles)[number]

/** Zone name by role, such as `privatelink.monitor.azure.com`. */
export type ZoneNames = Readonly<Record<ZoneRole, string>>

/** An approved private endpoint of the scope. */
export interface ScopeEndpoint extends PrivateEndpoint {
  /** Its zone groups, sorted; `unreadable` too if the private endpoint itself is unreadable. */
  readonly zoneGroups: Reading<readonly ZoneGroup[]>
  readonly subnetReading?: Reading<Subnet>
  /** All its known addresses, sorted. */
  readonly addresses: readonly string[]
}

export interface ZoneGroup {
  readonly name: string
  readonly zones: readonly GroupZone[]
}

/** A zone in a zone group: Azure maintains the private endpoint's records in it. */
export interface GroupZone {
  readonly zoneId: string
  /** Addresses by record name relative to the zone, in lower case. */
  readonly records: ReadonlyMap<string, readonly string[]>
}

export interface Subnet {
  readonly id: string
  /** Number of addresses in its IPv4 prefixes; absent if it has no readable IPv4 prefix. */
  readonly size?: number
  readonly taken: number
}

export interface Zone {
  readonly id: string
  /** Zone name in lower case. */
  readonly name: string
  readonly links: readonly ZoneLink[]
  /** The requested records, by name relative to the zone, in lower case. */
  readonly records: ReadonlyMap<string, readonly string[]>
}

/** The link from a zone to a virtual network. */
export interface ZoneLink {
  readonly id: string
  readonly virtualNetwork: string
  /** Key of the virtual network. */
  readonly networkKey: string
  /** `resolutionPolicy: NxDomainRedirect`: names without a record fall back to public resolution. */
  readonly redirects: boolean
  /** State of an incomplete or failed link: `InProgress`, `Failed`. Such a link has no effect. */
  readonly unfinished?: string
}

export interface VirtualNetwork {
  readonly id: string
  readonly dns: 'azure' | 'own'
}

/** Network location of a machine, scale set or cluster. */
export interface Place {
  /** Keys of its virtual networks, sorted. */
  readonly virtualNetworks: readonly string[]
  /** True if an interface has its own DNS servers, which override those of the network. */
  readonly ownDns: boolean
}

/** A machine, scale set or cluster in a network that the zones are linked to. */
export interface Resident {
  readonly id: string
  readonly location: string
  /** True if it has an Azure Monitor agent or a monitoring add-on. */
  readonly isMonitored: boolean
  /** Workspaces to which its add-on sends, in addition to its rules. */
  readonly sendsTo: readonly string[]
  readonly association?: ConfigurationAssociation
  /** The endpoint it is associated with, if readable. */
  readonly endpoint?: Endpoint
  readonly rules: readonly Rule[]
}

/** A private endpoint of another private link scope. */
export interface OtherEndpoint {
  readonly id: string
  readonly scopes: readonly string[]
  /** Keys of the zones that its zone groups write to. */
  readonly zones: readonly string[]
}

/** A failed read. */
export interface Unseen {
  /** Id of the resource that best locates it: a subscription, a private endpoint or a zone. */
  readonly resource: string
  /** What can't be read, as the subject of "… can't be read: why". */
  readonly what: string
  readonly why: string
}

/** Id of the virtual network in a subnet's id; `undefined` if the id isn't a subnet's. */
export function networkOfSubnet(subnet: string): string | undefined {
  return /^(.+\/virtualnetworks\/[^/]+)\/subnets\/[^/]+$/i.exec(subnet)?.[1]
}
