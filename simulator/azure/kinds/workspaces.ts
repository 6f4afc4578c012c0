import type { Answer } from '../../http.ts'
import { answer } from '../answers.ts'
import { type JsonObject, objectAt } from '../json.ts'
import { type Kind, readOnlyKind, silentNotFound } from '../kind.ts'
import { normalLocation } from '../../../src/resources/id.ts'
import { presentFields, presentLinks, shortHash, type View } from '../present.ts'
import type { ResourceCall } from '../state.ts'
import { guidFor, type StoredResource } from '../store.ts'
import { commitDelete } from '../write.ts'
import { queryPath } from '../../telemetry/queryPath.ts'
import { refuseWhileLinked } from './links.ts'

const logAnalytics = [
  ...['2015-11-01-preview', '2020-03-01-preview', '2020-08-01', '2020-10-01', '2021-06-01'],
  ...['2021-12-01-preview', '2022-10-01', '2023-09-01', '2025-02-01', '2025-07-01'],
]
const components = ['2015-05-01', '2018-05-01-preview', '2020-02-02']
const monitor = [
  ...['2021-06-03-preview', '2023-04-03', '2023-10-01-preview', '2025-05-03-preview'],
  ...['2025-10-03-preview', '2025-10-03'],
]

const connections = 'microsoft.monitor/accounts/privateendpointconnections'

/** The destinations of telemetry: Log Analytics and Azure Monitor workspaces, Application Insights. */
export const workspaceKinds: readonly Kind[] = [
  readOnlyKind('Microsoft.OperationalInsights/workspaces', logAnalytics, {
    present: presentLogWorkspace,
    delete: deleteLinkable,
  }),
  readOnlyKind('Microsoft.Insights/components', components, {
    present: (resource) =>
      presentFields(resource, {
        type: 'microsoft.insights/components',
        properties: { provisioningState: 'Succeeded', ...resource.properties },
      }),
    delete: deleteLinkable,
  }),
  readOnlyKind('Microsoft.Monitor/accounts', monitor, {
    supportedVersions: monitor,
    lastPage: 'null',
    present: presentMonitorAccount,
  }),
  readOnlyKind('Microsoft.Monitor/accounts/privateEndpointConnections', monitor, {
    supportedVersions: monitor,
    lastPage: 'null',
    present: presentMonitorConnection,
    notFound: silentNotFound,
    graphTable: '',
  }),
]

/** The fields that the service adds, by version, as recorded. */
function presentLogWorkspace(resource: StoredResource, view: View): JsonObject {
  const { path, properties, systemData } = resource
  const { apiVersion } = view
  const isOld = apiVersion <= '2020-08-01'
  const { createdAt, lastModifiedAt } = systemData
  return presentFields(resource, {
    id: isOld ? lowerAsBefore2021(path.id) : path.id,
    type: 'Microsoft.OperationalInsights/workspaces',
    properties: {
      ...(isOld ? { source: 'Azure' } : {}),
      customerId: guidFor(`customer ${path.key}`),
      provisioningState: 'Succeeded',
      retentionInDays: 30,
      publicNetworkAccessForIngestion: 'Enabled',
      publicNetworkAccessForQuery: 'Enabled',
      ...(apiVersion === '2020-03-01-preview'
        ? {}
        : { createdDate: createdAt, modifiedDate: lastModifiedAt }),
      ...properties,
      sku: {
        name: 'PerGB2018',
        ...(apiVersion === '2020-08-01' ? { maxCapacityReservationLevel: 3000 } : {}),
        lastSkuUpdate: createdAt,
        ...objectAt(properties, 'sku'),
      },
      features: {
        legacy: 0,
        searchVersion: 1,
        enableLogAccessUsingOnlyResourcePermissions: true,
        ...objectAt(properties, 'features'),
      },
      workspaceCapping: {
        dailyQuotaGb: -1,
        quotaNextResetTime: createdAt,
        dataIngestionStatus: 'RespectQuota',
        ...objectAt(properties, 'workspaceCapping'),
      },
      ...presentLinks(resource, view.store),
    },
  })
}

/** `/resourcegroups/` and the provider path in lower case, names kept (quirk 5). */
function lowerAsBefore2021(id: string): string {
  return id
    .replace(/\/resourceGroups\//i, '/resourcegroups/')
    .replace(/Microsoft\.OperationalInsights/i, 'microsoft.operationalinsights')
}

function presentMonitorAccount(resource: StoredResource, view: View): JsonObject {
  const { path } = resource
  const region = normalLocation(resource.location ?? '')
  const account = guidFor(`account ${path.key}`)
  const host = `${path.name.toLowerCase()}-${shortHash(`${path.key} query ${resource.generation}`)}`
  const connected = view.store
    .members(connections, path.key)
    .map((connection) => presentMonitorConnection(connection))
  return presentFields(resource, {
    id: path.key,
    type: 'Microsoft.Monitor/accounts',
    stamped: true,
    properties: {
      accountId: account,
      metrics: {
        prometheusQueryEndpoint:
          view.queryOrigin === undefined
            ? `https://${host}.${region}.prometheus.monitor.azure.com`
            : `${view.queryOrigin}${queryPath(resource)}`,
        internalId: `mac_${account}`,
      },
      provisioningState: 'Succeeded',
      ...automaticIngestion(resource, view),
      publicNetworkAccess: 'Enabled',
      ...(connected.length === 0 ? {} : { privateEndpointConnections: connected }),
      ...resource.properties,
    },
  })
}

/** The endpoint and rule of the managed resource group, if they exist (quirks 3 and 24). */
function automaticIngestion({ path, location }: StoredResource, view: View): JsonObject {
  const region = normalLocation(location ?? '')
  const group = `/subscriptions/${path.subscription}/resourceGroups/MA_${path.name}_${region}_managed`
  const id = (type: string): string =>
    `${group}/providers/Microsoft.Insights/${type}/${path.name.toLowerCase()}`
  const rule = id('dataCollectionRules')
  const endpoint = id('dataCollectionEndpoints')
  const settings = {
    ...(view.store.get(rule.toLowerCase()) ? { dataCollectionRuleResourceId: rule } : {}),
    ...(view.store.get(endpoint.toLowerCase())
      ? { dataCollectionEndpointResourceId: endpoint }
      : {}),
  }
  return Object.keys(settings).length === 0 ? {} : { defaultIngestionSettings: settings }
}

function presentMonitorConnection(resource: StoredResource): JsonObject {
  const state = objectAt(resource.properties, 'privateLinkServiceConnectionState')
  return presentFields(resource, {
    id: `${resource.path.holder}/privateEndpointConnections/${resource.path.name}`,
    type: 'Microsoft.Monitor/accounts/privateEndpointConnections',
    properties: {
      provisioningState: 'Succeeded',
      groupIds: ['prometheusMetrics'],
      ...resource.properties,
      privateLinkServiceConnectionState: { actionsRequired: 'None', ...state },
    },
  })
}

function deleteLinkable(call: ResourceCall): Answer {
  const resource = call.azure.store.get(call.path.key)
  if (!resource) return answer(204)
  refuseWhileLinked(call, resource)
  commitDelete(call, resource)
  return answer(200)
}
