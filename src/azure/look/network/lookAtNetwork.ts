import type { Reading, Target } from '../../../estate/estate.ts'
import type {
  Network,
  Place,
  ScopeEndpoint,
  Unseen,
  VirtualNetwork,
  Zone,
} from '../../../network/network.ts'
import { zoneNamesOf } from '../../../network/zoneNames.ts'
import { compareText, idKey, parseResourceId } from '../../../resources/id.ts'
import type { Topology } from '../../../topology/topology.ts'
import type { Arm } from '../../arm.ts'
import { type OpenEstate } from '../openEstate.ts'
import { queryEach } from '../resourceGraph.ts'
import { readEndpointNetwork, readOthers } from './endpoints.ts'
import { placesQuery } from './networkQueries.ts'
import {
  addPlace,
  networksOf,
  placeOf,
  type FoundPlaces,
  residentTarget,
  addPlaceRow,
} from './places.ts'
import { readResidents } from './residents.ts'
import { readOptional } from './seen.ts'
import { findRecords, findZones, readZones } from './zones.ts'

/**
 * Reads the network around the scope (contract section 8): its private endpoints with their zones
 * and subnets, the zones with their linked networks, and the resources in those networks. What this
 * identity cannot read is noted and does not fail the plan. Without an approved private endpoint,
 * nothing is read.
 */
export async function lookAtNetwork(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
): Promise<Network> {
  const zoneNames = zoneNamesOf(arm.cloud.name)
  const approved = estate.privateEndpoints.filter((endpoint) => endpoint.approved)
  const base: Network = {
    readAt: Date.now(),
    zoneNames,
    endpoints: [],
    zones: new Map(),
    virtualNetworks: new Map(),
    places: new Map(),
    residents: [],
    otherEndpoints: [],
    unseen: [],
  }
  if (approved.length === 0) return base
  const unseen: Unseen[] = []
  const scopeId = topology.privateLinkScope.id.text
  const [endpoints, seen] = await Promise.all([
    Promise.all(approved.map((endpoint) => readEndpointNetwork(arm, endpoint))),
    findZones(arm, zoneNames, scopeId, unseen),
  ])
  const [zones, otherEndpoints] = await Promise.all([
    readZones(arm, seen, endpoints, zoneNames),
    readOthers(arm, seen.others, unseen),
  ])
  const targets = targetKeys(topology, estate)
  const scopeNetworks = networksOfZones(scopeZoneKeys(endpoints, zones, otherEndpoints), zones)
  const [places, records] = await Promise.all([
    findPlaces(arm, estate, { targets, scopeNetworks, endpoints }, unseen),
    findRecords(arm, { zoneNames, zones, endpoints, otherEndpoints }, estate, unseen),
  ])
  const residents = await readResidents(
    arm,
    topology,
    estate,
    {
      seen: places,
      places: places.places,
      networks: new Set(scopeNetworks.map(idKey)),
      targets,
    },
    unseen,
  )
  return {
    ...base,
    endpoints: endpoints.map((endpoint) => withAddresses(endpoint, places)),
    zones: withRecords(zones, records ?? new Map()),
    virtualNetworks: withHidden(places, scopeNetworks, targets),
    places: places.places,
    residents,
    otherEndpoints,
    unseen,
    ...(records === undefined ? { recordsHidden: true } : {}),
  }
}

/** Keys of all targets that the file names or that its selects match. */
function targetKeys(topology: Topology, estate: OpenEstate): ReadonlySet<string> {
  return new Set([...topology.targets.map(({ id }) => id.key), ...estate.selected.flat()])
}

/**
 * Keys of the zones that the scope's private endpoints write to, or that may be maintained by hand
 * for them.
 */
function scopeZoneKeys(
  endpoints: readonly ScopeEndpoint[],
  zones: ReadonlyMap<string, Reading<Zone>>,
  others: Network['otherEndpoints'],
): ReadonlySet<string> {
  const kept = endpoints.flatMap(({ zoneGroups }) =>
    zoneGroups.state === 'found'
      ? zoneGroups.value.flatMap((group) => group.zones.map(({ zoneId }) => zoneId))
      : [],
  )
  const ofOthers = new Set(others.flatMap((other) => other.zones))
  const byHand = [...zones].flatMap(([key, reading]) =>
    reading.state === 'found' && !ofOthers.has(key) ? [key] : [],
  )
  return new Set([...kept.map(idKey), ...byHand])
}

