import type {
  ChangedBy,
  ConfigurationAssociation,
  Endpoint,
  Link,
  LogWorkspace,
  MonitorWorkspace,
  PrivateEndpoint,
  Rule,
  Scope,
} from '../../estate/estate.ts'
import { compareText, nameOf, normalLocation } from '../../resources/id.ts'
import {
  type AccessMode,
  configurationAssociation,
  type PublicNetworkAccess,
} from '../../resources/resource.ts'
import { asObject, field, idText, list, text, texts } from '../azureJson.ts'

/**
 * Parses Azure's answers into the estate's values. A provider's answer and a row of Resource Graph
 * have the same shape, so one parser reads both. Missing values stay absent; nothing is guessed.
 */

/**
 * A data collection endpoint. Its public access is `Enabled` if Azure gives none (facts, section
 * 4.2).
 */
export function parseEndpoint(raw: unknown): Endpoint {
  const id = idText(raw, 'id') ?? ''
  const configurationAccess = text(raw, 'properties', 'configurationAccess', 'endpoint')
  const logsIngestion = text(raw, 'properties', 'logsIngestion', 'endpoint')
  const metricsIngestion = text(raw, 'properties', 'metricsIngestion', 'endpoint')
  const changed = parseChanged(raw)
  return {
    id,
    name: text(raw, 'name') ?? nameOf(id),
    location: normalLocation(text(raw, 'location') ?? ''),
    tags: texts(raw, 'tags'),
    publicNetworkAccess: parseAccess(text(raw, 'properties', 'networkAcls', 'publicNetworkAccess')),
    ...(configurationAccess === undefined ? {} : { configurationAccess }),
    ...(logsIngestion === undefined ? {} : { logsIngestion }),
    ...(metricsIngestion === undefined ? {} : { metricsIngestion }),
    links: list(raw, 'properties', 'privateLinkScopedResources').flatMap((link) => {
      const scopedResourceId = idText(link, 'resourceId')
      const scopeId = text(link, 'scopeId')
      if (scopedResourceId === undefined) return []
      return [{ scopedResourceId, ...(scopeId === undefined ? {} : { scopeId }) }]
    }),
    ...(changed === undefined ? {} : { changed }),
  }
}

function parseAccess(value: string | undefined): PublicNetworkAccess {
  const known: readonly PublicNetworkAccess[] = ['Enabled', 'Disabled', 'SecuredByPerimeter']
  return known.find((k) => k.toLowerCase() === value?.toLowerCase()) ?? 'Enabled'
}

/** A data collection rule. */
export function parseRule(raw: unknown): Rule {
  const id = idText(raw, 'id') ?? ''
  const endpointId = idText(raw, 'properties', 'dataCollectionEndpointId')
  const immutableId = text(raw, 'properties', 'immutableId')
  const changed = parseChanged(raw)
  const streams = list(raw, 'properties', 'dataFlows').flatMap((flow) => list(flow, 'streams'))
  const destinations = field(raw, 'properties', 'destinations')
  return {
    id,
    name: text(raw, 'name') ?? nameOf(id),
    location: normalLocation(text(raw, 'location') ?? ''),
    ...(endpointId === undefined ? {} : { endpointId }),
    streams: sortedTexts(streams),
    logDestinations: sortedTexts(
      list(destinations, 'logAnalytics').map((d) => idText(d, 'workspaceResourceId')),
    ),
    metricsDestinations: sortedTexts(
      list(destinations, 'monitoringAccounts').map((d) => idText(d, 'accountResourceId')),
    ),
    ...(isObject(field(destinations, 'azureMonitorMetrics')) && { sendsCustomMetrics: true }),
    ...(immutableId === undefined ? {} : { immutableId }),
    ...(changed === undefined ? {} : { changed }),
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function sortedTexts(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((v) => typeof v === 'string'))].toSorted(compareText)
}

/**
 * An association of a resource with a rule or endpoint; `undefined` if the id isn't an
 * association's.
 */
export function parseAssociation(raw: unknown): ConfigurationAssociation | undefined {
  const id = idText(raw, 'id') ?? ''
  const match =
    /^(.+)\/providers\/microsoft\.insights\/datacollectionruleassociations\/[^/]+$/i.exec(id)
  const target = match?.[1]
  if (target === undefined) return undefined
  const endpointId = idText(raw, 'properties', 'dataCollectionEndpointId')
  const ruleId = idText(raw, 'properties', 'dataCollectionRuleId')
  const description = text(raw, 'properties', 'description')
  const changed = parseChanged(raw)
  return {
    id,
    target,
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(ruleId === undefined ? {} : { ruleId }),
    ...(description === undefined ? {} : { description }),
    ...(changed === undefined ? {} : { changed }),
  }
}

/**
 * True for a target's configuration association. Azure returns its name in any case (recordings,
 * quirk 1).
 */
export function isConfigurationAssociation(association: ConfigurationAssociation): boolean {
  return nameOf(association.id).toLowerCase() === configurationAssociation.toLowerCase()
}

/** A scoped resource of a private link scope. Without a state, it counts as Succeeded. */
export function parseLink(raw: unknown): Link {
  const id = idText(raw, 'id') ?? ''
  const changed = parseChanged(raw)
  return {
    id,
    name: text(raw, 'name') ?? nameOf(id),
    linkedResourceId: idText(raw, 'properties', 'linkedResourceId') ?? '',
    provisioningState: text(raw, 'properties', 'provisioningState') ?? 'Succeeded',
    ...(changed === undefined ? {} : { changed }),
  }
}

