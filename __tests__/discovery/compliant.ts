import fc from 'fast-check'
import type {
  ConfigurationAssociation,
  Endpoint,
  Link,
  LogWorkspace,
  MonitorWorkspace,
  Reading,
  Rule,
  Target,
} from '../../src/estate/estate.ts'
import { idOf } from '../oracle/random.ts'
import { found, low, type World } from '../oracle/world.ts'

/** Generates random estates that follow the article, as other tools would create and name them. */

export const scopeId = idOf(
  '11111111-1111-1111-1111-111111111111',
  'rg-Hub',
  'Microsoft.Insights/privateLinkScopes',
  'AMPLS_Hub.01',
)

const subscriptions = [
  '11111111-1111-1111-1111-111111111111',
  '22222222-2222-2222-2222-222222222222',
  '33333333-3333-3333-3333-333333333333',
] as const

const places = ['westeurope', 'northeurope', 'eastus'] as const

/**
 * Names as Terraform, the portal and admins choose them, and some that YAML would not read as
 * strings.
 */
const names = ['main', 'null', 'on', '1e3', 'law-prod-weu-001', 'x', 'TF_mod.logs', '0x1F', 'no']

export interface Draw {
  number(most: number): number
  odds(percent: number): boolean
  pick<T>(options: readonly [T, ...T[]]): T
}

export function drawFrom(generate: fc.GeneratorValue): Draw {
  const number = (most: number) => generate(fc.nat, most)
  return {
    number,
    odds: (percent) => number(99) >= 100 - percent,
    pick: (options) => options[number(options.length - 1)] ?? options[0],
  }
}

type Open<M> = M extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never

/** An estate under construction: the same maps, mutable. */
export interface Building {
  links: Link[]
  readonly targets: Open<World['targets']>
  readonly monitorWorkspaces: Open<World['monitorWorkspaces']>
  readonly logWorkspaces: Open<World['logWorkspaces']>
  readonly endpoints: Open<World['endpoints']>
  readonly rules: Open<World['rules']>
  readonly associations: Open<World['associations']>
  readonly ruleAssociations: Map<string, string[]>
}

export function worldOf(building: Building): World {
  return {
    scope: found({
      id: scopeId.text,
      provisioningState: 'Succeeded',
      modes: { ingestion: 'PrivateOnly', query: 'Open' },
    }),
    privateEndpoints: [],
    selected: [],
    hiddenSubscriptions: new Map(),
    ...building,
  }
}

/** Generates a faultless estate with a few regions, workspaces and targets. */
export function compliantWorlds(): fc.Arbitrary<World> {
  return fc.gen().map((generate) => worldOf(buildCompliant(drawFrom(generate))))
}

export function buildCompliant(draw: Draw): Building {
  const building: Building = {
    links: [],
    targets: new Map(),
    monitorWorkspaces: new Map(),
    logWorkspaces: new Map(),
    endpoints: new Map(),
    rules: new Map(),
    associations: new Map(),
    ruleAssociations: new Map(),
  }
  const regions = places.slice(0, 1 + draw.number(2))
  const region = () => draw.pick([regions[0] ?? 'westeurope', ...regions.slice(1)])
  for (let n = draw.number(3); n > 0; n--) addMonitorWorkspace(building, draw, region())
  for (let n = draw.number(3); n > 0; n--) addLogWorkspace(building, draw, region())
  for (const place of regions) {
    const served = [...endpointsIn(building, place)].length > 0
    for (let n = draw.number(1) + (served ? 0 : 1); n > 0; n--) {
      link(building, draw, addEndpoint(building, draw, place, `dce-${n}-${place}`).id)
    }
  }
  const logs = [...building.logWorkspaces.values()].flatMap((r) => valueOf(r) ?? [])
  const metrics = [...building.monitorWorkspaces.values()].flatMap((r) => valueOf(r) ?? [])
  for (let n = draw.number(6); n > 0; n--) addTarget(building, draw, n, region(), { logs, metrics })
  for (let n = draw.number(2); n > 0; n--) addBystander(building, draw, n, region(), logs)
  if (draw.odds(30)) {
    link(
      building,
      draw,
      idOf(subscriptions[0], 'rg-web', 'Microsoft.Insights/components', 'shop').text,
    )
  }
  return building
}

