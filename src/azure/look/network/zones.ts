import type { Estate, Reading } from '../../../estate/estate.ts'
import type {
  Network,
  OtherEndpoint,
  ScopeEndpoint,
  Unseen,
  Zone,
  ZoneLink,
  ZoneNames,
} from '../../../network/network.ts'
import { roleOf, sharedRecords } from '../../../network/zoneNames.ts'
import { recordsOf } from '../../../network/zoneMissing.ts'
import { pushTo } from '../../../resources/group.ts'
import { compareText, idKey, nameOf } from '../../../resources/id.ts'
import { zoneRoles } from '../../../network/network.ts'
import type { Arm } from '../../arm.ts'
import { field, idText, text } from '../../azureJson.ts'
import { queryEach } from '../resourceGraph.ts'
import { listAll } from '../scope.ts'
import { recordsQuery, zonesQuery } from './networkQueries.ts'
import {
  parseOtherEndpoint,
  parseZone,
  parseZoneGroup,
  parseZoneLink,
  recordAddresses,
} from './parseNetwork.ts'
import { notReadable, readingOf, readOptional } from './seen.ts'

/** The version that returns `resolutionPolicy` for zones and links (facts-2, D.3). */
const dnsApiVersion = '2024-06-01'
/** The version with which the private endpoint is read too. */
export const networkApiVersion = '2023-04-01'

/** The zones in Resource Graph, and the private endpoints of other scopes. */
export interface FoundZones {
  readonly zones: ReadonlyMap<string, Zone>
  readonly others: readonly Omit<OtherEndpoint, 'zones'>[]
}

/**
 * Finds the cloud's private DNS zones with their links, and other private endpoints that may write
 * to them.
 */
export async function findZones(
  arm: Arm,
  names: ZoneNames,
  scopeId: string,
  unseen: Unseen[],
): Promise<FoundZones> {
  const zones = new Map<string, Zone>()
  const links = new Map<string, ZoneLink[]>()
  const others: Omit<OtherEndpoint, 'zones'>[] = []
  const take = (row: unknown): void => {
    const type = (text(row, 'type') ?? '').toLowerCase()
    if (type === 'microsoft.network/privateendpoints') {
      const other = parseOtherEndpoint(row, idKey(scopeId))
      if (other !== undefined) others.push(other)
    } else if (type === 'microsoft.network/privatednszones') {
      zones.set(idKey(idText(row, 'id') ?? ''), parseZone(row))
    } else {
      const found = parseZoneLink(row)
      if (found !== undefined) pushTo(links, idKey(found.zone), found.link)
    }
  }
  const what = 'find private DNS zones with Resource Graph'
  await readOptional(
    unseen,
    { resource: scopeId, what: 'Private DNS zones' },
    () => queryEach(arm, zonesQuery(names), { what }, take),
    undefined,
  )
  for (const [key, all] of links) {
    // A link without its zone: the zone's row is late or not readable.
    const zone =
      zones.get(key) ?? parseZone({ id: all[0]?.id.replace(/\/virtualnetworklinks\/[^/]+$/i, '') })
    zones.set(key, {
      ...zone,
      links: all.toSorted((a, b) => compareText(a.networkKey, b.networkKey)),
    })
  }
  return { zones, others: others.toSorted((a, b) => compareText(idKey(a.id), idKey(b.id))) }
}

/** Reads all zone groups of a private endpoint. */
export async function readZoneGroups(arm: Arm, id: string): Promise<ScopeEndpoint['zoneGroups']> {
  const answer = await arm.send({
    method: 'GET',
    path: `${id}/privateDnsZoneGroups`,
    apiVersion: networkApiVersion,
    accept: notReadable,
    what: `read the zone groups of the private endpoint ${nameOf(id)}`,
  })
  const reading = readingOf(answer, (raw) => field(raw, 'value'))
  if (reading.state !== 'found') return reading
  // A success without the list does not mean that there is no group.
  if (!Array.isArray(reading.value)) {
    return { state: 'unreadable', why: 'Azure answered without a list of zone groups.' }
  }
  return { state: 'found', value: reading.value.map(parseZoneGroup) }
}

/**
 * All zones: those that Resource Graph shows, and those that only a zone group refers to, read from
 * their provider.
 */
