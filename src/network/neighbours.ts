import { pushTo } from '../resources/group.ts'
import { compareText, idKey, nameOf, sameId } from '../resources/id.ts'
import type { Waiver } from '../topology/topology.ts'
import { diagnose, type Finding, type Judging } from './judging.ts'
import type { Resident, ZoneRole } from './network.ts'
import { zoneRoles } from './network.ts'
import { scopeZones } from './serving.ts'

/** A machine, scale set or cluster outside the file that resolves through the scope's zones, but that the scope doesn't serve. */
export interface Neighbour {
  readonly id: string
  /** Id of its virtual network. */
  readonly virtualNetwork: string
  /** `association`, or `link:` and the id of the resource that isn't linked. */
  readonly missing: readonly string[]
  /** True if all missing names fall back to public resolution (`NxDomainRedirect`). */
  readonly fallsBack: boolean
}

/** The neighbours in all virtual networks that resolve through the scope's zones, sorted by network and id. */
export function findNeighbours(judging: Judging): readonly Neighbour[] {
  return findUnserved(judging).flatMap(({ asksOwnDns, ...neighbour }) =>
    asksOwnDns === undefined ? [neighbour] : [],
  )
}

/** A possible neighbour in a network that a zone of the scope is linked to. */
export interface Unserved extends Neighbour {
  /** Set if it uses custom DNS servers, of its network or its interface; its resolution is then not visible. */
  readonly asksOwnDns?: 'network' | 'interface'
}

/** Neighbours, and possible neighbours with custom DNS servers, sorted by network and id. */
export function findUnserved(judging: Judging): readonly Unserved[] {
  const { network, named } = judging
  const policies = policiesByNetwork(judging)
  const found = network.residents.flatMap((resident): readonly Unserved[] => {
    const key = idKey(resident.id)
    const place = network.places.get(key)
    if (!resident.isMonitored || named.has(key) || place === undefined) return []
    const missing = whatIsMissing(judging, resident)
    if (missing.length === 0) return []
    return place.virtualNetworks.flatMap((networkKey): readonly Unserved[] => {
      const policy = policies.get(networkKey)
      const reading = network.virtualNetworks.get(networkKey)
      if (policy === undefined || reading?.state !== 'found') return []
      const { id: virtualNetwork, dns } = reading.value
      const fallsBack = missing.every((one) => policy.get(roleOfMissing(one)) !== 'answers')
      const one = { id: resident.id, virtualNetwork, missing, fallsBack }
      if (place.ownDns) return [{ ...one, asksOwnDns: 'interface' }]
      return [dns === 'own' ? { ...one, asksOwnDns: 'network' } : one]
    })
  })
  return found.toSorted(
    (a, b) =>
      compareText(idKey(a.virtualNetwork), idKey(b.virtualNetwork)) ||
      compareText(idKey(a.id), idKey(b.id)),
  )
}

type Policy = ReadonlyMap<ZoneRole, 'answers' | 'redirects'>

/** For each virtual network that a zone of the scope is linked to: how names without a record resolve there. */
function policiesByNetwork(judging: Judging): ReadonlyMap<string, Policy> {
  const zones = scopeZones(judging.served)
  const policies = new Map<string, Map<ZoneRole, 'answers' | 'redirects'>>()
  for (const role of zoneRoles) {
    for (const link of (zones.get(role) ?? []).flatMap(({ zone }) => zone?.links ?? [])) {
      const policy = policies.get(link.networkKey) ?? new Map<ZoneRole, 'answers' | 'redirects'>()
      policy.set(role, link.redirects ? 'redirects' : 'answers')
      policies.set(link.networkKey, policy)
    }
  }
  return policies
}

/** The role of the zone that contains the names of a missing link or association. */
function roleOfMissing(missing: string): ZoneRole {
  return /\/workspaces\/[^/]+$/i.test(missing) ? 'ods' : 'monitor'
}

function whatIsMissing({ linked }: Judging, resident: Resident): readonly string[] {
  const configured = resident.association?.endpointId
  const isLinked = configured !== undefined && linked.has(idKey(configured))
  // An unreadable endpoint counts as being in the region: what is not visible is not bad.
  const isNear = resident.endpoint === undefined || resident.endpoint.location === resident.location
  const destinations = [
    ...resident.sendsTo,
    ...resident.rules.flatMap((rule) => [
      ...rule.logDestinations,
      ...(rule.endpointId === undefined ? [] : [rule.endpointId]),
    ]),
  ]
  const unlinked = new Map(
    destinations.filter((id) => !linked.has(idKey(id))).map((id) => [idKey(id), id]),
  )
  return [
    ...(isLinked && isNear ? [] : ['association']),
    ...[...unlinked].toSorted(([a], [b]) => compareText(a, b)).map(([, id]) => `link:${id}`),
  ]
}

