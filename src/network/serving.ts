import { compareText, idKey } from '../resources/id.ts'
import {
  type Network,
  type ScopeEndpoint,
  type Zone,
  type ZoneGroup,
  type ZoneRole,
  zoneRoles,
} from './network.ts'
import { roleOf, sharedRecords } from './zoneNames.ts'

/** A zone that answers with the addresses of a private endpoint of the scope. */
export interface ServingZone {
  readonly key: string
  readonly id: string
  /** Absent if the zone itself can't be read; its links are then unknown. */
  readonly zone?: Zone
  /** Addresses by record name, from the zone group and from the zone. */
  readonly records: ReadonlyMap<string, readonly string[]>
  /** A shared record with addresses of another scope in the zone: that scope wrote it last. */
  readonly overwritten?: { readonly record: string; readonly addresses: readonly string[] }
}

/** The zones that serve one private endpoint. */
export interface Served {
  readonly endpoint: ScopeEndpoint
  readonly groups: readonly ZoneGroup[]
  /** Zones by role, maintained by a zone group or by hand. */
  readonly zones: ReadonlyMap<ZoneRole, readonly ServingZone[]>
  /** Deleted zones that a zone group still names. */
  readonly gone: ReadonlyMap<ZoneRole, string>
  /** Roles for which a zone may be maintained by hand, which can't be determined. */
  readonly unknown: ReadonlySet<ZoneRole>
}

/** The private endpoints with readable zone groups, and the zones of each. */
export function servedBy(network: Network): readonly Served[] {
  const others = new Set(network.otherEndpoints.flatMap(({ zones }) => zones))
  const isWhole = network.endpoints.every(({ addresses }) => addresses.length > 0)
  const own = new Set(network.endpoints.flatMap(({ addresses }) => addresses))
  return network.endpoints.flatMap((endpoint): readonly Served[] => {
    if (endpoint.zoneGroups.state !== 'found') return []
    const groups = endpoint.zoneGroups.value
    const zones = new Map<ZoneRole, readonly ServingZone[]>()
    const gone = new Map<ZoneRole, string>()
    for (const role of zoneRoles) {
      const kept = groupZones(network, groups, role, gone)
      const known = new Set([...kept.map(({ key }) => key), ...others])
      const all = [...kept, ...zonesByHand(network, endpoint, role, known)].map((zone) =>
        // If an address of the scope is unknown, a foreign address can't be recognized.
        isWhole ? { ...zone, ...overwrittenIn(zone, role, own) } : zone,
      )
      if (all.length > 0) zones.set(role, all)
    }
    const unknown = zoneRoles.filter(
      (role) =>
        !zones.has(role) && network.recordsHidden === true && hasZone(network, role, others),
    )
    return [{ endpoint, groups, zones, gone, unknown: new Set(unknown) }]
  })
}

/** True if there is a zone with that role's name that no other scope is known to write to. */
function hasZone(network: Network, role: ZoneRole, others: ReadonlySet<string>): boolean {
  return [...network.zones].some(
    ([key, zone]) =>
      zone.state === 'found' && zone.value.name === network.zoneNames[role] && !others.has(key),
  )
}

function groupZones(
  network: Network,
  groups: readonly ZoneGroup[],
  role: ZoneRole,
  gone: Map<ZoneRole, string>,
): readonly ServingZone[] {
  return groups
    .flatMap(({ zones }) => zones)
    .filter(({ zoneId }) => roleOf(network.zoneNames, lastSegment(zoneId)) === role)
    .flatMap(({ zoneId, records }): readonly ServingZone[] => {
      const key = idKey(zoneId)
      const reading = network.zones.get(key)
      if (reading?.state === 'missing') {
        gone.set(role, zoneId)
        return []
      }
      if (reading?.state !== 'found') return [{ key, id: zoneId, records }]
      const { value: zone } = reading
      return [{ key, id: zone.id, zone, records: new Map([...zone.records, ...records]) }]
    })
    .toSorted((a, b) => compareText(a.key, b.key))
}

/** The first shared record in the zone itself that has no address of this scope. */
function overwrittenIn(
  { zone }: ServingZone,
  role: ZoneRole,
  own: ReadonlySet<string>,
): Pick<ServingZone, 'overwritten'> {
  for (const record of sharedRecords[role] ?? []) {
    const addresses = zone?.records.get(record) ?? []
    if (addresses.length > 0 && !addresses.some((one) => own.has(one))) {
      return { overwritten: { record, addresses } }
    }
  }
  return {}
}

/** Zones maintained by hand: they have the right name, and records with addresses of the private endpoint. */
function zonesByHand(
  network: Network,
  endpoint: ScopeEndpoint,
  role: ZoneRole,
  known: ReadonlySet<string>,
): readonly ServingZone[] {
  const own = new Set(endpoint.addresses)
  return [...network.zones]
    .flatMap(([key, reading]): readonly ServingZone[] => {
      if (reading.state !== 'found' || known.has(key)) return []
      const { value: zone } = reading
      if (zone.name !== network.zoneNames[role]) return []
      const holdsOwn = [...zone.records.values()].some((all) => all.some((one) => own.has(one)))
      return holdsOwn ? [{ key, id: zone.id, zone, records: zone.records }] : []
    })
    .toSorted((a, b) => compareText(a.key, b.key))
}

/** The distinct zones of all private endpoints of the scope, by role. */
export function scopeZones(
  served: readonly Served[],
): ReadonlyMap<ZoneRole, readonly ServingZone[]> {
  return new Map(
    zoneRoles.map((role) => {
      const all = served.flatMap(({ zones }) => zones.get(role) ?? [])
      return [role, [...new Map(all.map((zone) => [zone.key, zone])).values()]] as const
    }),
  )
}

function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}
