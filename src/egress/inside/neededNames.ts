import { compareText, idKey } from '../../resources/id.ts'
import type { EgressFqdns } from '../egress.ts'
import { type CloudSuffix, cloudOf, isHostName } from '../hosts.ts'

/** A host name that targets need, and how it should resolve inside the network. */
export interface NeededName {
  /** Host name in lower case. */
  readonly name: string
  /** Ids of the targets that need it, sorted. */
  readonly for: readonly string[]
  /** The endpoint or workspace that it belongs to; absent for shared names. */
  readonly of?: string
  /** The private DNS zone that answers for it inside; absent for names that are always public. */
  readonly zone?: string
  /** `always`: it has no private address anywhere. */
  readonly isPublic: 'never' | 'maybe' | 'always'
  /** True for configuration hosts, which answer `/ping`. */
  readonly ping: boolean
}

/** The query host of an Azure Monitor workspace, and the targets that send to the workspace. */
export interface QueryName {
  readonly id: string
  readonly region: string
  readonly host: string
  readonly for: readonly string[]
}

/**
 * The distinct names to check from inside: host names of the targets, shared names for configuration
 * and queries, and names that may be public (contract, section 10; facts-2, B.3).
 */
export function neededNames(
  egress: EgressFqdns,
  queries: readonly QueryName[],
): readonly NeededName[] {
  const names = new Map<string, NeededName>()
  const users = usersOf(egress)
  const all = egress.regions.flatMap(({ targets }) => targets.map(({ id }) => id))
  const allTargets = sortedIds(all)
  const add = (name: string | undefined, more: Omit<NeededName, 'name'>): void => {
    if (name !== undefined && isHostName(name) && !names.has(name))
      names.set(name, { name, ...more })
  }
  const owned = new Map<string, { readonly of: string; readonly ping: boolean }>()
  for (const { id, configurationAccess, logsIngestion, metricsIngestion } of egress.endpoints) {
    if (configurationAccess !== undefined) owned.set(configurationAccess, { of: id, ping: true })
    for (const host of [logsIngestion, metricsIngestion])
      if (host !== undefined && !owned.has(host)) owned.set(host, { of: id, ping: false })
  }
  for (const { id, hosts } of egress.logWorkspaces)
    for (const host of hosts) owned.set(host, { of: id, ping: false })
  for (const [name, targets] of users) {
    const zone = zoneOf(name)
    add(name, {
      for: targets,
      ...(zone !== undefined && { zone }),
      isPublic: 'never',
      ping: false,
      ...owned.get(name),
    })
  }
  const cloud = cloudOfNames([...users.keys()])
  if (cloud !== undefined && all.length > 0) {
    for (const shared of sharedNames(cloud, egress))
      add(shared.name, { for: allTargets, ...shared })
    for (const { region, targets } of egress.regions)
      add(`${region}.handler.control.monitor.azure.${cloud}`, {
        for: sortedIds(targets.map(({ id }) => id)),
        isPublic: 'always',
        ping: true,
      })
  }
  for (const { id, hosts } of egress.logWorkspaces) {
    const customer = hosts.map((host) => /^([0-9a-f-]{36})\.ods\./.exec(host)?.[1])[0]
    const domain = cloud === undefined ? undefined : automationDomains[cloud]
    if (customer === undefined || domain === undefined) continue
    add(`${customer}.agentsvc.${domain}`, {
      for: users.get(hosts[0] ?? '') ?? [],
      of: id,
      zone: `privatelink.agentsvc.${domain}`,
      isPublic: 'maybe',
      ping: false,
    })
  }
  for (const { id, region, host, for: targets } of queries)
    add(host, {
      for: sortedIds(targets),
      of: id,
      ...(cloud !== undefined && {
        zone: `privatelink.${region}.prometheus.monitor.azure.${cloud}`,
      }),
      isPublic: 'maybe',
      ping: false,
    })
  return [...names.values()].toSorted((a, b) => compareText(a.name, b.name))
}

/** Shared names of the service, for configuration, log queries and solutions. */
function sharedNames(
  cloud: CloudSuffix,
  egress: EgressFqdns,
): readonly (Pick<NeededName, 'name' | 'isPublic' | 'ping'> & { readonly zone: string })[] {
  const zone = `privatelink.monitor.azure.${cloud}`
  const sendsLogs = egress.logWorkspaces.length > 0
  const query = queryHosts[cloud]
  const blob = blobSuffixes[cloud]
  return [
    {
      name: `global.handler.control.monitor.azure.${cloud}`,
      zone,
      isPublic: 'never',
      ping: true,
    },
    // Has a private record in the public cloud; unknown for the other clouds (facts-2, A.1).
    ...(query === undefined || !sendsLogs
      ? []
      : [
          {
            name: query,
            zone,
            isPublic: cloud === 'com' ? ('never' as const) : ('maybe' as const),
            ping: false,
          },
        ]),
    ...(blob === undefined
      ? []
      : [
          {
            name: `scadvisorcontentpl.blob.${blob}`,
            zone: `privatelink.blob.${blob}`,
            isPublic: 'maybe' as const,
            ping: false,
          },
        ]),
  ]
}

/** Hosts of the log query API (facts-2, A.1). */
const queryHosts: Readonly<Record<CloudSuffix, string>> = {
  com: 'api.loganalytics.io',
  us: 'api.loganalytics.us',
  cn: 'api.loganalytics.azure.cn',
}

const blobSuffixes: Readonly<Record<CloudSuffix, string>> = {
  com: 'core.windows.net',
  us: 'core.usgovcloudapi.net',
  cn: 'core.chinacloudapi.cn',
}

/** Current agents don't need it, but Microsoft's support guide still requires it (facts-2, B.2). */
const automationDomains: Readonly<Record<CloudSuffix, string>> = {
  com: 'azure-automation.net',
  us: 'azure-automation.us',
  cn: 'azure-automation.cn',
}

/** The private DNS zone that answers for a name of an endpoint or workspace (facts, 4.8). */
export function zoneOf(name: string): string | undefined {
  const logs = /\.((?:ods|oms)\.opinsights\.azure\.[a-z.]+)$/.exec(name)?.[1]
  if (logs !== undefined) return `privatelink.${logs}`
  const cloud = cloudOf(name)
  return cloud === undefined ? undefined : `privatelink.monitor.azure.${cloud}`
}

/** The ids of the targets that need each host. */
function usersOf(egress: EgressFqdns): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>()
  for (const { targets } of egress.regions)
    for (const { id, hosts } of targets)
      for (const host of hosts) {
        const known = users.get(host)
        if (known === undefined) users.set(host, [id])
        else known.push(id)
      }
  return new Map([...users].map(([host, ids]) => [host, sortedIds(ids)]))
}

function cloudOfNames(names: readonly string[]): CloudSuffix | undefined {
  for (const name of names.toSorted(compareText)) {
    const cloud = cloudOf(name) ?? /\.opinsights\.azure\.([a-z.]+)$/.exec(name)?.[1]
    if (cloud !== undefined) return cloud
  }
  return undefined
}

function sortedIds(ids: readonly string[]): readonly string[] {
  const byKey = new Map(ids.map((id) => [idKey(id), id]))
  return [...byKey.keys()].toSorted(compareText).map((key) => byKey.get(key) ?? key)
}