/** Ids of the networks that these zones are linked to, sorted. */
function networksOfZones(
  keys: ReadonlySet<string>,
  zones: ReadonlyMap<string, Reading<Zone>>,
): readonly string[] {
  const ids = new Map<string, string>()
  for (const [key, reading] of zones) {
    if (reading.state !== 'found' || !keys.has(key)) continue
    for (const link of reading.value.links) ids.set(link.networkKey, link.virtualNetwork)
  }
  return [...ids].toSorted(([a], [b]) => compareText(a, b)).map(([, id]) => id)
}

async function findPlaces(
  arm: Arm,
  estate: OpenEstate,
  about: {
    readonly targets: ReadonlySet<string>
    readonly scopeNetworks: readonly string[]
    readonly endpoints: readonly ScopeEndpoint[]
  },
  unseen: Unseen[],
): Promise<FoundPlaces> {
  const { targets, scopeNetworks, endpoints } = about
  const places = new Map<string, Place>()
  const seen: FoundPlaces = {
    virtualNetworks: new Map(),
    places,
    interfaces: new Map(),
    residents: new Map(),
  }
  const set = [...targets].flatMap((key): readonly Target[] => {
    const reading = estate.targets.get(key)
    return reading?.state === 'found' && reading.value.subnets !== undefined ? [reading.value] : []
  })
  const kql = placesQuery({
    machines: [...targets].filter((key) =>
      /\/microsoft\.compute\/virtualmachines\/[^/]+$/.test(key),
    ),
    interfaces: endpoints.flatMap(({ interfaces }) => interfaces ?? []),
    residentsOf: scopeNetworks,
    networks: [
      ...new Set([
        ...scopeNetworks.map(idKey),
        ...set.flatMap(({ subnets }) => networksOf(subnets ?? [])),
      ]),
    ],
    nodeGroups: set.flatMap(({ id, subnets, nodeResourceGroup }) =>
      nodeResourceGroup === undefined || (subnets ?? []).length > 0
        ? []
        : [{ subscription: parseResourceId(id)?.subscription ?? '', name: nodeResourceGroup }],
    ),
  })
  const [scope] = endpoints
  await readOptional(
    unseen,
    { resource: scope?.id ?? '', what: 'Virtual networks and network interfaces' },
    async () => {
      const what = 'find virtual networks and the resources in them with Resource Graph'
      if (kql !== undefined) await queryEach(arm, kql, { what }, (row) => addPlaceRow(seen, row))
    },
    undefined,
  )
  for (const target of set)
    addPlace(places, idKey(target.id), placeOf(target, seen.virtualNetworks))
  for (const [key, { row }] of seen.residents) {
    if (row !== undefined && !places.has(key)) {
      addPlace(places, key, placeOf(residentTarget(row), seen.virtualNetworks))
    }
  }
  return seen
}

/** Adds every known address of the endpoint: its own, and those of its interfaces and records. */
function withAddresses(endpoint: ScopeEndpoint, { interfaces }: FoundPlaces): ScopeEndpoint {
  const ofInterfaces = (endpoint.interfaces ?? []).flatMap((id) => interfaces.get(idKey(id)) ?? [])
  const groups = endpoint.zoneGroups.state === 'found' ? endpoint.zoneGroups.value : []
  const ofRecords = groups.flatMap(({ zones }) =>
    zones.flatMap(({ records }) => [...records.values()].flat()),
  )
  const all = new Set([...endpoint.addresses, ...ofInterfaces, ...ofRecords])
  return { ...endpoint, addresses: [...all].toSorted(compareText) }
}

function withRecords(
  zones: ReadonlyMap<string, Reading<Zone>>,
  records: ReadonlyMap<string, Zone['records']>,
): ReadonlyMap<string, Reading<Zone>> {
  return new Map(
    [...zones].map(([key, reading]) => {
      const found = records.get(key)
      if (reading.state !== 'found' || found === undefined) return [key, reading] as const
      return [key, { state: 'found', value: { ...reading.value, records: found } }] as const
    }),
  )
}

/**
 * The relevant networks: those with targets and those of the scope's zones. A network that Resource
 * Graph does not show is unreadable.
 */
function withHidden(
  { virtualNetworks, places }: FoundPlaces,
  scopeNetworks: readonly string[],
  targets: ReadonlySet<string>,
): ReadonlyMap<string, Reading<VirtualNetwork>> {
  const keys = new Set(scopeNetworks.map(idKey))
  for (const key of targets) {
    for (const network of places.get(key)?.virtualNetworks ?? []) keys.add(network)
  }
  const why = 'Resource Graph does not show it to this identity.'
  return new Map(
    [...keys]
      .toSorted(compareText)
      .map((key) => [key, virtualNetworks.get(key) ?? { state: 'unreadable', why }]),
  )
}
