import type {
  ConfigurationAssociation,
  Endpoint,
  PrivateEndpoint,
  Reading,
  Rule,
} from '../estate/estate.ts'

/**
 * The network around the scope, as far as it could be read: what decides whether the names of Azure
 * Monitor resolve to the scope's private endpoints, and for whom (contract section 8).
 *
 * Every map is keyed by `idKey`; lists are in order of key. What is not in here was not seen, and is
 * counted neither as good nor as bad.
 */
export interface Network {
  /** When it was read, in milliseconds since 1970: a record may lag behind its link. */
  readonly readAt: number
  /** The cloud's zones by what they are for. */
  readonly zoneNames: ZoneNames
  /** Every private endpoint of the scope whose connection is approved. */
  readonly endpoints: readonly ScopeEndpoint[]
  /** Private DNS zones of those names, whoever writes them; `missing` for one that a zone group names and that is gone. */
  readonly zones: ReadonlyMap<string, Reading<Zone>>
  /** Virtual networks that hold a target, or that one of the zones is linked to. */
  readonly virtualNetworks: ReadonlyMap<string, Reading<VirtualNetwork>>
  /** Where machines, scale sets and clusters live: targets, and those beside them. */
  readonly places: ReadonlyMap<string, Place>
  /** Those in a network that the zones are linked to, targets or not, that could be told of. */
  readonly residents: readonly Resident[]
  /** Private endpoints of other scopes, with the zones that they write. */
  readonly otherEndpoints: readonly OtherEndpoint[]
  /** What could not be read, beside what the readings say: said, and counted as nothing. */
  readonly unseen: readonly Unseen[]
  /** True where the records of zones may not be read: which zones are kept by hand is not known then. */
  readonly recordsHidden?: boolean
}

/** What a zone is for: configuration, endpoints and queries; the three of a workspace; solution packs. */
export const zoneRoles = ['monitor', 'oms', 'ods', 'agentsvc', 'blob'] as const
export type ZoneRole = (typeof zoneRoles)[number]

/** The name of each zone in a cloud: `privatelink.monitor.azure.com`. */
export type ZoneNames = Readonly<Record<ZoneRole, string>>

/** An approved private endpoint of the scope. */
export interface ScopeEndpoint extends PrivateEndpoint {
  /** Its zone groups' zones, in order; `unreadable` as well where the endpoint itself is. */
  readonly zoneGroups: Reading<readonly ZoneGroup[]>
  readonly subnetReading?: Reading<Subnet>
  /** Every address that it is known to have, in order. */
  readonly addresses: readonly string[]
}

export interface ZoneGroup {
  readonly name: string
  readonly zones: readonly GroupZone[]
}

/** A zone that a zone group keeps: Azure writes the endpoint's records into it. */
export interface GroupZone {
  readonly zoneId: string
  /** Addresses by the record's name in the zone, in lower case. */
  readonly records: ReadonlyMap<string, readonly string[]>
}

export interface Subnet {
  readonly id: string
  /** Addresses of all its IPv4 prefixes; absent where it has none that can be read. */
  readonly size?: number
  readonly taken: number
}

export interface Zone {
  readonly id: string
  /** In lower case. */
  readonly name: string
  readonly links: readonly ZoneLink[]
  /** Records that were asked for, by their name in the zone in lower case. */
  readonly records: ReadonlyMap<string, readonly string[]>
}

/** The link of a zone to a virtual network. */
export interface ZoneLink {
  readonly id: string
  readonly virtualNetwork: string
  /** Its key. */
  readonly networkKey: string
  /** `resolutionPolicy: NxDomainRedirect`: a name without a record falls back to the public one. */
  readonly redirects: boolean
  /** What Azure says of a link that is not made yet, or failed: `InProgress`, `Failed`. It answers nobody. */
  readonly unfinished?: string
}

export interface VirtualNetwork {
  readonly id: string
  readonly dns: 'azure' | 'own'
}

/** Where a machine, scale set or cluster lives. */
export interface Place {
  /** Keys of virtual networks, in order. */
  readonly virtualNetworks: readonly string[]
  /** True when an interface asks DNS servers of its own, whatever its network does. */
  readonly ownDns: boolean
}

/** A machine, scale set or cluster in a network that the zones are linked to. */
export interface Resident {
  readonly id: string
  readonly location: string
  /** It carries an Azure Monitor agent, or a monitoring add-on. */
  readonly isMonitored: boolean
  /** Workspaces that its add-on sends to, beside its rules. */
  readonly sendsTo: readonly string[]
  readonly association?: ConfigurationAssociation
  /** The endpoint it is associated with, where that could be read. */
  readonly endpoint?: Endpoint
  readonly rules: readonly Rule[]
}

/** A private endpoint of another private link scope. */
export interface OtherEndpoint {
  readonly id: string
  readonly scopes: readonly string[]
  /** Keys of the zones that its zone groups write. */
  readonly zones: readonly string[]
}

export interface Unseen {
  /** Resource id that says best where: of a subscription, a private endpoint, a zone. */
  readonly resource: string
  /** What can't be seen, in words that follow "can not be seen: ". */
  readonly what: string
  readonly why: string
}

/** The virtual network of a subnet's id; `undefined` when it isn't one of a subnet. */
export function networkOfSubnet(subnet: string): string | undefined {
  return /^(.+\/virtualnetworks\/[^/]+)\/subnets\/[^/]+$/i.exec(subnet)?.[1]
}