/** `neighbour-unserved`: one diagnostic per virtual network, and one per neighbour that a waiver names. */
export function explainNeighbours(
  judging: Judging,
  neighbours: readonly Neighbour[],
): readonly Finding[] {
  const alone: Neighbour[] = []
  const groups = new Map<string, Neighbour[]>()
  for (const neighbour of neighbours) {
    if (isError(judging, neighbour) && isWaivedAlone(judging, neighbour)) alone.push(neighbour)
    else {
      const severity = isError(judging, neighbour) ? 'error' : 'warning'
      pushTo(groups, `${severity} ${idKey(neighbour.virtualNetwork)}`, neighbour)
    }
  }
  return [
    ...[...groups.values()].map((group) => explain(judging, group, group[0]?.virtualNetwork)),
    ...alone.map((neighbour) => explain(judging, [neighbour], neighbour.id)),
  ]
}

function isError({ closes }: Judging, { fallsBack }: Neighbour): boolean {
  return closes && !fallsBack
}

/** True if a waiver names this neighbour; it then gets its own diagnostic. */
function isWaivedAlone({ topology }: Judging, { id }: Neighbour): boolean {
  return topology.waivers.some((waiver) => names(waiver, id))
}

function names({ code, resource }: Waiver, id: string): boolean {
  if (code !== 'neighbour-unserved' || resource === undefined) return false
  if (resource.key !== undefined) return sameId(resource.key, id)
  const end = `/resourcegroups/${resource.resourceGroup}/`.toLowerCase()
  return (
    id.toLowerCase().startsWith(`/subscriptions/${resource.subscription}${end}`) &&
    nameOf(id).toLowerCase() === resource.name.toLowerCase()
  )
}

function explain(
  judging: Judging,
  group: readonly Neighbour[],
  resource: string | undefined,
): Finding {
  const [first] = group
  const network = nameOf(first?.virtualNetwork ?? '')
  const severity = first !== undefined && isError(judging, first) ? 'error' : 'warning'
  const isMany = group.length !== 1
  const them = isMany ? 'them' : 'it'
  const who = `${isMany ? `${group.length} machines, scale sets or clusters` : '1 machine, scale set or cluster'} in virtual network ${network}`
  const effect =
    severity === 'error'
      ? `Setting ingestion to PrivateOnly cuts ${them} off.`
      : first?.fallsBack === true
        ? 'Names without a record fall back to public resolution there (NxDomainRedirect).'
        : `PrivateOnly, or the shared names alone, can cut ${them} off.`
  return {
    targets: new Set(),
    diagnostic: diagnose(judging, {
      code: 'neighbour-unserved',
      severity,
      message: `${who} ${isMany ? 'resolve' : 'resolves'} through the zones of this scope, ${isMany ? 'have' : 'has'} an Azure Monitor agent, and ${isMany ? 'are' : 'is'} not in the file: ${describeGroup(group)}. ${effect}`,
      remedy:
        'Add them to the file. Or link the resources they use to the scope, and associate them with a linked endpoint in their region. Or accept the risk with a waiver for the virtual network or the neighbour.',
      ...(resource === undefined ? {} : { resource }),
    }),
  }
}

/** `vm-9 (no linked endpoint in its region; law-x not linked)`, for the first five. */
function describeGroup(group: readonly Neighbour[]): string {
  const some = group
    .slice(0, 5)
    .map(({ id, missing }) => `${nameOf(id)} (${describeMissing(missing)})`)
  const more = group.length - some.length
  return more > 0 ? `${some.join(', ')} and ${more} more` : some.join(', ')
}

function describeMissing(missing: readonly string[]): string {
  const links = missing.filter((one) => one.startsWith('link:'))
  return [
    ...(missing.includes('association') ? ['no linked endpoint in its region'] : []),
    ...(links.length === 0
      ? []
      : [
          `${links
            .slice(0, 3)
            .map((one) => nameOf(one))
            .join(', ')}${links.length > 3 ? ' …' : ''} not linked`,
        ]),
  ].join('; ')
}
