import type { EstateSeed, SeedResource } from './azure/seed.ts'
import type { JsonObject } from './azure/json.ts'
import {
  endpointProperties,
  expandNetwork,
  type NetworkSketch,
  type Placed,
  placeProperties,
  usualNetwork,
} from './estateNetwork.ts'

/**
 * An estate in short form: short references, one line per object. `expandEstate` turns it into the flat list of
 * resources that the simulator starts with. References are `<resource group>/<name>` in `subscription`, or full
 * ids.
 */
export interface Estate {
  readonly subscription: string
  /** Other existing subscriptions. */
  readonly otherSubscriptions?: readonly string[]
  /** Empty resource groups. */
  readonly resourceGroups?: readonly string[]
  readonly scope?: ScopeSketch
  /** The location, or an object. */
  readonly machines?: Readonly<Record<string, string | TargetSketch>>
  readonly scaleSets?: Readonly<Record<string, string | TargetSketch>>
  readonly arcMachines?: Readonly<Record<string, string | TargetSketch>>
  readonly clusters?: Readonly<Record<string, string | TargetSketch>>
  readonly arcClusters?: Readonly<Record<string, string | TargetSketch>>
  /** Azure Monitor workspaces, each with its automatic endpoint and rule unless `old`. */
  readonly monitorWorkspaces?: Readonly<Record<string, string | MonitorWorkspaceSketch>>
  readonly logWorkspaces?: Readonly<Record<string, string | LogWorkspaceSketch>>
  readonly endpoints?: Readonly<Record<string, string | EndpointSketch>>
  readonly rules?: Readonly<Record<string, RuleSketch>>
  /** Virtual networks and zones; default: as Microsoft recommends. */
  readonly network?: NetworkSketch
  /** Any other resources, in Azure's form. */
  readonly resources?: readonly SeedResource[]
  readonly unreadable?: readonly string[]
  readonly denied?: EstateSeed['denied']
  readonly locks?: EstateSeed['locks']
  readonly policies?: EstateSeed['policies']
}

export interface ScopeSketch {
  readonly id: string
  readonly ingestion?: string
  readonly query?: string
  readonly exclusions?: readonly JsonObject[]
  readonly provisioningState?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Additional fields. */
  readonly properties?: JsonObject
  /** Name of the link to what it links. */
  readonly links?: Readonly<Record<string, string | LinkSketch>>
  /** Private endpoints by reference: the state of their connection, or `static` for an approved one with static addresses. */
  readonly privateEndpoints?: Readonly<Record<string, PrivateEndpointState>>
}

export interface LinkSketch {
  readonly to: string
  readonly state: string
}

export interface TargetSketch {
  readonly location: string
  readonly tags?: Readonly<Record<string, string>>
  /** The endpoint its configuration association points to. */
  readonly endpoint?: string
  /** A rule that the reserved association name wrongly holds. */
  readonly heldRule?: string
  readonly description?: string
  readonly changedBy?: { readonly by: string; readonly type: string }
  /** Rules associated with it. */
  readonly rules?: readonly string[]
  /** Default true. */
  readonly identity?: boolean
  /** Default true. */
  readonly agent?: boolean
  /** `Uniform` (default) or `Flexible`; scale sets only. */
  readonly orchestration?: string
  /** Reference of its virtual network; `false` if that can't be seen. */
  readonly network?: string | false
}

export interface MonitorWorkspaceSketch {
  readonly location: string
  readonly old?: boolean
  readonly queryPrivateEndpoint?: boolean
  readonly publicNetworkAccess?: string
}

export interface LogWorkspaceSketch {
  readonly location: string
  readonly publicNetworkAccess?: string
}

export interface EndpointSketch {
  readonly location: string
  readonly tags?: Readonly<Record<string, string>>
  readonly publicNetworkAccess?: string
  readonly description?: string
}

/** `disconnected`: the private endpoint was deleted, but its connection remains. */
export type PrivateEndpointState = 'approved' | 'pending' | 'rejected' | 'disconnected' | 'static'

export interface RuleSketch {
  readonly location: string
  readonly endpoint?: string
  /** Default: `Microsoft-Perf`. */
  readonly streams?: readonly string[]
  readonly logs?: readonly string[]
  readonly metrics?: readonly string[]
  /** Also sends to Azure Monitor Metrics. */
  readonly customMetrics?: boolean
  /** Length of the transformation of its flow; default: no transformation. */
  readonly transformation?: number
}