function valueOf<T>(reading: Reading<T>): T | undefined {
  return reading.state === 'found' ? reading.value : undefined
}

export function link(building: Building, draw: Draw, id: string): void {
  const name = draw.pick([
    `link-${building.links.length}`,
    `${id.split('/').at(-1) ?? ''}-connection`,
  ])
  building.links.push({
    id: `${scopeId.text}/scopedResources/${name}${building.links.length}`,
    name: `${name}${building.links.length}`,
    linkedResourceId: draw.odds(30) ? id.toLowerCase() : id,
    provisioningState: 'Succeeded',
  })
}

export function isLinked({ links }: Pick<World, 'links'>, id: string): boolean {
  return links.some((one) => low(one.linkedResourceId) === low(id))
}

/** Linked endpoints of a region. */
export function endpointsIn(world: Pick<World, 'endpoints' | 'links'>, region: string): Endpoint[] {
  return [...world.endpoints.values()].flatMap((reading) => {
    const endpoint = valueOf(reading)
    return endpoint?.location === region && isLinked(world, endpoint.id) ? [endpoint] : []
  })
}

export function addEndpoint(
  building: Building,
  draw: Draw,
  location: string,
  name: string,
  group = 'rg-Endpoints',
): Endpoint {
  const subscription = draw.pick(subscriptions)
  const id = idOf(subscription, group, 'Microsoft.Insights/dataCollectionEndpoints', name)
  const endpoint: Endpoint = {
    id: id.text,
    name,
    location,
    tags: draw.odds(40) ? { team: 'platform', 'cost: #1': 'on' } : {},
    publicNetworkAccess: draw.pick(['Disabled', 'Enabled']),
    links: [],
  }
  building.endpoints.set(id.key, found(endpoint))
  return endpoint
}

function addMonitorWorkspace(building: Building, draw: Draw, location: string): void {
  const name = draw.pick(['amw', ...names])
  const id = idOf(
    draw.pick(subscriptions),
    draw.pick(['rg-a', 'rg-B']),
    'Microsoft.Monitor/accounts',
    name,
  )
  if (building.monitorWorkspaces.has(id.key)) return
  const group = `MA_${name}_${location}_managed-${building.endpoints.size}`
  const endpoint = addEndpoint(building, draw, location, name.replace(/[^A-Za-z0-9-]/g, '-'), group)
  const workspace: MonitorWorkspace = {
    id: id.text,
    name,
    location,
    endpointId: endpoint.id,
    hasQueryPrivateEndpoint: true,
  }
  building.monitorWorkspaces.set(id.key, found(workspace))
  link(building, draw, endpoint.id)
}

function addLogWorkspace(building: Building, draw: Draw, location: string): void {
  const name = draw.pick(['law', ...names])
  const id = idOf(
    draw.pick(subscriptions),
    draw.pick(['rg-a', 'rg-B']),
    'Microsoft.OperationalInsights/workspaces',
    name,
  )
  if (building.logWorkspaces.has(id.key)) return
  building.logWorkspaces.set(id.key, found<LogWorkspace>({ id: id.text, name, location }))
  link(building, draw, id.text)
}

interface Places {
  readonly logs: readonly LogWorkspace[]
  readonly metrics: readonly MonitorWorkspace[]
}

const machineTypes = [
  'Microsoft.Compute/virtualMachines',
  'Microsoft.Compute/virtualMachineScaleSets',
  'Microsoft.HybridCompute/machines',
] as const
const clusterTypes = [
  'Microsoft.ContainerService/managedClusters',
  'Microsoft.Kubernetes/connectedClusters',
] as const

