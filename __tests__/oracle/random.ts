import fc from 'fast-check'
import type {
  ConfigurationAssociation,
  Endpoint,
  Link,
  Reading,
  Rule,
  LogAddon,
  Target,
} from '../../src/estate/estate.ts'
import type { ResourceId } from '../../src/resources/id.ts'
import type { AccessMode } from '../../src/resources/resource.ts'
import type {
  SelectEntry,
  TargetEntry,
  TargetKind,
  Topology,
  Waiver,
} from '../../src/topology/topology.ts'
import { targetTypes } from '../../src/topology/topology.ts'
import { description, endpointName, fill, linkName, markOf, sha } from './oracle.ts'
import { found, last, low, type World } from './world.ts'

/** A topology and a small, adversarial Azure for it. */
export interface Case {
  readonly topology: Topology
  readonly world: World
}

/**
 * Random small estates and topologies with many faults. `clean` ones have no missing, unreadable or
 * misplaced resource that would block a plan.
 */
export function cases(roughness?: 'clean'): fc.Arbitrary<Case> {
  return fc.gen().map((generate) => build(drawFrom(generate), roughness))
}

/** The same case with one more machine, in a new region. */
export function oneMore({ topology, world }: Case): Case {
  const id = idOf(home, 'rg-app', 'Microsoft.Compute/virtualMachines', 'one-more')
  const target = { id: id.text, name: id.name, type: id.type, location: 'swedencentral', tags: {} }
  return {
    topology: {
      ...topology,
      targets: [...topology.targets, { kind: 'machine', id, at, logs: [] }],
    },
    world: {
      ...world,
      targets: new Map([...world.targets, [id.key, found(target)]]),
      ruleAssociations: new Map([...world.ruleAssociations, [id.key, []]]),
    },
  }
}

const home = '11111111-1111-1111-1111-111111111111'
const away = '22222222-2222-2222-2222-222222222222'
const mark = 'azure-monitor-private-link'
const at = { line: 1, column: 1 }
const places = ['westeurope', 'northeurope', 'eastus'] as const

/** The random draws of a case; each draw shrinks towards its first, simplest value. */
interface Draw {
  number(most: number): number
  /** True in the given percentage of cases. */
  odds(percent: number): boolean
  pick<T>(options: readonly [T, ...T[]]): T
  maybe<T>(options: readonly T[], percent?: number): T | undefined
  some<T>(options: readonly T[], percent?: number): T[]
  /** The same id in another case. */
  cased(id: string): string
}

function drawFrom(generate: fc.GeneratorValue): Draw {
  const number = (most: number) => generate(fc.nat, most)
  const odds = (percent: number) => number(99) >= 100 - percent
  const pick = <T>(options: readonly [T, ...T[]]): T =>
    options[number(options.length - 1)] ?? options[0]
  return {
    number,
    odds,
    pick,
    maybe: (options, percent = 50) => {
      const [first, ...rest] = options
      return first !== undefined && odds(percent) ? pick([first, ...rest]) : undefined
    },
    some: (options, percent = 50) => options.filter(() => odds(percent)),
    cased: (id) => {
      const how = number(9)
      if (how < 6) return id
      if (how === 6) return id.toLowerCase()
      if (how === 7) return id.toUpperCase()
      return id
        .replace(/resourceGroups/i, 'resourcegroups')
        .replace(/[aeiou]/g, (c) => c.toUpperCase())
    },
  }
}

