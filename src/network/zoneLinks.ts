import { pushTo } from '../resources/group.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import {
  count,
  diagnose,
  type Finding,
  firstFive,
  type Judging,
  listed,
  riskSeverity,
} from './judging.ts'
import { type OtherEndpoint, type VirtualNetwork, type ZoneRole, zoneRoles } from './network.ts'
import { linkZones } from './remedies.ts'
import { scopeZones, type ServingZone } from './serving.ts'

/** How the scope's names resolve in one virtual network with targets. */
export interface NetworkOutlook {
  readonly virtualNetwork: VirtualNetwork
  /** Keys of the targets there that use the network's DNS. */
  readonly targets: readonly string[]
  /** Zones of the scope whose name it is not linked to at all. */
  readonly notLinked: ReadonlyMap<ZoneRole, readonly ServingZone[]>
  /** Roles for which the scope has no zone, but the network is linked to one: its names don't resolve at all. */
  readonly empty: readonly ZoneRole[]
  /** Zones of another scope to which it is linked instead, by role. */
  readonly elsewhere: ReadonlyMap<ZoneRole, string>
  /** Zones of the scope to which it is linked. */
  readonly linked: ReadonlyMap<ZoneRole, ServingZone>
  /** States of its incomplete links to zones of the scope: `InProgress`, `Failed`. */
  readonly unfinished: readonly string[]
}

/** The outlook of every virtual network with targets that uses Azure's DNS, sorted by id. */
export function outlooks(judging: Judging): readonly NetworkOutlook[] {
  const { network, served } = judging
  const zones = scopeZones(served)
  // The network may be linked to the zones of an unreadable private endpoint, so no conclusion is drawn.
  const hasHidden = network.endpoints.some(({ zoneGroups }) => zoneGroups.state !== 'found')
  const hasZone = ({ zone }: ServingZone): boolean => zone !== undefined
  const writtenByOthers = new Set(network.otherEndpoints.flatMap((other) => other.zones))
  return [...residentsByNetwork(judging)].flatMap(([key, targets]): readonly NetworkOutlook[] => {
    const reading = network.virtualNetworks.get(key)
    if (reading?.state !== 'found' || reading.value.dns !== 'azure') return []
    const notLinked = new Map<ZoneRole, readonly ServingZone[]>()
    const elsewhere = new Map<ZoneRole, string>()
    const linked = new Map<ZoneRole, ServingZone>()
    const empty: ZoneRole[] = []
    for (const role of zoneRoles) {
      const candidates = zones.get(role) ?? []
      const own = candidates.find(({ zone }) => isAsked(zone, key))
      const other = zoneLinkedTo(judging, role, key)
      if (own !== undefined) linked.set(role, own)
      else if (other !== undefined) {
        // An unreadable private endpoint of the scope may write to this zone.
        const isForeign = writtenByOthers.has(idKey(other))
        if (isForeign || (candidates.length > 0 && !hasHidden)) elsewhere.set(role, other)
        else if (!hasHidden && !served.some(({ unknown }) => unknown.has(role))) empty.push(role)
      } else if (candidates.length > 0 && !hasHidden && candidates.every(hasZone)) {
        notLinked.set(role, candidates)
      }
    }
    const unfinished = unfinishedLinks([...notLinked.values()].flat(), key)
    const found = { notLinked, empty, elsewhere, linked, unfinished }
    return [{ virtualNetwork: reading.value, targets, ...found }]
  })
}

/** Keys of targets by the key of their virtual network, without targets that have custom DNS servers. */
export function residentsByNetwork({
  network,
  targets,
}: Pick<Judging, 'network' | 'targets'>): ReadonlyMap<string, readonly string[]> {
  const byNetwork = new Map<string, string[]>()
  for (const { key } of targets) {
    const place = network.places.get(key)
    if (place === undefined || place.ownDns) continue
    for (const id of place.virtualNetworks) pushTo(byNetwork, id, key)
  }
  return new Map([...byNetwork].toSorted(([a], [b]) => compareText(a, b)))
}

/** True if the network resolves through this zone; an incomplete or failed link has no effect. */
export function isAsked(zone: ServingZone['zone'], virtualNetwork: string): boolean {
  return (
    zone?.links.some(
      (link) => link.networkKey === virtualNetwork && link.unfinished === undefined,
    ) ?? false
  )
}

function unfinishedLinks(zones: readonly ServingZone[], virtualNetwork: string): readonly string[] {
  const states = zones
    .flatMap(({ zone }) => zone?.links ?? [])
    .flatMap((link) => (link.networkKey === virtualNetwork ? (link.unfinished ?? []) : []))
  return [...new Set(states)].toSorted(compareText)
}

/** Id of any zone of that role to which the network is linked. */
function zoneLinkedTo({ network }: Judging, role: ZoneRole, key: string): string | undefined {
  for (const reading of network.zones.values()) {
    if (reading.state !== 'found' || reading.value.name !== network.zoneNames[role]) continue
    if (isAsked(reading.value, key)) return reading.value.id
  }
  return undefined
}

