import { compareText, idKey, nameOf } from '../resources/id.ts'
import type { Link } from '../estate/estate.ts'
import {
  count,
  diagnose,
  type Finding,
  firstFive,
  type Judging,
  listed,
  whereClosing,
} from './judging.ts'
import { type ZoneRole, zoneRoles } from './network.ts'
import { addZones } from './remedies.ts'
import type { Served, ServingZone } from './serving.ts'
import { isAsked, type NetworkOutlook, residentsByNetwork } from './zoneLinks.ts'
import { recordOf } from './zoneNames.ts'

/** `dns-zone-missing`: a zone that a private endpoint needs and has not, or a record that a zone lacks. */
export function findMissingZones(
  judging: Judging,
  all: readonly NetworkOutlook[],
): readonly Finding[] {
  return judging.served.flatMap((served) => [
    ...missingZones(judging, served, all),
    ...missingRecords(judging, served),
  ])
}

function missingZones(
  judging: Judging,
  served: Served,
  all: readonly NetworkOutlook[],
): readonly Finding[] {
  const { zoneNames } = judging.network
  const missing = zoneRoles.filter((role) => !served.zones.has(role) && !served.unknown.has(role))
  const resource = served.endpoint.id
  if (missing.length === 0 || resource === undefined) return []
  const gone = missing.filter((role) => served.gone.has(role))
  const never = missing.filter((role) => !served.gone.has(role))
  const name = nameOf(resource)
  const causes = [
    ...(never.length === 0
      ? []
      : [
          `no zone group of it holds ${listed(never.map((role) => zoneNames[role]))}, and no zone of that name holds its addresses`,
        ]),
    ...(gone.length === 0
      ? []
      : [
          `its zone group names ${listed(gone.map((role) => served.gone.get(role) ?? ''))}, which ${gone.length === 1 ? 'does' : 'do'} not exist any more`,
        ]),
  ]
  return [
    {
      targets: 'all',
      diagnostic: diagnose(judging, {
        code: 'dns-zone-missing',
        severity: whereClosing(judging),
        message: `Private endpoint ${name} lacks ${count(missing.length, 'private DNS zone')}: ${causes.join('; ')}. ${losses(missing)}${sayEmpty(judging, missing, all)}`,
        remedy:
          'Linking a resource never adds a zone to a zone group. Create the zone where there is none (az network private-dns zone create), link it to the networks, and add it:',
        command: addZones(
          resource,
          served.groups[0]?.name,
          missing.map((role) => ({ name: zoneNames[role], ...idOfZone(judging, zoneNames[role]) })),
        ),
        resource,
      }),
    },
  ]
}

/** A zone of that name that is there already and is the only one: it is the one to add. */
function idOfZone({ network }: Judging, name: string): { readonly id?: string } {
  const all = [...network.zones.values()].flatMap((reading) =>
    reading.state === 'found' && reading.value.name === name ? [reading.value.id] : [],
  )
  const [id] = all
  return all.length === 1 && id !== undefined ? { id } : {}
}

/** A zone without records answers that there is no such name, which is worse than a public address. */
function sayEmpty(
  { network: { zoneNames } }: Judging,
  missing: readonly ZoneRole[],
  all: readonly NetworkOutlook[],
): string {
  const empty = missing.filter((role) => all.some((one) => one.empty.includes(role)))
  if (empty.length === 0) return ''
  const names = listed(empty.map((role) => zoneNames[role]))
  return ` Where a network is linked to ${names} all the same, the names are not found at all.`
}

function losses(missing: readonly ZoneRole[]): string {
  const lost = [
    ...(missing.includes('monitor') ? ['configuration, endpoints and queries'] : []),
    ...(missing.includes('ods') || missing.includes('oms') || missing.includes('agentsvc')
      ? ['logs of every workspace']
      : []),
    ...(missing.includes('blob') ? ['solution packs'] : []),
  ]
  return `What goes there resolves publicly: ${listed(lost)}.`
}

/** How long a zone group may take for the records of a new link. */
const graceMs = 10 * 60_000

/** Told one by one up to here, since a waiver goes by the linked resource. */
const mostAlone = 20

