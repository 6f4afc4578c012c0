import { normalLocation } from '../../src/resources/id.ts'
import { type JsonObject, objectAt, textAt } from '../azure/json.ts'
import type { StoredResource } from '../azure/store.ts'
import { metricOf, tablesOf } from './streams.ts'

/** One target that sends to one workspace. */
export interface Sender {
  /** Resource id of the target, as stored. */
  readonly target: string
  /** Key of the workspace. */
  readonly destination: string
  readonly path: 'private' | 'public'
  /** Tables of a Log Analytics workspace, or metrics of an Azure Monitor workspace. */
  readonly brings: readonly string[]
}

/** The state of Azure by key. */
export type Resources = ReadonlyMap<string, StoredResource>

/**
 * Which target sends where in a state of Azure (paragraphs V5 and V6). A target is in the network of the first
 * scope with an approved private endpoint, unless the knob `outside` lists it.
 */
export function findSenders(resources: Resources, outside: readonly string[]): readonly Sender[] {
  const network = privateNetwork(resources)
  const outsiders = new Set(outside.map((id) => id.toLowerCase()))
  const associations = groupByHolder(resources)
  const agents = machinesWithAgent(resources)
  return [...associations].flatMap(([holder, own]) => {
    const target = resources.get(holder)
    if (target === undefined || !hasAgent(target, agents)) return []
    const inside = outsiders.has(holder) ? undefined : network
    if (inside !== undefined && !isConfigured(target, own, resources, inside)) return []
    return rulesOf(own, resources).flatMap((rule) => sendersOf(target, rule, resources, inside))
  })
}

interface PrivateNetwork {
  /** Keys of the linked resources of the scope. */
  readonly links: ReadonlySet<string>
  readonly isClosed: boolean
}

function privateNetwork(resources: Resources): PrivateNetwork | undefined {
  for (const scope of resources.values()) {
    if (scope.path.type !== 'microsoft.insights/privatelinkscopes') continue
    const connections = ofType(
      resources,
      'microsoft.insights/privatelinkscopes/privateendpointconnections',
    )
    const isConnected = connections.some(
      ({ path, properties }) =>
        path.holder === scope.path.key &&
        (textAt(objectAt(properties, 'privateLinkServiceConnectionState'), 'status') ??
          'Approved') === 'Approved',
    )
    if (!isConnected) continue
    const links = ofType(resources, 'microsoft.insights/privatelinkscopes/scopedresources')
      .filter(({ path, properties }) => path.holder === scope.path.key && isReady(properties))
      .map(({ properties }) => (textAt(properties, 'linkedResourceId') ?? '').toLowerCase())
    const modes = objectAt(scope.properties, 'accessModeSettings')
    return {
      links: new Set(links),
      isClosed: textAt(modes, 'ingestionAccessMode') === 'PrivateOnly',
    }
  }
  return undefined
}

function isReady(properties: JsonObject): boolean {
  return (textAt(properties, 'provisioningState') ?? 'Succeeded') === 'Succeeded'
}

function ofType(resources: Resources, type: string): readonly StoredResource[] {
  return [...resources.values()].filter(({ path }) => path.type === type)
}

function groupByHolder(resources: Resources): ReadonlyMap<string, readonly StoredResource[]> {
  const groups = new Map<string, StoredResource[]>()
  for (const one of ofType(resources, 'microsoft.insights/datacollectionruleassociations')) {
    groups.set(one.path.holder, [...(groups.get(one.path.holder) ?? []), one])
  }
  return groups
}

function isAgent(value: unknown): boolean {
  return /AzureMonitor(?:Linux|Windows)Agent/i.test(JSON.stringify(value))
}

/** Keys of the machines with the agent's extension. */
function machinesWithAgent(resources: Resources): ReadonlySet<string> {
  return new Set(
    [...resources.values()]
      .filter(({ path, properties }) => path.type.endsWith('/extensions') && isAgent(properties))
      .map(({ path }) => path.holder),
  )
}