export async function readZones(
  arm: Arm,
  seen: FoundZones,
  endpoints: readonly ScopeEndpoint[],
  names: ZoneNames,
): Promise<Map<string, Reading<Zone>>> {
  const zones = new Map<string, Reading<Zone>>(
    [...seen.zones].map(([key, value]) => [key, { state: 'found', value }]),
  )
  const named = endpoints.flatMap(({ zoneGroups }) =>
    zoneGroups.state === 'found'
      ? zoneGroups.value.flatMap((group) => group.zones.map(({ zoneId }) => zoneId))
      : [],
  )
  const unknown = new Map(
    named
      .filter((id) => !zones.has(idKey(id)) && roleOf(names, nameOf(id)) !== undefined)
      .map((id) => [idKey(id), id]),
  )
  await Promise.all(
    [...unknown].map(async ([key, id]) => {
      zones.set(key, await readZone(arm, id))
    }),
  )
  return new Map([...zones].toSorted(([a], [b]) => compareText(a, b)))
}

async function readZone(arm: Arm, id: string): Promise<Reading<Zone>> {
  const what = `read the private DNS zone ${nameOf(id)}`
  const answer = await arm.send({
    method: 'GET',
    path: id,
    apiVersion: dnsApiVersion,
    accept: notReadable,
    what,
  })
  const reading = readingOf(answer, parseZone)
  if (reading.state !== 'found') return reading
  const unseen: Unseen[] = []
  const raw = await readOptional(
    unseen,
    { resource: id, what },
    () => listAll(arm, `${id}/virtualNetworkLinks`, dnsApiVersion, { what }),
    [],
  )
  const [refused] = unseen
  if (refused !== undefined) return { state: 'unreadable', why: refused.why }
  const links = raw.flatMap((one) => parseZoneLink(one)?.link ?? [])
  return { state: 'found', value: { ...reading.value, links } }
}

/** What determines which records are needed. */
type AboutRecords = Pick<Network, 'zoneNames' | 'zones' | 'endpoints' | 'otherEndpoints'>

/**
 * Finds records in the zones: the names that every scope has, which show who wrote a zone last; all
 * needed names in zones that may be maintained by hand, also next to a zone group's; and linked
 * resources for which a zone group has no record. One query; `undefined` if it is refused.
 */
export async function findRecords(
  arm: Arm,
  network: AboutRecords,
  estate: Estate,
  unseen: Unseen[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> | undefined> {
  const { zoneNames } = network
  const asked = recordsToAsk(network, estate)
  const byZone = new Map<string, Map<string, readonly string[]>>()
  if (asked.length === 0) return byZone
  const take = (row: unknown): void => {
    const match = /^(.+)\/a\/([^/]+)$/i.exec(idText(row, 'id') ?? '')
    const zone = idKey(match?.[1] ?? '')
    const records = byZone.get(zone) ?? new Map<string, readonly string[]>()
    byZone.set(
      zone,
      records.set((match?.[2] ?? '').toLowerCase(), recordAddresses(field(row, 'records'))),
    )
  }
  const what = 'find records of private DNS zones with Resource Graph'
  return await readOptional(
    unseen,
    {
      resource: estate.scope.state === 'found' ? estate.scope.value.id : '',
      what: 'Records of private DNS zones',
    },
    async () => {
      await queryEach(arm, recordsQuery(zoneNames, asked), { what }, take)
      return byZone
    },
    undefined,
  )
}

function recordsToAsk(
  { zoneNames, zones, endpoints, otherEndpoints }: AboutRecords,
  estate: Estate,
): readonly string[] {
  const ofOthers = new Set(otherEndpoints.flatMap((other) => other.zones))
  const asked = new Set<string>()
  const needed = estate.links.flatMap((link) =>
    recordsOf(estate, zoneNames, idKey(link.linkedResourceId)),
  )
  for (const { zoneGroups } of endpoints) {
    if (zoneGroups.state !== 'found') continue
    for (const role of zoneRoles) {
      const kept = zoneGroups.value
        .flatMap((group) => group.zones)
        .filter(({ zoneId }) => roleOf(zoneNames, nameOf(zoneId)) === role)
      const keys = new Set(kept.map(({ zoneId }) => idKey(zoneId)))
      const mayBeByHand = [...zones].some(
        ([key, zone]) =>
          zone.state === 'found' &&
          zone.value.name === zoneNames[role] &&
          !keys.has(key) &&
          !ofOthers.has(key),
      )
      if (kept.length === 0 && !mayBeByHand) continue
      for (const name of sharedRecords[role] ?? []) asked.add(name)
      for (const { role: of, record } of needed) {
        const isTold = kept.some(({ records }) => records.has(record))
        if (of === role && (mayBeByHand || !isTold)) asked.add(record)
      }
    }
  }
  return [...asked].toSorted(compareText)
}
