import { normalLocation } from '../../src/resources/id.ts'

/**
 * A field of an answer that the product uses: its path in Azure's answer and in the parsed value.
 */
export interface Field {
  /** Names separated by dots. */
  readonly from: string
  readonly to: (parsed: unknown) => unknown
  /** How the parser converts it, if it does. */
  readonly as?: (given: unknown) => unknown
}

type Row = readonly [from: string, to: string, as?: (given: unknown) => unknown]

const location: Row = ['location', 'location', (given) => normalLocation(String(given))]
const tags: Row = ['tags', 'tags']
const changed: readonly Row[] = [
  ['systemData.lastModifiedBy', 'changed.by'],
  ['systemData.lastModifiedByType', 'changed.type'],
  ['systemData.lastModifiedAt', 'changed.at'],
]
/**
 * The monitoring add-on, if enabled: its workspace, and whether it signs in with the workspace's
 * key (facts 4.4).
 */
function omsagent(given: unknown): unknown {
  const { enabled, config } = given as {
    readonly enabled?: boolean
    readonly config?: Readonly<Record<string, string>>
  }
  if (enabled !== true) return []
  const workspaceId = config?.['logAnalyticsWorkspaceResourceID']
  const usesKey = config?.['useAADAuth']?.toLowerCase() !== 'true'
  return [{ name: 'omsagent', workspaceId, usesKey }]
}
const sorted = (values: readonly unknown[]): readonly unknown[] => [...new Set(values)].sort()
const each =
  (...path: readonly string[]) =>
  (given: unknown): readonly unknown[] =>
    sorted(entriesOf(given).flatMap((entry) => at(entry, ...path)))

const association: readonly Row[] = [
  ['id', 'id'],
  ['id', 'target', (given) => String(given).replace(/\/providers\/[^/]+\/[^/]+\/[^/]+$/, '')],
  ['properties.dataCollectionEndpointId', 'endpointId'],
  ['properties.dataCollectionRuleId', 'ruleId'],
  ['properties.description', 'description'],
  ...changed,
]

const target: readonly Row[] = [['id', 'id'], ['name', 'name'], location, tags]
const hasIdentity: Row = ['identity.type', 'hasIdentity', (given) => given !== 'None']

const rows: Readonly<Record<string, readonly Row[]>> = {
  'microsoft.insights/datacollectionendpoints': [
    ['id', 'id'],
    ['name', 'name'],
    location,
    tags,
    ['properties.networkAcls.publicNetworkAccess', 'publicNetworkAccess'],
    ['properties.configurationAccess.endpoint', 'configurationAccess'],
    ['properties.logsIngestion.endpoint', 'logsIngestion'],
    ['properties.metricsIngestion.endpoint', 'metricsIngestion'],
    ['properties.privateLinkScopedResources', 'links'],
    ...changed,
  ],
  'microsoft.insights/datacollectionrules': [
    ['id', 'id'],
    ['name', 'name'],
    location,
    ['properties.dataCollectionEndpointId', 'endpointId'],
    ['properties.immutableId', 'immutableId'],
    ['properties.dataFlows', 'streams', each('streams')],
    ['properties.destinations.logAnalytics', 'logDestinations', each('workspaceResourceId')],
    [
      'properties.destinations.monitoringAccounts',
      'metricsDestinations',
      each('accountResourceId'),
    ],
    ...changed,
  ],
  'microsoft.insights/datacollectionruleassociations': association,
  // Only rules, without who changed them (quirk 1).
  'microsoft.insights/datacollectionrules/associations': association.filter(([from]) =>
    /^id$|RuleId$/.test(from),
  ),
  'microsoft.insights/privatelinkscopes': [
    ['id', 'id'],
    ['properties.provisioningState', 'provisioningState'],
    ['properties.accessModeSettings.ingestionAccessMode', 'modes.ingestion'],
    ['properties.accessModeSettings.queryAccessMode', 'modes.query'],
    ...changed,
  ],
  'microsoft.insights/privatelinkscopes/scopedresources': [
    ['id', 'id'],
    ['name', 'name'],
    ['properties.linkedResourceId', 'linkedResourceId'],
    ['properties.provisioningState', 'provisioningState'],
    ...changed,
  ],
  'microsoft.insights/privatelinkscopes/privateendpointconnections': [
    ['name', 'connection'],
    ['properties.privateEndpoint.id', 'id'],
    [
      'properties.privateLinkServiceConnectionState.status',
      'approved',
      (given) => given === 'Approved',
    ],
  ],
  'microsoft.network/privateendpoints': [
    ['properties.ipConfigurations', 'staticAddresses', (given) => entriesOf(given).length > 0],
    ['properties.subnet.id', 'subnet'],
    ['properties.networkInterfaces', 'interfaces', each('id')],
    ['properties.customDnsConfigs', 'ownAddresses', each('ipAddresses')],
  ],
  'microsoft.monitor/accounts': [
    ['id', 'id'],
    ['name', 'name'],
    location,
    ['properties.defaultIngestionSettings.dataCollectionEndpointResourceId', 'endpointId'],
    ['properties.defaultIngestionSettings.dataCollectionRuleResourceId', 'ruleId'],
    ['properties.publicNetworkAccess', 'publicNetworkAccess'],
    ['properties.metrics.prometheusQueryEndpoint', 'queryEndpoint'],
  ],
  'microsoft.operationalinsights/workspaces': [
    ['id', 'id'],
    ['name', 'name'],
    location,
    ['properties.customerId', 'customerId'],
    ['properties.publicNetworkAccessForIngestion', 'publicNetworkAccessForIngestion'],
    ['properties.publicNetworkAccessForQuery', 'publicNetworkAccessForQuery'],
  ],
  'microsoft.compute/virtualmachines': [...target, hasIdentity],
  'microsoft.compute/virtualmachinescalesets': [
    ...target,
    ['properties.orchestrationMode', 'orchestrationMode'],
    [
      'properties.virtualMachineProfile.networkProfile',
      'subnets',
      (given) =>
        sorted(
          entriesOf(at(given, 'networkInterfaceConfigurations')).flatMap((config) =>
            entriesOf(at(config, 'properties', 'ipConfigurations')).map((one) =>
              at(one, 'properties', 'subnet', 'id'),
            ),
          ),
        ),
    ],
  ],
  'microsoft.hybridcompute/machines': target,
  'microsoft.containerservice/managedclusters': [
    ...target,
    ['properties.azureMonitorProfile.metrics.enabled', 'prometheusEnabled'],
    ['properties.nodeResourceGroup', 'nodeResourceGroup'],
    ['properties.addonProfiles.omsagent', 'addons', omsagent],
  ],
  'microsoft.kubernetes/connectedclusters': target,
}

