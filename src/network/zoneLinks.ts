import { pushTo } from '../resources/group.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import {
  count,
  diagnose,
  type Finding,
  firstFive,
  type Judging,
  listed,
  whereClosing,
} from './judging.ts'
import { type OtherEndpoint, type VirtualNetwork, type ZoneRole, zoneRoles } from './network.ts'
import { linkZones } from './remedies.ts'
import { scopeZones, type ServingZone } from './serving.ts'

/** How the names of the scope resolve in one virtual network that holds targets. */
export interface NetworkOutlook {
  readonly virtualNetwork: VirtualNetwork
  /** Keys of the targets there that ask what the network asks. */
  readonly targets: readonly string[]
  /** Zones of the scope that it is not linked to, and no other of that name either. */
  readonly notLinked: ReadonlyMap<ZoneRole, readonly ServingZone[]>
  /** Roles of zones that it is linked to and that hold nothing of the scope, which has none of that name: names are not found. */
  readonly empty: readonly ZoneRole[]
  /** Zones of another scope that it is linked to in place of the scope's, by role. */
  readonly elsewhere: ReadonlyMap<ZoneRole, string>
  /** Zones of the scope that it is linked to. */
  readonly linked: ReadonlyMap<ZoneRole, ServingZone>
  /** What Azure says of its links to zones of the scope that are not made: `InProgress`, `Failed`. */
  readonly unfinished: readonly string[]
}

/** The outlook of every virtual network with targets whose names Azure itself resolves, in order of id. */
export function outlooks(judging: Judging): readonly NetworkOutlook[] {
  const { network, served } = judging
  const zones = scopeZones(served)
  // What can't be seen may be what the network is linked to: nothing is said then.
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
        // A private endpoint of the scope that may not be read may be the one that writes it.
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

/** Keys of targets by the key of the virtual network they are in; not those with DNS servers of their own. */
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

/** True where the network asks this zone: a link that is not made yet, or failed, answers nobody. */
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

/** Any zone of that role that the network is linked to. */
function zoneLinkedTo({ network }: Judging, role: ZoneRole, key: string): string | undefined {
  for (const reading of network.zones.values()) {
    if (reading.state !== 'found' || reading.value.name !== network.zoneNames[role]) continue
    if (isAsked(reading.value, key)) return reading.value.id
  }
  return undefined
}

/** `dns-zone-not-linked`: targets whose names resolve publicly, since their network sees none of the zones. */
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
    const begun = isBegun ? ` A link was begun and is not made: ${listed(unfinished)}.` : ''
    return [
      {
        targets: new Set(targets),
        diagnostic: diagnose(judging, {
          code: 'dns-zone-not-linked',
          severity: whereClosing(judging),
          message: `Virtual network ${nameOf(virtualNetwork.id)} is linked to no private DNS zone ${listed(names)}: ${count(targets.length, 'target')} there (${firstFive(showIds(judging, targets))}) ${verb} these names publicly. Peering with the network of the zones does not help: it carries no DNS.${begun}`,
          remedy: isBegun
            ? 'Wait until Azure has made the link; if it failed, make it again:'
            : 'Link it:',
          command: linkZones(virtualNetwork.id, zones),
          resource: virtualNetwork.id,
        }),
      },
    ]
  })
}

/** `dns-zone-of-another-scope`: targets whose names lead to the private endpoint of another scope. */
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
  const who = writers.length === 0 ? '' : ` There ${nameWriters(writers)} answers.`
  return [
    {
      targets: new Set(targets),
      diagnostic: diagnose(judging, {
        code: 'dns-zone-of-another-scope',
        severity: whereClosing(judging),
        message: `Virtual network ${nameOf(virtualNetwork.id)} is linked to ${listed(zones)}, not to the zone that the private endpoint of ${judging.topology.privateLinkScope.id.name} writes: ${count(targets.length, 'target')} there (${firstFive(showIds(judging, targets))}) ${targets.length === 1 ? 'reaches' : 'reach'} another scope, or nothing.${who}`,
        remedy:
          'A network sees one zone of a name. Link the network to the zone of this scope instead (az network private-dns link vnet delete there, then create here), or have these targets use the other scope.',
        resource: virtualNetwork.id,
      }),
    },
  ]
}

/** A zone of the scope that the private endpoint of another scope writes as well: the last one to write wins. */
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
      `${listed(shared.map(({ id }) => nameOf(id)))}, which private endpoint ${nameOf(endpoint.id ?? endpoint.connection)} writes, ${shared.length === 1 ? 'is' : 'are'} also written by ${writers.length === 0 ? 'somebody who can not be seen' : nameWriters(writers)}: of names that both have, whoever wrote last is resolved${where}.${sayOverwritten(shared)}`
    const remedy =
      'Give each scope zones of its own, or connect the other network to this scope and remove the other private endpoint from the zone (az network private-endpoint dns-zone-group remove).'
    const code = 'dns-zone-of-another-scope'
    if (inside.length === 0) {
      // No network of a target is known to ask this zone: a risk that is told, and blocks nobody.
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
      const severity = whereClosing(judging)
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

/** True for a zone of the scope that somebody else writes as well, seen or only told by what is in it. */
export function isContested(
  { otherEndpoints }: Judging['network'],
  { key, overwritten }: ServingZone,
): boolean {
  return overwritten !== undefined || otherEndpoints.some((other) => other.zones.includes(key))
}

function sayOverwritten(zones: readonly ServingZone[]): string {
  const [first] = zones.flatMap(({ overwritten }) => overwritten ?? [])
  return first === undefined
    ? ''
    : ` Now ${first.record} leads to ${first.addresses.slice(0, 3).join(', ')}, which is no address of this scope.`
}

function nameWriters(writers: readonly OtherEndpoint[]): string {
  return listed(
    writers
      .slice(0, 5)
      .map(({ id, scopes }) => `private endpoint ${nameOf(id)} of ${listed(scopes.map(nameOf))}`),
  )
}

/** Ids of targets as they are written, of their keys. */
function showIds({ estate }: Judging, keys: readonly string[]): readonly string[] {
  return keys.map((key) => {
    const reading = estate.targets.get(key)
    return reading?.state === 'found' ? reading.value.id : key
  })
}
