import { compareText, idKey } from '../../resources/id.ts'
import type { EgressFqdns } from '../egress.ts'
import { type CloudSuffix, cloudOf, isHostName } from '../hosts.ts'

/** A host name that targets need, and what is to be expected of it inside the network. */
export interface NeededName {
  /** Lower case. */
  readonly name: string
  /** Ids of the targets that need it, sorted. */
  readonly for: readonly string[]
  /** The endpoint or workspace that it belongs to; absent for what all share. */
  readonly of?: string
  /** The private DNS zone that answers for it inside; absent for what is public always. */
  readonly zone?: string
  /** `always`: it has no private address, wherever it is asked for. */
  readonly isPublic: 'never' | 'maybe' | 'always'
  /** True for configuration hosts: they answer `/ping`. */
  readonly ping: boolean
}

/** The query host of an Azure Monitor workspace, and the targets that send to it. */
export interface QueryName {
  readonly id: string
  readonly region: string
  readonly host: string
  readonly for: readonly string[]
}

/**
 * Every name that is asked for from inside: the host names of the targets, the shared names of
 * configuration and queries, and those that may be public, each once (contract, section 10; facts-2,
 * B.3).
 */
export function neededNames(
  egress: EgressFqdns,
  queries: readonly QueryName[],
): readonly NeededName[] {
  const names = new Map<string, NeededName>()
  const users = usersOf(egress)
  const all = egress.regions.flatMap(({ targets }) => targets.map(({ id }) => id))
  const everybody = sortedIds(all)
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
    for (const shared of sharedNames(cloud, egress)) add(shared.name, { for: everybody, ...shared })
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

/** Names of the service itself: for configuration, for queries of logs, for solutions. */
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
    // Seen to have a record in the public cloud; nobody has told of the others (facts-2, A.1).
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

/** Where logs are queried (facts-2, A.1). */
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

/** Today's agents do without it; Microsoft's support guide asks for it all the same (facts-2, B.2). */
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

/** By host, who needs it. */
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
