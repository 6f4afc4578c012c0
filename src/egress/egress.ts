import type { Endpoint, Estate } from '../estate/estate.ts'
import { compareText, idKey, normalLocation } from '../resources/id.ts'
import type { Topology } from '../topology/topology.ts'
import { groupBy } from '../resources/group.ts'
import { cloudOf, type CloudSuffix, hostOf, isGuid } from './hosts.ts'

/** The host names that the targets of a topology must reach, by region and target; written as JSON and as a table. */
export interface EgressFqdns {
  readonly formatVersion: 1
  readonly topology: string
  /** Resource id of the private link scope. */
  readonly scope: string
  /** True if the scope has an approved private endpoint; the hosts then resolve to private addresses. */
  readonly private: boolean
  readonly regions: readonly EgressRegion[]
  /** The distinct endpoints in use. */
  readonly endpoints: readonly EgressEndpoint[]
  /** The distinct Log Analytics workspaces in use. */
  readonly logWorkspaces: readonly EgressWorkspace[]
}

export interface EgressRegion {
  /** Normalised region name. */
  readonly region: string
  /** The distinct hosts of its targets, sorted. */
  readonly hosts: readonly string[]
  readonly targets: readonly EgressTargetHosts[]
}

export interface EgressTargetHosts {
  readonly id: string
  /** The endpoint for its configuration access, if the caller passed it. */
  readonly configurationEndpoint?: string
  /** Exact names to allow; if `private`, they should resolve to private addresses. */
  readonly hosts: readonly string[]
  /** The article's wildcards, if the target has no private path. */
  readonly wildcards: readonly string[]
  /** Ids of endpoints and workspaces whose host names Azure has not returned yet. */
  readonly pending: readonly string[]
}

export interface EgressEndpoint {
  readonly id: string
  readonly region?: string
  readonly configurationAccess?: string
  readonly logsIngestion?: string
  readonly metricsIngestion?: string
}

export interface EgressWorkspace {
  readonly id: string
  readonly region?: string
  readonly hosts: readonly string[]
}

/** A target with the endpoints and workspaces that it uses after the plan. */
export interface EgressTarget {
  readonly id: string
  readonly region: string
  /** Ids of the endpoints from which it gets its configuration or through which it sends. */
  readonly endpoints: readonly string[]
  /** Ids of the Log Analytics workspaces to which it sends. */
  readonly logWorkspaces: readonly string[]
  /** The one of `endpoints` that serves its configuration; the diagram needs it for unchanged targets. */
  readonly configurationEndpoint?: string
}

/**
 * The host names for each target, as Azure returns them (article, "Ingestion from a private AKS
 * cluster"; facts, 4.8). Only names of Log Analytics workspaces are composed: Azure returns only their
 * first label, the customer id; the domain is that of the cloud of the endpoints.
 */
export function egressFqdns(
  topology: Topology,
  estate: Estate,
  targets: readonly EgressTarget[],
): EgressFqdns {
  const endpoints = unique(targets.flatMap((t) => t.endpoints)).map((id) =>
    endpointHosts(id, estate),
  )
  const cloud = cloudOfEstate(estate)
  const workspaces = unique(targets.flatMap((t) => t.logWorkspaces)).map((id) =>
    workspaceHosts(id, estate, cloud),
  )
  const isPrivate = estate.privateEndpoints.some((endpoint) => endpoint.approved)
  const byKey = new Map<string, readonly string[]>([
    ...endpoints.map((e) => [idKey(e.id), hostsOfEndpoint(e)] as const),
    ...workspaces.map((w) => [idKey(w.id), w.hosts] as const),
  ])
  const hostsOf = memoizeHosts(byKey, isPrivate, cloud)
  const regions = groupBy(targets, (target) => normalLocation(target.region))
  return {
    formatVersion: 1,
    topology: topology.name,
    scope: topology.privateLinkScope.id.text,
    private: isPrivate,
    regions: [...regions.keys()].toSorted(compareText).map((region) => {
      const rows = (regions.get(region) ?? [])
        .toSorted((a, b) => compareText(idKey(a.id), idKey(b.id)))
        .map((target) => targetHosts(target, hostsOf(target)))
      const sets = new Set(rows.flatMap((row) => [row.hosts, row.wildcards]))
      return { region, hosts: sortedSet([...sets].flat()), targets: rows }
    }),
    endpoints,
    logWorkspaces: workspaces,
  }
}