/** A private link scope; old ones have no modes. If only one mode is present, the other is Open. */
export function parseScope(raw: unknown): Scope {
  const settings = field(raw, 'properties', 'accessModeSettings')
  const ingestion = parseMode(text(settings, 'ingestionAccessMode'))
  const query = parseMode(text(settings, 'queryAccessMode'))
  const changed = parseChanged(raw)
  return {
    id: idText(raw, 'id') ?? '',
    provisioningState: text(raw, 'properties', 'provisioningState') ?? 'Succeeded',
    ...(ingestion === undefined && query === undefined
      ? {}
      : { modes: { ingestion: ingestion ?? 'Open', query: query ?? 'Open' } }),
    ...(changed === undefined ? {} : { changed }),
  }
}

function parseMode(value: string | undefined): AccessMode | undefined {
  const known: readonly AccessMode[] = ['Open', 'PrivateOnly']
  return known.find((k) => k.toLowerCase() === value?.toLowerCase())
}

/** A private endpoint connection, with its private endpoint if that could be read. */
export function parsePrivateEndpoint(connection: unknown, endpoint: unknown): PrivateEndpoint {
  const id = idText(connection, 'properties', 'privateEndpoint', 'id')
  const status = text(connection, 'properties', 'privateLinkServiceConnectionState', 'status')
  return {
    connection: text(connection, 'name') ?? nameOf(idText(connection, 'id') ?? ''),
    ...(id === undefined ? {} : { id }),
    approved: status?.toLowerCase() === 'approved',
    ...(status === undefined ? {} : { status }),
    staticAddresses: list(endpoint, 'properties', 'ipConfigurations').length > 0,
    ...(endpoint === undefined ? {} : parseWhereabouts(endpoint)),
  }
}

function parseWhereabouts(endpoint: unknown): Partial<PrivateEndpoint> {
  const subnet = idText(endpoint, 'properties', 'subnet', 'id')
  const interfaces = list(endpoint, 'properties', 'networkInterfaces')
  const fixed = list(endpoint, 'properties', 'ipConfigurations')
  const configs = list(endpoint, 'properties', 'customDnsConfigs')
  return {
    ...(subnet === undefined ? {} : { subnet }),
    interfaces: interfaces.flatMap((one) => idText(one, 'id') ?? []),
    ownAddresses: sortedTexts([
      ...fixed.map((one) => text(one, 'properties', 'privateIPAddress')),
      ...configs.flatMap((one) => list(one, 'ipAddresses')),
    ]),
  }
}

/** An Azure Monitor workspace; `defaultIngestionSettings` may be missing (recordings, quirk 24). */
export function parseMonitorWorkspace(raw: unknown): MonitorWorkspace {
  const id = idText(raw, 'id') ?? ''
  const settings = field(raw, 'properties', 'defaultIngestionSettings')
  const endpointId = idText(settings, 'dataCollectionEndpointResourceId')
  const ruleId = idText(settings, 'dataCollectionRuleResourceId')
  const publicNetworkAccess = text(raw, 'properties', 'publicNetworkAccess')
  const queryEndpoint = text(raw, 'properties', 'metrics', 'prometheusQueryEndpoint')
  return {
    id,
    name: text(raw, 'name') ?? nameOf(id),
    location: normalLocation(text(raw, 'location') ?? ''),
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(ruleId === undefined ? {} : { ruleId }),
    ...(publicNetworkAccess === undefined ? {} : { publicNetworkAccess }),
    hasQueryPrivateEndpoint: list(raw, 'properties', 'privateEndpointConnections').some(
      isQueryConnection,
    ),
    ...(queryEndpoint === undefined ? {} : { queryEndpoint }),
  }
}

function isQueryConnection(connection: unknown): boolean {
  const status = text(connection, 'properties', 'privateLinkServiceConnectionState', 'status')
  const groups = list(connection, 'properties', 'groupIds')
  const forQueries =
    groups.length === 0 ||
    groups.some((g) => typeof g === 'string' && g.toLowerCase() === 'prometheusmetrics')
  return status?.toLowerCase() === 'approved' && forQueries
}

/** A Log Analytics workspace. */
export function parseLogWorkspace(raw: unknown): LogWorkspace {
  const id = idText(raw, 'id') ?? ''
  const customerId = text(raw, 'properties', 'customerId')
  const forIngestion = text(raw, 'properties', 'publicNetworkAccessForIngestion')
  const forQuery = text(raw, 'properties', 'publicNetworkAccessForQuery')
  return {
    id,
    name: text(raw, 'name') ?? nameOf(id),
    location: normalLocation(text(raw, 'location') ?? ''),
    ...(customerId === undefined ? {} : { customerId }),
    ...(forIngestion === undefined ? {} : { publicNetworkAccessForIngestion: forIngestion }),
    ...(forQuery === undefined ? {} : { publicNetworkAccessForQuery: forQuery }),
  }
}

/** Who last changed an object, if Azure reports it. */
export function parseChanged(raw: unknown): ChangedBy | undefined {
  const data = asObject(field(raw, 'systemData'))
  const by = text(data, 'lastModifiedBy')
  if (by === undefined) return undefined
  const type = text(data, 'lastModifiedByType')
  const at = text(data, 'lastModifiedAt')
  return { by, ...(type === undefined ? {} : { type }), ...(at === undefined ? {} : { at }) }
}

export { parseTarget } from './parseTarget.ts'
