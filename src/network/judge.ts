import type { Diagnostic } from '../diagnostics.ts'
import { compareText, idKey } from '../resources/id.ts'
import { pushTo } from '../resources/group.ts'
import type { Finding, Judging } from './judging.ts'
import { explainNeighbours, findNeighbours, type Neighbour } from './neighbours.ts'
import type { Network } from './network.ts'
import { findInvisible } from './notVisible.ts'
import { findRoom, freeAddresses } from './room.ts'
import { scopeZones, servedBy } from './serving.ts'
import {
  findForeignZones,
  findUnlinkedNetworks,
  isContested,
  type NetworkOutlook,
  outlooks,
} from './zoneLinks.ts'
import { findMissingZones, lackingRecords } from './zoneMissing.ts'

/** Result of judging the network: diagnostics, and the report for comments and plan-json. */
export interface NetworkVerdict {
  readonly findings: readonly Finding[]
  readonly report: NetworkReport
}

/** The network around the scope, as reports show it. */
export interface NetworkReport {
  readonly privateEndpoints: readonly ReportedEndpoint[]
  /** Virtual networks with targets, and those that the scope's zones are linked to. */
  readonly virtualNetworks: readonly ReportedNetwork[]
  readonly neighbours: readonly Neighbour[]
  /** Keys of targets without a visible virtual network. */
  readonly unplaced: readonly string[]
}

export interface ReportedEndpoint {
  /** Id of the private endpoint, or the connection's name if Azure returns no id. */
  readonly id: string
  readonly visible: boolean
  readonly addresses: readonly string[]
  readonly subnet?: string
  readonly freeAddresses?: number
  /** Ids of its zones, maintained by a zone group or by hand. */
  readonly zones: readonly string[]
  /** Names of the zones that are missing. */
  readonly missingZones: readonly string[]
}

export interface ReportedNetwork {
  readonly id: string
  /** Ids of the zones that it is linked to, of any scope. */
  readonly linkedZones: readonly string[]
  /** Keys of the targets in it. */
  readonly targets: readonly string[]
  readonly dns: 'azure' | 'own' | 'unknown'
  /** How names resolve for its targets. */
  readonly resolves: 'private' | 'partly' | 'public' | 'elsewhere' | 'contested' | 'unknown'
  /** Zone names for which it is not linked to any zone. */
  readonly notLinked: readonly string[]
  /** Zone names for which it is linked to a zone without any record of the scope; names there don't resolve at all. */
  readonly empty: readonly string[]
  /** Ids of linked resources without a record in a zone that the network uses. */
  readonly lacking: readonly string[]
}

/** Judges the network around the scope (contract section 8). Never changes the plan. */
export function judgeNetwork(given: Omit<Judging, 'served'>): NetworkVerdict {
  const judging: Judging = { ...given, served: servedBy(given.network) }
  const all = outlooks(judging)
  const neighbours = findNeighbours(judging)
  return {
    findings: [
      ...findMissingZones(judging, all),
      ...findUnlinkedNetworks(judging, all),
      ...findForeignZones(judging, all),
      ...findRoom(judging),
      ...explainNeighbours(judging, neighbours),
      ...findInvisible(judging),
    ],
    report: {
      privateEndpoints: reportEndpoints(judging),
      virtualNetworks: reportNetworks(judging, all),
      neighbours,
      unplaced: given.targets.flatMap(({ key }) =>
        (given.network.places.get(key)?.virtualNetworks.length ?? 0) === 0 ? [key] : [],
      ),
    },
  }
}

/** The network diagnostics that concern one target, including those that concern all. */
export function networkOf(findings: readonly Finding[], target: string): readonly Diagnostic[] {
  const key = idKey(target)
  return findings
    .filter(({ targets }) => targets === 'all' || targets.has(key))
    .map(({ diagnostic }) => diagnostic)
}

/** All known addresses of the scope's private endpoints, sorted. */
export function scopeAddresses(network: Network): readonly string[] {
  return [...new Set(network.endpoints.flatMap(({ addresses }) => addresses))].toSorted(compareText)
}