type Hosts = Pick<EgressTargetHosts, 'hosts' | 'wildcards' | 'pending'>

/** Computes hosts once per set of endpoints and workspaces: ten thousand targets use a few dozen sets. */
function memoizeHosts(
  byKey: ReadonlyMap<string, readonly string[]>,
  isPrivate: boolean,
  cloud: CloudSuffix | undefined,
): (target: EgressTarget) => Hosts {
  const known = new Map<string, Hosts>()
  return ({ endpoints, logWorkspaces }) => {
    const key = [...endpoints, '', ...logWorkspaces].join('\n')
    const already = known.get(key)
    if (already !== undefined) return already
    const used = unique([...endpoints, ...logWorkspaces])
    const hosts: Hosts = {
      hosts: sortedSet(used.flatMap((id) => byKey.get(idKey(id)) ?? [])),
      wildcards: isPrivate && endpoints.length > 0 ? [] : publicWildcards(cloud),
      pending: used.filter((id) => (byKey.get(idKey(id)) ?? []).length === 0),
    }
    known.set(key, hosts)
    return hosts
  }
}

function targetHosts(target: EgressTarget, hosts: Hosts): EgressTargetHosts {
  return {
    id: target.id,
    ...(target.configurationEndpoint !== undefined && {
      configurationEndpoint: target.configurationEndpoint,
    }),
    ...hosts,
  }
}

/** The article's wildcards for a path to the public endpoints; empty if the cloud is unknown. */
function publicWildcards(cloud: CloudSuffix | undefined): string[] {
  if (cloud === undefined) return []
  return [`*.handler.control.monitor.azure.${cloud}`, `*.ingest.monitor.azure.${cloud}`]
}

function endpointHosts(id: string, estate: Estate): EgressEndpoint {
  const reading = estate.endpoints.get(idKey(id))
  if (reading?.state !== 'found') return { id }
  const endpoint = reading.value
  const configurationAccess = hostOf(endpoint.configurationAccess)
  const logsIngestion = hostOf(endpoint.logsIngestion)
  const metricsIngestion = hostOf(endpoint.metricsIngestion)
  return {
    id: endpoint.id,
    region: endpoint.location,
    ...(configurationAccess !== undefined && { configurationAccess }),
    ...(logsIngestion !== undefined && { logsIngestion }),
    ...(metricsIngestion !== undefined && { metricsIngestion }),
  }
}

function hostsOfEndpoint(endpoint: EgressEndpoint): string[] {
  const { configurationAccess, logsIngestion, metricsIngestion } = endpoint
  return [configurationAccess, logsIngestion, metricsIngestion].filter((host) => host !== undefined)
}

function workspaceHosts(
  id: string,
  estate: Estate,
  cloud: CloudSuffix | undefined,
): EgressWorkspace {
  const reading = estate.logWorkspaces.get(idKey(id))
  if (reading?.state !== 'found') return { id, hosts: [] }
  const { customerId, location } = reading.value
  const known = cloud !== undefined && customerId !== undefined && isGuid(customerId)
  const customer = customerId?.toLowerCase() ?? ''
  return {
    id: reading.value.id,
    region: location,
    hosts: known
      ? ['ods', 'oms'].map((part) => `${customer}.${part}.opinsights.azure.${cloud}`)
      : [],
  }
}

/** The cloud of the estate, from any host name of its endpoints: all are in one cloud. */
function cloudOfEstate(estate: Estate): CloudSuffix | undefined {
  for (const key of [...estate.endpoints.keys()].toSorted(compareText)) {
    const reading = estate.endpoints.get(key)
    const host = reading?.state === 'found' ? anyHost(reading.value) : undefined
    const cloud = host === undefined ? undefined : cloudOf(host)
    if (cloud !== undefined) return cloud
  }
  return undefined
}

function anyHost(endpoint: Endpoint): string | undefined {
  return (
    hostOf(endpoint.configurationAccess) ??
    hostOf(endpoint.logsIngestion) ??
    hostOf(endpoint.metricsIngestion)
  )
}

/** Distinct ids, ignoring case, sorted. */
function unique(ids: readonly string[]): string[] {
  const byKey = new Map(ids.toReversed().map((id) => [idKey(id), id]))
  return [...byKey.keys()].toSorted(compareText).map((key) => byKey.get(key) ?? key)
}

function sortedSet(hosts: readonly string[]): string[] {
  return [...new Set(hosts)].toSorted(compareText)
}