export function addTarget(
  building: Building,
  draw: Draw,
  n: number,
  location: string,
  { logs, metrics }: Places,
): Target {
  const isCluster = draw.odds(40)
  const type = isCluster ? draw.pick(clusterTypes) : draw.pick(machineTypes)
  const name = `${isCluster ? 'aks' : 'vm'}-${n}`
  const target = putTarget(building, draw, type, name, location)
  associate(building, draw, target)
  const [firstLog] = logs
  if (firstLog !== undefined && draw.odds(70)) {
    const log = draw.pick([firstLog, ...logs.slice(1)])
    const through = draw.odds(30) ? addEndpoint(building, draw, log.location, `in-${n}`) : undefined
    if (through !== undefined) link(building, draw, through.id)
    addRule(building, target, `logs-${n}`, log.location, {
      streams: ['Microsoft-Syslog'],
      logDestinations: [log.id],
      ...(through === undefined ? {} : { endpointId: through.id }),
    })
  }
  const [firstMetrics] = metrics
  if (firstMetrics !== undefined && draw.odds(50)) {
    const account = draw.pick([firstMetrics, ...metrics.slice(1)])
    const own = draw.odds(60)
    const endpointId = own
      ? addEndpoint(building, draw, account.location, `MSProm-${n}`).id
      : (account.endpointId ?? '')
    if (own) link(building, draw, endpointId)
    addRule(building, target, `metrics-${n}`, account.location, {
      streams: [isCluster ? 'Microsoft-PrometheusMetrics' : 'Microsoft-OtelPerfMetrics'],
      metricsDestinations: [account.id],
      endpointId,
    })
  }
  return target
}

function putTarget(
  building: Building,
  draw: Draw,
  type: string,
  name: string,
  location: string,
): Target {
  const id = idOf(draw.pick(subscriptions), draw.pick(['rg-app', 'RG-Web']), type, name)
  const target: Target = {
    id: id.text,
    name,
    type: id.type,
    location,
    tags: { env: 'prod' },
    ...(id.type.endsWith('scalesets') && { orchestrationMode: 'Uniform' }),
    ...(id.type.includes('cluster') && { prometheusEnabled: true }),
  }
  building.targets.set(id.key, found(target))
  building.ruleAssociations.set(id.key, [])
  return target
}

/** Associates the target with one of the linked endpoints of its region. */
export function associate(building: Building, draw: Draw, { id, location }: Target): void {
  const [first, ...more] = endpointsIn(building, location)
  if (first === undefined) return
  const association: ConfigurationAssociation = {
    id: `${id}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
    target: id,
    endpointId: draw.pick([first, ...more]).id,
    ...(draw.odds(30) && { description: 'by hand' }),
  }
  building.associations.set(low(id), association)
}

export function addRule(
  building: Building,
  target: Target,
  name: string,
  location: string,
  more: Partial<Rule>,
): void {
  const id = idOf(subscriptions[0], 'rg-rules', 'Microsoft.Insights/dataCollectionRules', name)
  building.rules.set(
    id.key,
    found({
      id: id.text,
      name,
      location,
      streams: [],
      logDestinations: [],
      metricsDestinations: [],
      ...more,
    }),
  )
  const rules = building.ruleAssociations.get(low(target.id)) ?? []
  building.ruleAssociations.set(low(target.id), [...rules, id.key])
}

/** Adds a machine that only sends to a linked workspace: it is counted, but is not a target. */
function addBystander(
  building: Building,
  draw: Draw,
  n: number,
  location: string,
  [log]: readonly LogWorkspace[],
): void {
  const target = putTarget(building, draw, machineTypes[0], `bystander-${n}`, location)
  if (log === undefined) return
  const more = { streams: ['Microsoft-Syslog'], logDestinations: [log.id] }
  addRule(building, target, `by-${n}`, log.location, more)
}