function reportEndpoints({ network, served }: Judging): readonly ReportedEndpoint[] {
  return network.endpoints.map((endpoint) => {
    const { id, connection, addresses, subnetReading, zoneGroups } = endpoint
    const own = served.find((one) => one.endpoint === endpoint)
    const subnet = subnetReading?.state === 'found' ? subnetReading.value : undefined
    const free = subnet === undefined ? undefined : freeAddresses(subnet)
    const zones = [...(own?.zones.values() ?? [])].flat().map((zone) => zone.id)
    return {
      id: id ?? connection,
      visible: zoneGroups.state === 'found',
      addresses,
      ...(subnet === undefined ? {} : { subnet: subnet.id }),
      ...(free === undefined ? {} : { freeAddresses: free }),
      zones: zones.toSorted(compareText),
      missingZones:
        own === undefined
          ? []
          : Object.entries(network.zoneNames)
              .filter(([role]) => ![...own.zones.keys(), ...own.unknown].some((is) => is === role))
              .map(([, name]) => name),
    }
  })
}

function reportNetworks(
  judging: Judging,
  all: readonly NetworkOutlook[],
): readonly ReportedNetwork[] {
  const { network, targets } = judging
  const inside = new Map<string, string[]>()
  for (const { key } of targets) {
    for (const id of network.places.get(key)?.virtualNetworks ?? []) pushTo(inside, id, key)
  }
  const own = [...scopeZones(judging.served).values()].flat()
  const resolving = own.flatMap(({ zone }) => zone?.links.map((link) => link.networkKey) ?? [])
  const keys = [...new Set([...inside.keys(), ...resolving])].toSorted(compareText)
  const zonesOf = linkedZonesByNetwork(network)
  const outlookOf = new Map(all.map((one) => [idKey(one.virtualNetwork.id), one]))
  const lackingIn = lackingByZone(judging)
  return keys.map((key) => {
    const reading = network.virtualNetworks.get(key)
    const outlook = outlookOf.get(key)
    const notLinked = [...(outlook?.notLinked.keys() ?? [])].map((role) => network.zoneNames[role])
    const asked = [...(outlook?.linked.values() ?? [])]
    const lacking = [...new Set(asked.flatMap((zone) => lackingIn.get(zone.key) ?? []))]
    return {
      id: reading?.state === 'found' ? reading.value.id : key,
      linkedZones: zonesOf.get(key) ?? [],
      targets: inside.get(key) ?? [],
      dns: reading?.state === 'found' ? reading.value.dns : 'unknown',
      resolves: outlook === undefined ? 'unknown' : resolutionOf(judging, outlook, lacking),
      notLinked,
      empty: (outlook?.empty ?? []).map((role) => network.zoneNames[role]),
      lacking: lacking.toSorted(compareText),
    }
  })
}

/** Linked resources without a record, by the key of the zone. */
function lackingByZone(judging: Judging): ReadonlyMap<string, readonly string[]> {
  const byZone = new Map<string, string[]>()
  for (const served of judging.served) {
    for (const { link, zones } of lackingRecords(judging, served)) {
      for (const { key } of zones) pushTo(byZone, key, link.linkedResourceId)
    }
  }
  return byZone
}

/** How names resolve in a network: private only if every needed zone exists, is linked, belongs to the scope and has all records. */
function resolutionOf(
  { served, network }: Judging,
  { linked, notLinked, elsewhere }: NetworkOutlook,
  lacking: readonly string[],
): ReportedNetwork['resolves'] {
  if (elsewhere.size > 0) return 'elsewhere'
  const needed = Object.keys(network.zoneNames).length
  if (served.length === 0) return 'unknown'
  if ([...linked.values()].some((zone) => isContested(network, zone))) return 'contested'
  if (linked.size === needed && lacking.length === 0) return 'private'
  // A zone maintained by hand may answer, which can't be seen.
  if (served.some(({ unknown }) => unknown.size > 0) && notLinked.size === 0) return 'unknown'
  if (linked.size > 0) return 'partly'
  return notLinked.size > 0 || served.every(({ zones }) => zones.size === 0) ? 'public' : 'unknown'
}

function linkedZonesByNetwork(network: Network): ReadonlyMap<string, readonly string[]> {
  const zones = new Map<string, string[]>()
  for (const reading of network.zones.values()) {
    if (reading.state !== 'found') continue
    for (const { networkKey } of reading.value.links) pushTo(zones, networkKey, reading.value.id)
  }
  return zones
}