const types = {
  scope: 'microsoft.insights/privateLinkScopes',
  machine: 'Microsoft.Compute/virtualMachines',
  scaleSet: 'Microsoft.Compute/virtualMachineScaleSets',
  arcMachine: 'Microsoft.HybridCompute/machines',
  cluster: 'Microsoft.ContainerService/managedClusters',
  arcCluster: 'Microsoft.Kubernetes/connectedClusters',
  monitorWorkspace: 'Microsoft.Monitor/accounts',
  logWorkspace: 'Microsoft.OperationalInsights/workspaces',
  endpoint: 'Microsoft.Insights/dataCollectionEndpoints',
  rule: 'Microsoft.Insights/dataCollectionRules',
  privateEndpoint: 'Microsoft.Network/privateEndpoints',
} as const

type Type = keyof typeof types

/** The full id of a reference. */
export function idOf(subscription: string, type: Type, reference: string): string {
  if (reference.startsWith('/')) return reference
  const [group = '', name = ''] = reference.split('/')
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${types[type]}/${name}`
}

/** Expands an estate in short form to the flat list of resources. */
export function expandEstate(estate: Estate): EstateSeed {
  const { subscription } = estate
  const id = (type: Type, reference: string) => idOf(subscription, type, reference)
  /** The full id of the target of a link or rule; the prefix gives its type: `log:` for a Log Analytics workspace. */
  const linked = (reference: string): string =>
    reference.startsWith('log:')
      ? id('logWorkspace', reference.slice(4))
      : reference.startsWith('auto:')
        ? automaticEndpoint(estate, reference.slice(5))
        : id('endpoint', reference)
  const resources: SeedResource[] = [
    ...(estate.scope === undefined ? [] : expandScope(estate, estate.scope, id, linked)),
    ...entries(estate.machines).flatMap((e) => expandTarget('machine', e, estate, linked)),
    ...entries(estate.scaleSets).flatMap((e) => expandTarget('scaleSet', e, estate, linked)),
    ...entries(estate.arcMachines).flatMap((e) => expandTarget('arcMachine', e, estate, linked)),
    ...entries(estate.clusters).flatMap((e) => expandTarget('cluster', e, estate, linked)),
    ...entries(estate.arcClusters).flatMap((e) => expandTarget('arcCluster', e, estate, linked)),
    ...Object.entries(estate.monitorWorkspaces ?? {}).flatMap(([reference, sketch]) =>
      expandMonitorWorkspace(estate, id('monitorWorkspace', reference), reference, sketch),
    ),
    ...Object.entries(estate.logWorkspaces ?? {}).map(([reference, sketch]) =>
      expandLogWorkspace(id('logWorkspace', reference), sketch),
    ),
    ...Object.entries(estate.endpoints ?? {}).map(([reference, sketch]) =>
      expandEndpoint(id('endpoint', reference), sketch),
    ),
    ...Object.entries(estate.rules ?? {}).map(([reference, sketch]) =>
      expandRule(id('rule', reference), sketch, id, linked),
    ),
    ...expandNetwork(
      estate,
      (['machine', 'scaleSet', 'cluster'] as const).flatMap((kind) =>
        entries(estate[`${kind}s`]).map((entry) => placedOf(kind, entry, estate)),
      ),
      estate.scope === undefined ? '' : id('scope', estate.scope.id),
    ),
    ...(estate.resources ?? []),
  ]
  return {
    subscriptions: [subscription, ...(estate.otherSubscriptions ?? [])],
    resources,
    ...(estate.resourceGroups === undefined ? {} : { resourceGroups: estate.resourceGroups }),
    ...(estate.unreadable === undefined ? {} : { unreadable: estate.unreadable }),
    ...(estate.denied === undefined ? {} : { denied: estate.denied }),
    ...(estate.locks === undefined ? {} : { locks: estate.locks }),
    ...(estate.policies === undefined ? {} : { policies: estate.policies }),
  }
}

type MakeId = (type: Type, reference: string) => string
type Entry = readonly [string, TargetSketch]

function entries(targets: Readonly<Record<string, string | TargetSketch>> | undefined): Entry[] {
  return Object.entries(targets ?? {}).map(([reference, sketch]) => [
    reference,
    typeof sketch === 'string' ? { location: sketch } : sketch,
  ])
}

/** The network of a target: its own, else the estate's default. */
function placedOf(kind: Placed['kind'], [reference, sketch]: Entry, estate: Estate): Placed {
  return {
    id: idOf(estate.subscription, kind, reference),
    kind,
    location: sketch.location,
    network: sketch.network ?? usualNetwork(estate),
  }
}

const connectionStates: Readonly<Record<PrivateEndpointState, string>> = {
  approved: 'Approved',
  static: 'Approved',
  pending: 'Pending',
  rejected: 'Rejected',
  disconnected: 'Disconnected',
}

function expandScope(
  estate: Estate,
  scope: ScopeSketch,
  id: MakeId,
  linked: (reference: string) => string,
): SeedResource[] {
  const scopeId = id('scope', scope.id)
  const connections = Object.entries(scope.privateEndpoints ?? {})
  return [
    {
      id: scopeId,
      location: 'global',
      ...(scope.tags === undefined ? {} : { tags: scope.tags }),
      properties: {
        ...(scope.provisioningState === undefined
          ? {}
          : { provisioningState: scope.provisioningState }),
        accessModeSettings: {
          ingestionAccessMode: scope.ingestion ?? 'Open',
          queryAccessMode: scope.query ?? 'Open',
          exclusions: scope.exclusions ?? [],
        },
        ...scope.properties,
      },
    },
    ...Object.entries(scope.links ?? {}).map(([name, to]) => ({
      id: `${scopeId}/scopedResources/${name}`,
      properties: {
        linkedResourceId: linked(typeof to === 'string' ? to : to.to),
        ...(typeof to === 'string' ? {} : { provisioningState: to.state }),
      },
    })),
    ...connections.flatMap(([reference, state]) => {
      const endpointId = id('privateEndpoint', reference)
      const name = endpointId.split('/').at(-1) ?? ''
      return [
        ...(state === 'disconnected'
          ? []
          : [
              {
                id: endpointId,
                location: 'westeurope',
                properties: {
                  ...endpointProperties(estate, reference, scopeId),
                  ipConfigurations:
                    state === 'static'
                      ? [
                          {
                            name: 'fixed',
                            properties: { privateIPAddress: '10.0.0.4', memberName: 'api' },
                          },
                        ]
                      : [],
                },
              },
            ]),
        {
          id: `${scopeId}/privateEndpointConnections/${name}.connection`,
          properties: {
            privateEndpoint: { id: endpointId },
            privateLinkServiceConnectionState: {
              status: connectionStates[state],
              description: '',
            },
          },
        },
      ]
    }),
  ]
}

function expandTarget(
  type: 'machine' | 'scaleSet' | 'arcMachine' | 'cluster' | 'arcCluster',
  [reference, sketch]: Entry,
  estate: Estate,
  linked: (reference: string) => string,
): SeedResource[] {
  const { subscription } = estate
  const id: MakeId = (of, name) => idOf(subscription, of, name)
  const targetId = id(type, reference)
  const place =
    type === 'scaleSet' || type === 'cluster'
      ? placeProperties(subscription, placedOf(type, [reference, sketch], estate))
      : {}
  const at = `${targetId}/providers/Microsoft.Insights/dataCollectionRuleAssociations`
  const hasAgent = sketch.agent ?? true
  const agent = { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent' }
  const changed =
    sketch.changedBy === undefined
      ? {}
      : {
          systemData: {
            lastModifiedBy: sketch.changedBy.by,
            lastModifiedByType: sketch.changedBy.type,
          },
        }
  const description = sketch.description === undefined ? {} : { description: sketch.description }
  const reserved =
    sketch.endpoint !== undefined
      ? { dataCollectionEndpointId: linked(sketch.endpoint), ...description }
      : sketch.heldRule !== undefined
        ? { dataCollectionRuleId: id('rule', sketch.heldRule), ...description }
        : undefined
  return [
    {
      id: targetId,
      location: sketch.location,
      ...(sketch.tags === undefined ? {} : { tags: sketch.tags }),
      ...((sketch.identity ?? true) ? { identity: { type: 'SystemAssigned' } } : {}),
      ...(type === 'cluster' && Object.keys(place).length > 0 ? { properties: place } : {}),
      ...(type === 'scaleSet'
        ? {
            properties: {
              orchestrationMode: sketch.orchestration ?? 'Uniform',
              virtualMachineProfile: {
                ...place,
                extensionProfile: {
                  extensions: hasAgent ? [{ name: 'ama', properties: agent }] : [],
                },
              },
            },
          }
        : {}),
    },
    ...(hasAgent && (type === 'machine' || type === 'arcMachine')
      ? [
          {
            id: `${targetId}/extensions/AzureMonitorLinuxAgent`,
            location: sketch.location,
            properties: agent,
          },
        ]
      : []),
    ...(reserved === undefined
      ? []
      : [{ id: `${at}/configurationAccessEndpoint`, properties: reserved, ...changed }]),
    ...(sketch.rules ?? []).map((rule) => {
      const ruleId = rule.startsWith('auto:') ? rule : id('rule', rule)
      const name = ruleId.split('/').at(-1) ?? ''
      return { id: `${at}/to-${name}`, properties: { dataCollectionRuleId: ruleId } }
    }),
  ]
}

function managedGroup(name: string, location: string): string {
  return `MA_${name}_${location}_managed`
}

/** The automatic endpoint of an Azure Monitor workspace: `auto:rg-monitor/amw-weu`. */
export function automaticEndpoint(estate: Estate, reference: string): string {
  const sketch = estate.monitorWorkspaces?.[reference]
  const location = typeof sketch === 'string' ? sketch : (sketch?.location ?? '')
  const name = reference.split('/').at(-1) ?? ''
  return idOf(estate.subscription, 'endpoint', `${managedGroup(name, location)}/${name}`)
}

function expandMonitorWorkspace(
  estate: Estate,
  workspaceId: string,
  reference: string,
  given: string | MonitorWorkspaceSketch,
): SeedResource[] {
  const sketch = typeof given === 'string' ? { location: given } : given
  const { location } = sketch
  const name = reference.split('/').at(-1) ?? ''
  const workspace = (properties: JsonObject): SeedResource => ({
    id: workspaceId,
    location,
    properties: {
      publicNetworkAccess: sketch.publicNetworkAccess ?? 'Disabled',
      ...((sketch.queryPrivateEndpoint ?? true)
        ? {
            privateEndpointConnections: [
              {
                id: `${workspaceId}/privateEndpointConnections/query`,
                properties: {
                  groupIds: ['prometheusMetrics'],
                  privateLinkServiceConnectionState: { status: 'Approved' },
                },
              },
            ],
          }
        : {}),
      ...properties,
    },
  })
  if (sketch.old === true) return [workspace({})]
  const endpointId = automaticEndpoint(estate, reference)
  const group = managedGroup(name, location)
  const ruleId = idOf(estate.subscription, 'rule', `${group}/${name}`)
  return [
    workspace({
      defaultIngestionSettings: {
        dataCollectionEndpointResourceId: endpointId,
        dataCollectionRuleResourceId: ruleId,
      },
    }),
    expandEndpoint(endpointId, { location }),
    {
      id: ruleId,
      location,
      properties: {
        dataCollectionEndpointId: endpointId,
        dataFlows: [{ streams: ['Microsoft-PrometheusMetrics'], destinations: ['workspace'] }],
        destinations: {
          monitoringAccounts: [{ name: 'workspace', accountResourceId: workspaceId }],
        },
      },
    },
  ]
}

function expandLogWorkspace(id: string, given: string | LogWorkspaceSketch): SeedResource {
  const sketch = typeof given === 'string' ? { location: given } : given
  const access = sketch.publicNetworkAccess ?? 'Disabled'
  return {
    id,
    location: sketch.location,
    properties: {
      publicNetworkAccessForIngestion: access,
      publicNetworkAccessForQuery: access,
    },
  }
}

function expandEndpoint(id: string, given: string | EndpointSketch): SeedResource {
  const sketch = typeof given === 'string' ? { location: given } : given
  return {
    id,
    location: sketch.location,
    ...(sketch.tags === undefined ? {} : { tags: sketch.tags }),
    properties: {
      ...(sketch.description === undefined ? {} : { description: sketch.description }),
      networkAcls: { publicNetworkAccess: sketch.publicNetworkAccess ?? 'Disabled' },
    },
  }
}

function expandRule(
  id: string,
  sketch: RuleSketch,
  makeId: MakeId,
  linked: (reference: string) => string,
): SeedResource {
  const logs = sketch.logs ?? []
  const metrics = sketch.metrics ?? []
  const names = [
    ...logs.map((_, i) => `logs${i}`),
    ...metrics.map((_, i) => `metrics${i}`),
    ...(sketch.customMetrics === true ? ['azureMonitorMetrics-default'] : []),
  ]
  return {
    id,
    location: sketch.location,
    properties: {
      ...(sketch.endpoint === undefined
        ? {}
        : { dataCollectionEndpointId: linked(sketch.endpoint) }),
      dataFlows: [
        {
          streams: sketch.streams ?? ['Microsoft-Perf'],
          destinations: names,
          ...(sketch.transformation === undefined
            ? {}
            : {
                transformKql: 'source | where RawData has "x"'.padEnd(sketch.transformation, ' '),
              }),
        },
      ],
      destinations: {
        ...(logs.length === 0
          ? {}
          : {
              logAnalytics: logs.map((reference, i) => ({
                name: `logs${i}`,
                workspaceResourceId: makeId('logWorkspace', reference),
              })),
            }),
        ...(metrics.length === 0
          ? {}
          : {
              monitoringAccounts: metrics.map((reference, i) => ({
                name: `metrics${i}`,
                accountResourceId: makeId('monitorWorkspace', reference),
              })),
            }),
        ...(sketch.customMetrics === true
          ? { azureMonitorMetrics: { name: 'azureMonitorMetrics-default' } }
          : {}),
      },
    },
  }
}
