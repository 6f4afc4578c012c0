import { compareText, idKey, nameOf } from '../resources/id.ts'
import type { Link } from '../estate/estate.ts'
import {
  count,
  diagnose,
  type Finding,
  firstFive,
  type Judging,
  listed,
  riskSeverity,
} from './judging.ts'
import { type ZoneRole, zoneRoles } from './network.ts'
import { addZones } from './remedies.ts'
import type { Served, ServingZone } from './serving.ts'
import { isAsked, type NetworkOutlook, residentsByNetwork } from './zoneLinks.ts'
import { recordOf } from './zoneNames.ts'

/** `dns-zone-missing`: a private endpoint lacks a zone, or a zone lacks a record. */
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
          `its zone groups don't contain ${listed(never.map((role) => zoneNames[role]))}, and no zone of that name has its addresses`,
        ]),
    ...(gone.length === 0
      ? []
      : [
          `its zone group names ${listed(gone.map((role) => served.gone.get(role) ?? ''))}, which no longer ${gone.length === 1 ? 'exists' : 'exist'}`,
        ]),
  ]
  return [
    {
      targets: 'all',
      diagnostic: diagnose(judging, {
        code: 'dns-zone-missing',
        severity: riskSeverity(judging),
        message: `Private endpoint ${name} lacks ${count(missing.length, 'private DNS zone')}: ${causes.join('; ')}. ${losses(missing)}${describeEmpty(judging, missing, all)}`,
        remedy:
          'Linking a resource never adds a zone to a zone group. Create the zone if it does not exist (az network private-dns zone create), link it to the networks, and add it:',
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

/** The id of the zone with that name, if there is exactly one; it is the one to add. */
function idOfZone({ network }: Judging, name: string): { readonly id?: string } {
  const all = [...network.zones.values()].flatMap((reading) =>
    reading.state === 'found' && reading.value.name === name ? [reading.value.id] : [],
  )
  const [id] = all
  return all.length === 1 && id !== undefined ? { id } : {}
}

/** A linked zone without records answers that the name doesn't exist, which is worse than a public address. */
function describeEmpty(
  { network: { zoneNames } }: Judging,
  missing: readonly ZoneRole[],
  all: readonly NetworkOutlook[],
): string {
  const empty = missing.filter((role) => all.some((one) => one.empty.includes(role)))
  if (empty.length === 0) return ''
  const names = listed(empty.map((role) => zoneNames[role]))
  return ` In networks that are linked to ${names}, names of these zones don't resolve at all.`
}

function losses(missing: readonly ZoneRole[]): string {
  const lost = [
    ...(missing.includes('monitor') ? ['configuration, endpoints and queries'] : []),
    ...(missing.includes('ods') || missing.includes('oms') || missing.includes('agentsvc')
      ? ['logs of every workspace']
      : []),
    ...(missing.includes('blob') ? ['solution packs'] : []),
  ]
  return `These resolve publicly: ${listed(lost)}.`
}

/** Time that a zone group may need to write the records of a new link. */
const graceMs = 10 * 60_000

/** Up to this many get a diagnostic each, so that a waiver can name the linked resource. */
const mostSeparate = 20

function missingRecords(judging: Judging, served: Served): readonly Finding[] {
  const lacking = lackingRecords(judging, served)
  if (lacking.length === 0) return []
  const endpoint = served.endpoint.id ?? served.endpoint.connection
  const remedy = `Check the zone group of ${nameOf(endpoint)} in the portal: it refreshes its records about 5 minutes after a link is created. To force a refresh, remove and add the zone (az network private-endpoint dns-zone-group remove, then add). If the zone is maintained by hand, add the record yourself.`
  if (lacking.length > mostSeparate) {
    const ids = lacking.map(({ link }) => link.linkedResourceId)
    const zones = [...new Set(lacking.flatMap((one) => namesOf(one.zones)))].toSorted(compareText)
    return [
      {
        targets: 'all',
        diagnostic: diagnose(judging, {
          code: 'dns-zone-missing',
          severity: riskSeverity(judging),
          message: `${lacking.length} linked resources (${firstFive(ids)}) have been linked for more than 10 minutes, but have no record for ${nameOf(endpoint)} in ${listed(zones)}: their names do not resolve to it.`,
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
      severity: riskSeverity(judging),
      message: `${nameOf(link.linkedResourceId)} has been linked for more than 10 minutes, but has no record for private endpoint ${nameOf(endpoint)} in ${listed(namesOf(zones))}: its names do not resolve to it.`,
      remedy,
      resource: link.linkedResourceId,
    }),
  }))
}

function namesOf(zones: readonly ServingZone[]): readonly string[] {
  return [...new Set(zones.map(({ id }) => nameOf(id)))]
}

/** A resource that has been linked for long enough, and the zones without a record for it. */
export interface Lacking {
  readonly link: Link
  readonly zones: readonly ServingZone[]
}

/** The linked resources whose records are missing in zones of a private endpoint, sorted by resource. */
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

/** True if the link has had time to get its records. A link without a timestamp is older than Azure's timestamps. */
function isSettled({ provisioningState, changed }: Link, now: number): boolean {
  if (provisioningState.toLowerCase() !== 'succeeded') return false
  const at = Date.parse(changed?.at ?? '')
  return Number.isNaN(at) || now - at > graceMs
}

/**
 * The zones of a private endpoint without the records of a linked resource. Of several zones with the
 * same name (from a zone group, or copies made by hand), only those that networks with targets use
 * must have the records.
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

/** True if a record has an address of the private endpoint, or any address if those are unknown. */
function leadsTo(addresses: readonly string[] | undefined, own: ReadonlySet<string>): boolean {
  return addresses?.some((one) => own.size === 0 || own.has(one)) ?? false
}

/** The records that a linked endpoint or workspace needs in the zones, as far as its names are known (facts, section 4.8). */
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

/** Targets that get their configuration from this endpoint, send through it, or send to this workspace. */
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