export function idOf(subscription: string, group: string, type: string, name: string): ResourceId {
  const text = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`
  return {
    text,
    key: low(text),
    subscription,
    resourceGroup: group,
    type: type.toLowerCase(),
    name,
  }
}

const endpointId = (group: string, name: string, subscription = home) =>
  idOf(subscription, group, 'Microsoft.Insights/dataCollectionEndpoints', name)

function build(draw: Draw, roughness?: 'clean'): Case {
  const level = roughness === 'clean' ? 0 : draw.pick([0, 0, 1, 2])
  const regions = places.slice(0, draw.pick([1, 2, 3]))
  const region = () => draw.pick([regions[0] ?? 'westeurope', ...regions.slice(1)])
  const topology = drawTopology(draw, regions, level)
  const spread = <T>(value: T): Reading<T> => {
    if (level < 2 || !draw.odds(8)) return found(value)
    return draw.odds(50) ? { state: 'missing' } : { state: 'unreadable', why: 'Forbidden' }
  }

  // ---- resources that are only read
  const monitorWorkspaces: Mutable<World['monitorWorkspaces']> = new Map()
  const logWorkspaces: Mutable<World['logWorkspaces']> = new Map()
  const endpoints = new Map<string, Reading<Endpoint>>()
  const addEndpoint = (id: ResourceId, location: string, ours: number) => {
    endpoints.set(id.key, spread(drawEndpoint(draw, topology, id, location, ours)))
  }
  const foreign = {
    alias: 'foreign',
    id: idOf(away, 'rg-other', 'Microsoft.Monitor/accounts', 'amw-other'),
    at,
  }
  for (const { id } of [...topology.azureMonitorWorkspaces, foreign]) {
    const location = region()
    const automatic = endpointId(
      `MA_${id.name}_${location}_managed`,
      id.name.toLowerCase(),
      id.subscription,
    )
    const old = level === 2 && draw.odds(15)
    monitorWorkspaces.set(
      id.key,
      spread({
        id: draw.cased(id.text),
        name: id.name,
        location,
        ...(!old && { endpointId: draw.cased(automatic.text) }),
        publicNetworkAccess: draw.pick(['Disabled', 'Enabled']),
        hasQueryPrivateEndpoint: draw.odds(50),
      }),
    )
    if (!(level === 2 && draw.odds(8))) addEndpoint(automatic, location, 5)
  }
  for (const { id } of topology.logAnalyticsWorkspaces) {
    logWorkspaces.set(
      id.key,
      spread({ id: draw.cased(id.text), name: id.name, location: region() }),
    )
  }

  // ---- targets
  const machines: ResourceId[] = topology.targets
    .filter((one) => one.kind === 'machine')
    .map((one) => one.id)
  const clusters = topology.targets.filter((one) => one.kind === 'cluster').map((one) => one.id)
  const loose: Record<TargetKind, ResourceId[]> = {
    machine: [1, 2, 3].slice(draw.pick([0, 1, 2, 3])).map((n) => machineId(draw, `sel-${n}`)),
    cluster: draw.odds(30)
      ? [idOf(home, 'rg-aks', 'Microsoft.ContainerService/managedClusters', 'sel-aks')]
      : [],
  }
  const candidates = [...machines, ...clusters, ...loose.machine, ...loose.cluster]
  const targets = new Map<string, Reading<Target>>()
  for (const id of candidates) targets.set(id.key, spread(drawTarget(draw, id, region(), level)))
  // A select matches neither missing nor excluded resources.
  const selectable = (id: ResourceId, { exclude }: SelectEntry) =>
    targets.get(id.key)?.state !== 'missing' && exclude.every((one) => one.key !== id.key)
  const selected = topology.selects.map((select) =>
    [
      ...draw.some(loose[select.kind], 70),
      ...draw.some(
        topology.targets.filter((one) => one.kind === select.kind).map((one) => one.id),
        40,
      ),
    ]
      .filter((id) => selectable(id, select))
      .map((id) => id.key),
  )

  // ---- endpoints with names from the file's templates, and others
  const wanted = wantedNames(topology, regions, machines.concat(loose.machine))
  for (const { id, location } of wanted) {
    const wrong = level > 0 && draw.odds(15)
    if (draw.odds(45)) addEndpoint(id, wrong ? region() : location, 60)
  }
  const free = ['a', 'b', 'c', 'd'].map((name) => endpointId('rg-shared', `dce-${name}`))
  for (const id of free) if (draw.odds(75)) addEndpoint(id, region(), 40)
  for (const { id, region: where } of topology.endpoints.existing) {
    if (level === 0) endpoints.set(id.key, found(drawEndpoint(draw, topology, id, where, 30)))
  }
  const gone = endpointId('rg-shared', 'dce-gone')
  const pool = [...endpoints.keys(), ...wanted.map((one) => one.id.key), gone.key]
  const anyEndpoint = () => draw.cased(pool[draw.number(pool.length - 1)] ?? gone.key)

  // ---- rules, associations
  const rules = new Map<string, Reading<Rule>>()
  const ruleIds = [1, 2, 3, 4]
    .slice(draw.pick([4, 3, 2, 1, 0]))
    .map((n) => idOf(home, 'rg-rules', 'Microsoft.Insights/dataCollectionRules', `dcr-${n}`))
  for (const id of ruleIds) {
    const reading = spread(drawRule(draw, topology, id, region(), anyEndpoint))
    const dangles =
      level === 0 &&
      reading.state === 'found' &&
      reading.value.endpointId !== undefined &&
      !endpoints.has(low(reading.value.endpointId))
    rules.set(
      id.key,
      dangles ? found({ ...reading.value, endpointId: draw.cased(free[0]?.text ?? '') }) : reading,
    )
  }
  if (level === 0 && !endpoints.has(free[0]?.key ?? '')) addEndpoint(free[0] ?? gone, region(), 40)
  const associations = new Map<string, ConfigurationAssociation>()
  const ruleAssociations = new Map<string, readonly string[]>()
  const strays = [1, 2]
    .slice(draw.pick([2, 1, 0]))
    .map((n) =>
      idOf(draw.pick([home, away]), 'rg-old', 'Microsoft.Compute/virtualMachines', `stray-${n}`),
    )
  for (const id of strays)
    targets.set(id.key, found({ ...drawTarget(draw, id, region(), 0), tags: {} }))
  for (const id of [...candidates, ...strays]) {
    if (targets.get(id.key)?.state === 'missing') continue
    const association = drawAssociation(draw, topology, id, anyEndpoint)
    if (association) associations.set(id.key, association)
  }
  for (const id of candidates) {
    const keys = draw.some(ruleIds, 40).map((one) => one.key)
    if (level === 2 && draw.odds(5)) keys.push(low(`${ruleIds[0]?.text ?? '/x'}-gone`))
    ruleAssociations.set(id.key, keys)
  }

  // ---- the scope
  const scopeText = draw.cased(topology.privateLinkScope.id.text)
  const links = drawLinks(draw, topology, scopeText, [
    ...pool,
    ...logWorkspaces.keys(),
    idOf(away, 'rg-other', 'Microsoft.OperationalInsights/workspaces', 'law-other').key,
  ])
  const mode = (): AccessMode => draw.pick(['Open', 'PrivateOnly'])
  const noModes = draw.odds(4)
  const scope = {
    id: scopeText,
    provisioningState:
      level === 2 ? draw.pick(['Succeeded', 'Succeeded', 'Succeeded', 'Failed']) : 'Succeeded',
    ...(!noModes && { modes: { ingestion: mode(), query: mode() } }),
  }
  const world: World = {
    scope: level === 2 && draw.odds(4) ? { state: 'missing' } : found(scope),
    links,
    privateEndpoints: [1, 2].slice(draw.pick([1, 0, 2])).map((n) => ({
      connection: `pe-${n}`,
      id: idOf(home, 'rg-net', 'Microsoft.Network/privateEndpoints', `pe-${n}`).text,
      approved: !draw.odds(15),
      staticAddresses: level > 0 && draw.odds(15),
    })),
    targets,
    selected,
    hiddenSubscriptions: new Map(),
    monitorWorkspaces,
    logWorkspaces,
    endpoints,
    rules,
    associations,
    ruleAssociations,
  }
  return {
    topology,
    world: world.scope.state === 'found' ? world : { ...world, links: [], privateEndpoints: [] },
  }
}

type Mutable<M> = M extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never

function drawTopology(draw: Draw, regions: readonly string[], level: number): Topology {
  const monitor = [1, 2].slice(draw.pick([2, 1, 0])).map((n) => ({
    alias: `metrics-${n}`,
    id: cased(draw, idOf(home, 'rg-monitor', 'Microsoft.Monitor/accounts', `AMW-${n}`)),
    at,
  }))
  const logs = [1, 2].slice(draw.pick([2, 1, 0])).map((n) => ({
    alias: `logs-${n}`,
    id: cased(
      draw,
      idOf(home, 'rg-monitor', 'Microsoft.OperationalInsights/workspaces', `law-${n}`),
    ),
    at,
  }))
  const destinations = () => {
    const metrics = draw.maybe(monitor.map((one) => one.alias))
    return {
      ...(metrics !== undefined && { metrics }),
      logs: draw.some(logs.map((one) => one.alias)),
    }
  }
  const targets: TargetEntry[] = [
    ...[1, 2].slice(draw.pick([2, 1, 0])).map((n) => ({
      kind: 'cluster' as const,
      id: cased(draw, clusterId(draw, n)),
      at,
      ...destinations(),
    })),
    ...[1, 2, 3, 4].slice(draw.pick([4, 3, 2, 1, 0])).map((n) => ({
      kind: 'machine' as const,
      id: cased(draw, n === 3 && draw.odds(15) ? twinId : machineId(draw, `vm-${n}`)),
      at,
      ...destinations(),
    })),
  ]
  const shared = destinations()
  const kinds = [1, 2].map(() => draw.pick<TargetKind>(['machine', 'machine', 'cluster']))
  const selects: SelectEntry[] = [1, 2].slice(draw.pick([2, 1, 0])).map((n) => ({
    kind: kinds[n - 1] ?? 'machine',
    subscriptions: [home],
    types: targetTypes[kinds[n - 1] ?? 'machine'],
    tags: { monitoring: 'private' },
    exclude: draw.odds(30) ? [machineId(draw, 'sel-2')] : [],
    ...(n === 1 || draw.odds(70) ? shared : destinations()),
    at,
  }))
  const group = draw.odds(level === 2 ? 90 : 100)
  const mode = () => draw.maybe<AccessMode>(['Open', 'PrivateOnly'], 60)
  const ingestion = mode()
  const query = mode()
  return {
    file: '.github/azure-monitor-private-link.yml',
    name: 'prod',
    formerNames: [],
    subscription: home,
    privateLinkScope: {
      id: cased(
        draw,
        idOf(home, 'rg-monitor', 'Microsoft.Insights/privateLinkScopes', 'ampls-hub'),
      ),
      at,
    },
    accessModes: { ...(ingestion && { ingestion }), ...(query && { query }), at },
    azureMonitorWorkspaces: monitor,
    logAnalyticsWorkspaces: logs,
    targets,
    selects,
    remoteWrite: [],
    endpoints: {
      ...(group && { resourceGroup: { subscription: home, name: 'rg-monitor' } }),
      regionalName: draw.pick(['dce-{topology}-{region}', 'Shared_{topology}_{region}']),
      machineName: draw.pick([
        'dce-{machine}-{hash}',
        'dce-{machine}-{hash}',
        'a-very-long-prefix-that-will-be-cut-{machine}-{region}-{hash}',
        'ingest-{machine}',
      ]),
      machineIngestion: draw.pick(['perMachine', 'perRegion', 'none']),
      publicNetworkAccess: draw.pick(['Disabled', 'Enabled']),
      tags: draw.odds(50) ? { team: 'platform', Env: 'Prod' } : {},
      existing: regions.flatMap((region) =>
        draw.odds(20)
          ? [
              {
                region,
                id: endpointId('rg-shared', draw.pick(['dce-a', 'dce-b', `dce-x-${region}`])),
                at,
              },
            ]
          : [],
      ),
      at,
    },
    existingAssociations: draw.pick(['adopt', 'replace']),
    waivers: level === 0 ? [] : drawWaivers(draw),
  }
}

function drawWaivers(draw: Draw): Waiver[] {
  const codes = [
    'unknown-resource',
    'unreadable-resource',
    'endpoint-in-use',
    'endpoint-in-other-region',
    'static-ip-private-endpoint',
    'flexible-scale-set',
    'scope-not-ready',
    'blackout',
  ]
  return draw.some(codes, 55).map((code) => ({ code, reason: 'known', expires: '2999-01-01', at }))
}

function cased(draw: Draw, id: ResourceId): ResourceId {
  return { ...id, text: draw.cased(id.text) }
}

function machineId(draw: Draw, name: string): ResourceId {
  return name.startsWith('vm-') && draw.odds(40)
    ? draw.pick([
        idOf(away, 'rg-arc', 'Microsoft.HybridCompute/machines', name),
        idOf(home, 'rg-App', 'Microsoft.Compute/virtualMachineScaleSets', name),
      ])
    : idOf(home, 'rg-App', 'Microsoft.Compute/virtualMachines', name)
}

/** A machine with the same name in another resource group. */
const twinId = idOf(home, 'rg-Twin', 'Microsoft.Compute/virtualMachines', 'VM-4')

function clusterId(draw: Draw, n: number): ResourceId {
  return draw.pick([
    idOf(home, 'rg-aks', 'Microsoft.ContainerService/managedClusters', `AKS-${n}`),
    idOf(home, 'rg-arc', 'Microsoft.Kubernetes/connectedClusters', `arc-${n}`),
  ])
}

function drawTarget(draw: Draw, id: ResourceId, location: string, level: number): Target {
  const scaleSet = id.type.endsWith('scalesets')
  return {
    id: draw.cased(id.text),
    name: id.name,
    type: id.type,
    location,
    tags: {},
    ...(draw.odds(50) && { hasIdentity: draw.odds(70) }),
    ...(draw.odds(50) && { hasAgent: draw.odds(70) }),
    ...(scaleSet && {
      orchestrationMode: level === 2 ? draw.pick(['Uniform', 'Flexible']) : 'Uniform',
    }),
    ...(id.type.includes('cluster') && draw.odds(60) && { prometheusEnabled: draw.odds(70) }),
    ...(id.type.includes('managedclusters') && draw.odds(30) && { addons: [drawAddon(draw)] }),
  }
}

function drawAddon(draw: Draw): LogAddon {
  const name = draw.pick(['law-1', 'law-2', 'law-far'])
  const workspace = idOf(home, 'rg-monitor', 'Microsoft.OperationalInsights/workspaces', name)
  return {
    name: draw.pick(['omsagent', 'containerInsights']),
    usesKey: draw.odds(50),
    ...(draw.odds(80) && { workspaceId: draw.cased(workspace.text) }),
  }
}

/** Endpoint ids from the file's templates, with the wanted region of each. */
function wantedNames(
  topology: Topology,
  regions: readonly string[],
  machines: readonly ResourceId[],
) {
  const { regionalName, machineName } = topology.endpoints
  const named = regions.flatMap((region) => {
    const values = { topology: topology.name, region }
    return [
      { name: endpointName(fill(regionalName, values)), location: region },
      { name: endpointName(`${fill(regionalName, values)}-ingest`), location: region },
      ...machines.map((id) => ({
        name: endpointName(
          fill(machineName, {
            ...values,
            machine: last(id.text).toLowerCase(),
            hash: sha(id.key, 6),
          }),
        ),
        location: region,
      })),
    ]
  })
  const seen = new Map<string, { id: ResourceId; location: string }>()
  for (const { name, location } of named) {
    const id = endpointId('rg-monitor', name ?? '')
    if (name !== undefined && !seen.has(id.key)) seen.set(id.key, { id, location })
  }
  return [...seen.values()]
}

function drawEndpoint(
  draw: Draw,
  topology: Topology,
  id: ResourceId,
  location: string,
  ours: number,
): Endpoint {
  const owner = draw.odds(ours)
    ? markOf(topology)
    : draw.maybe([markOf({ ...topology, name: 'other' }), topology.name, 'prod/00000000'], 20)
  const elsewhere =
    '/subscriptions/9/resourceGroups/rg/providers/Microsoft.Insights/privateLinkScopes/hub'
  return {
    id: draw.cased(id.text),
    name: id.name,
    location,
    tags: {
      ...(owner !== undefined && {
        [draw.pick([mark, mark, 'Azure-Monitor-Private-Link'])]: owner,
      }),
      ...(draw.odds(40) && {
        [draw.pick(['team', 'TEAM'])]: 'platform',
        env: draw.pick(['Prod', 'prod']),
      }),
      ...(draw.odds(20) && { cost: '42' }),
    },
    publicNetworkAccess: draw.pick(['Disabled', 'Enabled', 'Disabled', 'SecuredByPerimeter']),
    links: draw.odds(4)
      ? [
          {
            scopedResourceId: `${elsewhere}/scopedResources/${draw.pick(['theirs', linkName(topology.name, id.text)])}`,
            scopeId: elsewhere,
          },
        ]
      : [],
  }
}

function drawRule(
  draw: Draw,
  topology: Topology,
  id: ResourceId,
  location: string,
  anyEndpoint: () => string,
): Rule {
  const law = idOf(away, 'rg-other', 'Microsoft.OperationalInsights/workspaces', 'law-other').text
  const logs = [...topology.logAnalyticsWorkspaces.map((one) => one.id.text), law]
  const metrics = topology.azureMonitorWorkspaces.map((one) => one.id.text)
  return {
    id: draw.cased(id.text),
    name: id.name,
    location,
    ...(draw.odds(60) && { endpointId: anyEndpoint() }),
    streams: draw.some(['Microsoft-PrometheusMetrics', 'Microsoft-Perf', 'Microsoft-Syslog'], 45),
    logDestinations: draw.some(logs, 25).map((one) => draw.cased(one)),
    metricsDestinations: draw.some(metrics, 25).map((one) => draw.cased(one)),
  }
}

function drawAssociation(
  draw: Draw,
  topology: Topology,
  id: ResourceId,
  anyEndpoint: () => string,
): ConfigurationAssociation | undefined {
  if (!draw.odds(65)) return undefined
  const target = draw.cased(id.text)
  const words = draw.maybe(
    [description(markOf(topology)), description(markOf({ ...topology, name: 'other' })), 'by hand'],
    60,
  )
  return {
    id: `${target}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
    target,
    ...(draw.odds(6)
      ? {
          ruleId: draw.cased(
            idOf(home, 'rg-rules', 'Microsoft.Insights/dataCollectionRules', 'dcr-1').text,
          ),
        }
      : { endpointId: anyEndpoint() }),
    ...(words !== undefined && { description: words }),
  }
}

function drawLinks(
  draw: Draw,
  topology: Topology,
  scope: string,
  linkable: readonly string[],
): Link[] {
  return [...new Set(linkable)].flatMap((key, index) => {
    if (!draw.odds(40)) return []
    const linkedResourceId = draw.cased(key)
    const name = draw.pick([
      linkName(topology.name, linkedResourceId),
      linkName(topology.name, key),
      `their-link-${index}`,
      linkName('other', key),
    ])
    return [
      {
        id: `${scope}/${draw.pick(['scopedResources', 'scopedresources'])}/${name}`,
        name,
        linkedResourceId,
        provisioningState: draw.odds(12) ? 'Failed' : 'Succeeded',
      },
    ]
  })
}