function missingRecords(judging: Judging, served: Served): readonly Finding[] {
  const lacking = lackingRecords(judging, served)
  if (lacking.length === 0) return []
  const endpoint = served.endpoint.id ?? served.endpoint.connection
  const remedy = `Look at the zone group of ${nameOf(endpoint)} in the portal: it refreshes its records some 5 minutes after a link is made; to make it write them again, remove and add the zone (az network private-endpoint dns-zone-group remove, then add). Write the record yourself where the zone is kept by hand.`
  if (lacking.length > mostAlone) {
    const ids = lacking.map(({ link }) => link.linkedResourceId)
    const zones = [...new Set(lacking.flatMap((one) => namesOf(one.zones)))].toSorted(compareText)
    return [
      {
        targets: 'all',
        diagnostic: diagnose(judging, {
          code: 'dns-zone-missing',
          severity: whereClosing(judging),
          message: `${lacking.length} linked resources (${firstFive(ids)}) have been linked for longer than 10 minutes, and have no record of ${nameOf(endpoint)} in ${listed(zones)}: their names do not resolve to it.`,
          remedy,
          resource: endpoint,
        }),
      },
    ]
  }
  return lacking.map(({ link, zones }) => ({
    targets: usersOf(judging, idKey(link.linkedResourceId)),
    diagnostic: diagnose(judging, {
      code: 'dns-zone-missing',
      severity: whereClosing(judging),
      message: `${nameOf(link.linkedResourceId)} has been linked for longer than 10 minutes, and has no record of private endpoint ${nameOf(endpoint)} in ${listed(namesOf(zones))}: its names do not resolve to it.`,
      remedy,
      resource: link.linkedResourceId,
    }),
  }))
}

function namesOf(zones: readonly ServingZone[]): readonly string[] {
  return [...new Set(zones.map(({ id }) => nameOf(id)))]
}

/** A resource that has been linked for long enough, and the zones that have no record of it. */
export interface Lacking {
  readonly link: Link
  readonly zones: readonly ServingZone[]
}

/** What the zones of a private endpoint should have a record of and have not, in order of the linked resource. */
export function lackingRecords(judging: Judging, served: Served): readonly Lacking[] {
  const { estate, linked, network } = judging
  return estate.links
    .filter((link) => isSettled(link, network.readAt) && linked.has(idKey(link.linkedResourceId)))
    .map((link) => ({ link, zones: zonesWithoutRecord(judging, served, link) }))
    .filter(({ zones }) => zones.length > 0)
    .toSorted((a, b) => compareText(keyOf(a.link), keyOf(b.link)))
}

function keyOf(link: Link): string {
  return idKey(link.linkedResourceId)
}

/** A link without a time is from before Azure wrote times down. */
function isSettled({ provisioningState, changed }: Link, now: number): boolean {
  if (provisioningState.toLowerCase() !== 'succeeded') return false
  const at = Date.parse(changed?.at ?? '')
  return Number.isNaN(at) || now - at > graceMs
}

/**
 * Zones of a private endpoint that should have a record of a linked resource and have none: of several of
 * one name (one of a zone group, copies by hand) those that networks with targets ask.
 */
function zonesWithoutRecord(
  judging: Judging,
  { endpoint, zones }: Served,
  { linkedResourceId }: Link,
): readonly ServingZone[] {
  const networks = [...residentsByNetwork(judging).keys()]
  const own = new Set(endpoint.addresses)
  const needed = recordsOf(judging.estate, judging.network.zoneNames, idKey(linkedResourceId))
  const lacking = needed.flatMap(({ role, record }) => {
    const all = zones.get(role) ?? []
    const without = all.filter(({ records }) => !leadsTo(records.get(record), own))
    const asked = all.filter(({ zone }) => networks.some((key) => isAsked(zone, key)))
    if (asked.length > 0) return without.filter((one) => asked.includes(one))
    return without.length === all.length ? without : []
  })
  return [...new Set(lacking)]
}

/** True for a record that holds an address of the private endpoint; any address, where none of it is known. */
function leadsTo(addresses: readonly string[] | undefined, own: ReadonlySet<string>): boolean {
  return addresses?.some((one) => own.size === 0 || own.has(one)) ?? false
}

/** The records that a linked endpoint or workspace has in the zones, as far as its names are known (facts, section 4.8). */
export function recordsOf(
  estate: Judging['estate'],
  zoneNames: Judging['network']['zoneNames'],
  key: string,
): readonly { readonly role: ZoneRole; readonly record: string }[] {
  const workspace = estate.logWorkspaces.get(key)
  if (workspace?.state === 'found') {
    const record = workspace.value.customerId?.toLowerCase()
    if (record === undefined) return []
    return (['oms', 'ods', 'agentsvc'] as const).map((role) => ({ role, record }))
  }
  const endpoint = estate.endpoints.get(key)
  if (endpoint?.state !== 'found') return []
  const { configurationAccess, logsIngestion } = endpoint.value
  return [configurationAccess, logsIngestion].flatMap((host) => {
    const record = host === undefined ? undefined : recordOf(zoneNames, 'monitor', host)
    return record === undefined ? [] : [{ role: 'monitor' as const, record }]
  })
}

/** Targets that get their configuration from an endpoint, send through it, or send to a workspace. */
function usersOf({ estate, targets }: Judging, key: string): ReadonlySet<string> {
  const users = targets.filter(({ key: target, rules }) => {
    const configured = estate.associations.get(target)?.endpointId
    if (configured !== undefined && idKey(configured) === key) return true
    return rules.some(
      ({ endpointId, logDestinations }) =>
        (endpointId !== undefined && idKey(endpointId) === key) ||
        logDestinations.some((id) => idKey(id) === key),
    )
  })
  return new Set(users.map((user) => user.key))
}