function hasAgent({ path, properties }: StoredResource, agents: ReadonlySet<string>): boolean {
  if (path.type === 'microsoft.compute/virtualmachinescalesets') return isAgent(properties)
  return path.type.endsWith('clusters') || agents.has(path.key)
}

/** Inside the network, configuration comes only through a linked endpoint in the target's region. */
function isConfigured(
  target: StoredResource,
  associations: readonly StoredResource[],
  resources: Resources,
  { links }: PrivateNetwork,
): boolean {
  const key = associations
    .map(({ properties }) => textAt(properties, 'dataCollectionEndpointId')?.toLowerCase())
    .find((id) => id !== undefined)
  const endpoint = key === undefined ? undefined : resources.get(key)
  if (key === undefined || endpoint === undefined || !links.has(key)) return false
  return normalLocation(endpoint.location ?? '') === normalLocation(target.location ?? '')
}

function rulesOf(
  associations: readonly StoredResource[],
  resources: Resources,
): readonly StoredResource[] {
  return associations.flatMap(({ properties }) => {
    const id = textAt(properties, 'dataCollectionRuleId')?.toLowerCase()
    return (id === undefined ? undefined : resources.get(id)) ?? []
  })
}

function sendersOf(
  { path }: StoredResource,
  rule: StoredResource,
  resources: Resources,
  inside: PrivateNetwork | undefined,
): readonly Sender[] {
  const endpoint = textAt(rule.properties, 'dataCollectionEndpointId')?.toLowerCase()
  if (inside !== undefined && endpoint !== undefined && !inside.links.has(endpoint)) return []
  const streams = streamsOf(rule.properties)
  const destinations = objectAt(rule.properties, 'destinations')
  const idsOf = (name: string, property: string): readonly string[] =>
    listAt(destinations, name).map((one) => (textAt(one, property) ?? '').toLowerCase())
  const tables = streams.flatMap((stream) => tablesOf[stream] ?? [])
  const isMachine = !path.type.endsWith('clusters')
  const logs = streams.some((stream) => metricOf[stream] === undefined)
    ? idsOf('logAnalytics', 'workspaceResourceId')
    : []
  const metrics = streams.flatMap((stream) => metricOf[stream] ?? [])
  return [
    ...logs.flatMap((destination): readonly Sender[] => {
      const way = wayTo(resources.get(destination), destination, inside)
      const brings = [...new Set([...(isMachine ? ['Heartbeat'] : []), ...tables])]
      return way === undefined ? [] : [{ target: path.id, destination, path: way, brings }]
    }),
    ...(metrics.length === 0 ? [] : idsOf('monitoringAccounts', 'accountResourceId')).flatMap(
      (destination): readonly Sender[] => {
        // Under private link, metrics need a linked endpoint.
        const isDark = inside !== undefined && endpoint === undefined
        if (isDark || !resources.has(destination)) return []
        return [
          { target: path.id, destination, path: inside ? 'private' : 'public', brings: metrics },
        ]
      },
    ),
  ]
}

function wayTo(
  workspace: StoredResource | undefined,
  key: string,
  inside: PrivateNetwork | undefined,
): Sender['path'] | undefined {
  if (workspace === undefined) return undefined
  if (inside?.links.has(key) === true) return 'private'
  if (inside?.isClosed === true) return undefined
  const access = textAt(workspace.properties, 'publicNetworkAccessForIngestion') ?? 'Enabled'
  return access === 'Enabled' ? 'public' : undefined
}

function streamsOf(properties: JsonObject): readonly string[] {
  return listAt(properties, 'dataFlows').flatMap((flow) =>
    (Array.isArray(flow['streams']) ? (flow['streams'] as unknown[]) : []).flatMap((stream) =>
      typeof stream === 'string' ? [stream.toLowerCase()] : [],
    ),
  )
}

function listAt(value: JsonObject, name: string): readonly JsonObject[] {
  const found = value[name]
  return Array.isArray(found) ? (found as JsonObject[]) : []
}
