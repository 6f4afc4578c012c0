import type {
  GroupZone,
  OtherEndpoint,
  Subnet,
  VirtualNetwork,
  Zone,
  ZoneGroup,
  ZoneLink,
} from '../../../network/network.ts'
import { relativeName } from '../../../network/zoneNames.ts'
import { compareText, idKey, nameOf } from '../../../resources/id.ts'
import { field, idText, list, text } from '../../azureJson.ts'

/** Parses Azure's answers about networks. Missing values stay absent; nothing is guessed. */

/**
 * A subnet: `addressPrefix` or `addressPrefixes`. IPv6 is ignored, because private endpoints don't
 * use it.
 */
export function parseSubnet(raw: unknown, id: string): Subnet {
  const one = text(raw, 'properties', 'addressPrefix')
  const many = list(raw, 'properties', 'addressPrefixes')
  const prefixes = [...new Set([...(one === undefined ? [] : [one]), ...many])]
  const sizes = prefixes.flatMap((prefix) => sizeOf(prefix) ?? [])
  return {
    id: idText(raw, 'id') ?? id,
    ...(sizes.length === 0 ? {} : { size: sizes.reduce((sum, size) => sum + size, 0) }),
    taken: list(raw, 'properties', 'ipConfigurations').length,
  }
}

/** The number of addresses in an IPv4 prefix: `10.0.0.0/27` has 32. */
function sizeOf(prefix: unknown): number | undefined {
  if (typeof prefix !== 'string') return undefined
  const length = /^\d{1,3}(?:\.\d{1,3}){3}\/(\d{1,2})$/.exec(prefix.trim())?.[1]
  return length === undefined || Number(length) > 32 ? undefined : 2 ** (32 - Number(length))
}

/** A zone group with its zones, and the records that Azure maintains there. */
export function parseZoneGroup(raw: unknown): ZoneGroup {
  const zones = list(raw, 'properties', 'privateDnsZoneConfigs').flatMap(
    (config): readonly GroupZone[] => {
      const zoneId = idText(config, 'properties', 'privateDnsZoneId')
      if (zoneId === undefined) return []
      const records = new Map<string, string[]>()
      for (const set of list(config, 'properties', 'recordSets')) {
        for (const name of recordNames(set, nameOf(zoneId).toLowerCase())) {
          records.set(name, [...(records.get(name) ?? []), ...addressesOf(set)])
        }
      }
      return [{ zoneId, records }]
    },
  )
  return {
    name: text(raw, 'name') ?? nameOf(idText(raw, 'id') ?? 'default'),
    zones: zones.toSorted((a, b) => compareText(idKey(a.zoneId), idKey(b.zoneId))),
  }
}

/**
 * The names of a record set in its zone: the given name, and the one from the FQDN. How Azure
 * writes names with dots is unknown (facts-2, G).
 */
function recordNames(set: unknown, zone: string): ReadonlySet<string> {
  const fqdn = text(set, 'fqdn')
  const whole = fqdn === undefined ? undefined : relativeName(fqdn, zone)
  const given = text(set, 'recordSetName')
  const relative = given === undefined ? undefined : relativeName(given, zone)
  const all = [whole, relative ?? given?.toLowerCase()]
  return new Set(all.filter((name) => name !== undefined))
}

function addressesOf(set: unknown): readonly string[] {
  return list(set, 'ipAddresses').filter((one) => typeof one === 'string')
}

/** A zone without its links. */
export function parseZone(raw: unknown): Zone {
  const id = idText(raw, 'id') ?? ''
  return { id, name: nameOf(id).toLowerCase(), links: [], records: new Map() }
}

/**
 * A zone's link, with the id of the zone, from a row of Resource Graph or the provider's answer.
 */
export function parseZoneLink(
  raw: unknown,
): { readonly zone: string; readonly link: ZoneLink } | undefined {
  const id = idText(raw, 'id') ?? ''
  const zone = /^(.+)\/virtualnetworklinks\/[^/]+$/i.exec(id)?.[1]
  const virtualNetwork =
    idText(raw, 'virtualNetwork', 'id') ?? idText(raw, 'properties', 'virtualNetwork', 'id')
  if (zone === undefined || virtualNetwork === undefined) return undefined
  const policy = text(raw, 'resolutionPolicy') ?? text(raw, 'properties', 'resolutionPolicy')
  const redirects = policy?.toLowerCase() === 'nxdomainredirect'
  const unfinished = unfinishedState(raw)
  const link = { id, virtualNetwork, networkKey: idKey(virtualNetwork), redirects }
  return { zone, link: { ...link, ...(unfinished === undefined ? {} : { unfinished }) } }
}

/** The state that keeps a link from working; `undefined` if it works, or if no state is given. */
function unfinishedState(raw: unknown): string | undefined {
  const said = (name: string) => text(raw, name) ?? text(raw, 'properties', name) ?? ''
  const [provisioning, link] = [said('provisioningState'), said('virtualNetworkLinkState')]
  if (/^(?:failed|canceled|deleting)$/i.test(provisioning)) return provisioning
  return link === '' || /^completed$/i.test(link) ? undefined : link
}

/** The addresses of an A record, from Resource Graph or the provider. */
export function recordAddresses(records: unknown): readonly string[] {
  return Array.isArray(records)
    ? records.flatMap((one: unknown) => text(one, 'ipv4Address') ?? [])
    : []
}

/** Azure's own resolver, which some networks configure explicitly. */
const azureDns = '168.63.129.16'

/** True if any DNS server is not Azure's. */
export function hasOwnDns(servers: readonly unknown[]): boolean {
  return servers.some((server) => server !== azureDns)
}

export function parseVirtualNetwork(raw: unknown): VirtualNetwork {
  const servers = list(
    field(raw, 'dhcpOptions') ?? field(raw, 'properties', 'dhcpOptions'),
    'dnsServers',
  )
  return { id: idText(raw, 'id') ?? '', dns: hasOwnDns(servers) ? 'own' : 'azure' }
}

/**
 * A private endpoint of another private link scope; `undefined` for other private endpoints, and
 * for unapproved ones.
 */
export function parseOtherEndpoint(
  raw: unknown,
  scopeKey: string,
): Omit<OtherEndpoint, 'zones'> | undefined {
  const id = idText(raw, 'id')
  const scopes = [
    ...list(raw, 'privateLinkServiceConnections'),
    ...list(raw, 'manualPrivateLinkServiceConnections'),
  ].flatMap((connection) => {
    const scope = idText(connection, 'properties', 'privateLinkServiceId')
    const status = text(connection, 'properties', 'privateLinkServiceConnectionState', 'status')
    const isScope = scope !== undefined && /\/microsoft\.insights\/privatelinkscopes\//i.test(scope)
    return isScope && /^(?:approved|)$/i.test(status ?? '') ? [scope] : []
  })
  const others = scopes.filter((scope) => idKey(scope) !== scopeKey)
  return id === undefined || others.length === 0 || others.length < scopes.length
    ? undefined
    : { id, scopes: others }
}