/** `dns-zone-not-linked`: names resolve publicly for these targets, because their network is linked to none of the zones. */
export function findUnlinkedNetworks(
  judging: Judging,
  all: readonly NetworkOutlook[],
): readonly Finding[] {
  return all.flatMap((outlook): readonly Finding[] => {
    const { virtualNetwork, targets, notLinked, unfinished } = outlook
    if (notLinked.size === 0) return []
    const names = [...notLinked.keys()].map((role) => judging.network.zoneNames[role])
    const zones = [...notLinked.values()].flatMap((candidates) => candidates.slice(0, 1))
    const verb = targets.length === 1 ? 'resolves' : 'resolve'
    const isBegun = unfinished.length > 0
    const begun = isBegun ? ` A link exists but is not complete: ${listed(unfinished)}.` : ''
    return [
      {
        targets: new Set(targets),
        diagnostic: diagnose(judging, {
          code: 'dns-zone-not-linked',
          severity: riskSeverity(judging),
          message: `Virtual network ${nameOf(virtualNetwork.id)} is not linked to ${names.length === 1 ? 'private DNS zone' : 'the private DNS zones'} ${listed(names)}: ${count(targets.length, 'target')} there (${firstFive(showIds(judging, targets))}) ${verb} these names publicly. Peering with a linked network does not help: it does not extend private DNS.${begun}`,
          remedy: isBegun
            ? 'Wait until Azure has completed the link; if it failed, create it again:'
            : 'Link it:',
          command: linkZones(virtualNetwork.id, zones),
          resource: virtualNetwork.id,
        }),
      },
    ]
  })
}

/** `dns-zone-of-another-scope`: names resolve to the private endpoint of another scope for these targets. */
export function findForeignZones(
  judging: Judging,
  all: readonly NetworkOutlook[],
): readonly Finding[] {
  return [
    ...all.flatMap((outlook) => linkedElsewhere(judging, outlook)),
    ...sharedZones(judging, all),
  ]
}

function linkedElsewhere(
  judging: Judging,
  { virtualNetwork, targets, elsewhere }: NetworkOutlook,
): readonly Finding[] {
  if (elsewhere.size === 0) return []
  const zones = [...elsewhere.values()]
  const writers = judging.network.otherEndpoints.filter((other) =>
    zones.some((id) => other.zones.includes(idKey(id))),
  )
  const who = writers.length === 0 ? '' : ` Names there resolve to ${nameWriters(writers)}.`
  return [
    {
      targets: new Set(targets),
      diagnostic: diagnose(judging, {
        code: 'dns-zone-of-another-scope',
        severity: riskSeverity(judging),
        message: `Virtual network ${nameOf(virtualNetwork.id)} is linked to ${listed(zones)}, not to the zone of the private endpoint of ${judging.topology.privateLinkScope.id.name}: ${count(targets.length, 'target')} there (${firstFive(showIds(judging, targets))}) ${targets.length === 1 ? 'reaches' : 'reach'} another scope, or nothing.${who}`,
        remedy:
          'A network can be linked to only one zone of a name. Link the network to the zone of this scope instead (az network private-dns link vnet delete there, then create here), or manage these targets with the other scope.',
        resource: virtualNetwork.id,
      }),
    },
  ]
}

/** Zones of the scope to which the private endpoint of another scope writes too: the last write wins. */
function sharedZones(judging: Judging, all: readonly NetworkOutlook[]): readonly Finding[] {
  const { network, served } = judging
  const found: Finding[] = []
  for (const { endpoint, zones } of served) {
    const own = [...zones.values()].flat()
    const shared = own.filter((zone) => isContested(network, zone))
    if (shared.length === 0) continue
    const keys = new Set(shared.map(({ key }) => key))
    const writers = network.otherEndpoints.filter((o) => o.zones.some((key) => keys.has(key)))
    const inside = all.filter(({ linked }) => [...linked.values()].some(({ key }) => keys.has(key)))
    const message = (where: string) =>
      `Private endpoint ${nameOf(endpoint.id ?? endpoint.connection)} and ${writers.length === 0 ? 'an unknown writer' : nameWriters(writers)} both write to ${listed(shared.map(({ id }) => nameOf(id)))}: names that both have resolve to the last writer's addresses${where}.${describeOverwritten(shared)}`
    const remedy =
      'Use separate zones for each scope, or connect the other network to this scope and remove the other private endpoint from the zone (az network private-endpoint dns-zone-group remove).'
    const code = 'dns-zone-of-another-scope'
    if (inside.length === 0) {
      // No network with targets is known to use this zone: a risk to report, but not to block.
      const resource = endpoint.id ?? endpoint.connection
      const diagnostic = diagnose(judging, {
        code,
        severity: 'warning',
        message: message(''),
        remedy,
        resource,
      })
      found.push({ targets: 'all', diagnostic })
    }
    for (const { virtualNetwork, targets } of inside) {
      const where = `, for ${count(targets.length, 'target')} in ${nameOf(virtualNetwork.id)} too (${firstFive(showIds(judging, targets))})`
      const resource = virtualNetwork.id
      const severity = riskSeverity(judging)
      const diagnostic = diagnose(judging, {
        code,
        severity,
        message: message(where),
        remedy,
        resource,
      })
      found.push({ targets: new Set(targets), diagnostic })
    }
  }
  return found
}

/** True for a zone of the scope to which another scope writes too: its private endpoint is visible, or its records are. */
export function isContested(
  { otherEndpoints }: Judging['network'],
  { key, overwritten }: ServingZone,
): boolean {
  return overwritten !== undefined || otherEndpoints.some((other) => other.zones.includes(key))
}

function describeOverwritten(zones: readonly ServingZone[]): string {
  const [first] = zones.flatMap(({ overwritten }) => overwritten ?? [])
  return first === undefined
    ? ''
    : ` Currently ${first.record} resolves to ${first.addresses.slice(0, 3).join(', ')}, which is not an address of this scope.`
}

function nameWriters(writers: readonly OtherEndpoint[]): string {
  return listed(
    writers
      .slice(0, 5)
      .map(({ id, scopes }) => `private endpoint ${nameOf(id)} of ${listed(scopes.map(nameOf))}`),
  )
}

/** Ids of targets in Azure's spelling, by key. */
function showIds({ estate }: Judging, keys: readonly string[]): readonly string[] {
  return keys.map((key) => {
    const reading = estate.targets.get(key)
    return reading?.state === 'found' ? reading.value.id : key
  })
}