/** The fields that the product uses, by type in lower case. */
export const fieldsByType: Readonly<Record<string, readonly Field[]>> = Object.fromEntries(
  Object.entries(rows).map(([type, all]) => [
    type,
    all.map(([from, to, as]) => ({
      from,
      to: (parsed: unknown) => at(parsed, ...to.split('.')),
      ...(as === undefined ? {} : { as }),
    })),
  ]),
)

/** The fields that the product uses of a type; empty for a type that it doesn't read. */
export function fieldsOf(type: string): readonly Field[] {
  return fieldsByType[type] ?? []
}

/** Fields of an answer that are missing or different in the parsed value; one per line. */
export function lossesOf(
  raw: unknown,
  parsed: unknown,
  fields: readonly Field[],
): readonly string[] {
  return fields.flatMap(({ from, to, as }) => {
    const given = at(raw, ...from.split('.'))
    if (given === undefined || given === null || given === '') return []
    const [wanted, got] = [as?.(given) ?? given, to(parsed)].map((value) =>
      JSON.stringify({ value }),
    )
    return wanted === got ? [] : [`${from}: ${wanted ?? ''} became ${got ?? ''}`]
  })
}

/** A proxy of the value that reports every leaf read from it, by its path without list indexes. */
export function watched(value: unknown, tell: (path: string) => void, path = ''): unknown {
  if (typeof value !== 'object' || value === null) {
    tell(path)
    return value
  }
  if (Array.isArray(value)) return value.map((entry: unknown) => watched(entry, tell, path))
  return new Proxy(value, {
    get: (target, name) => {
      const inner: unknown = Reflect.get(target, name)
      if (typeof name !== 'string' || !Object.hasOwn(target, name)) return inner
      return watched(inner, tell, path === '' ? name : `${path}.${name}`)
    },
  })
}

/** The value at a path of names; `undefined` if missing. Independent of the product's own code. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  const [first, ...rest] = path
  if (first === undefined) return value
  if (typeof value !== 'object' || value === null) return undefined
  return at((value as Readonly<Record<string, unknown>>)[first], ...rest)
}

/** True for a missing or null value. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A copy with another value at a path; removed for `undefined`. */
export function replaceAt(value: unknown, path: readonly string[], other: unknown): unknown {
  const [first, ...rest] = path
  if (first === undefined) return other
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { [first]: old, ...others } = value as Readonly<Record<string, unknown>>
  if (old === undefined) return value
  const inner = replaceAt(old, rest, other)
  return inner === undefined ? others : { ...others, [first]: inner }
}

/** A copy in which every name is capitalized, except the names of tags, which users choose. */
export function withCapitals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCapitals)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      name === 'tags' ? (inner as unknown) : withCapitals(inner),
    ]),
  )
}
