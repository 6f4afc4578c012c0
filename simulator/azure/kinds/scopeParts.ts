import type { Answer } from '../../http.ts'
import { answer, refuse } from '../answers.ts'
import { type JsonObject, objectAt, textAt } from '../json.ts'
import { emptyNotFound, type Kind, parentNotFound, readOnlyKind } from '../kind.ts'
import { operationResult, presentOperation } from '../operations.ts'
import { etagOf, lowerProviderPath } from '../present.ts'
import type { Call } from '../state.ts'
import { guidFor, type Store, type StoredResource } from '../store.ts'
import { scopedResourceType } from './links.ts'

export const connectionType = 'microsoft.insights/privatelinkscopes/privateendpointconnections'
const versions = ['2019-10-17-preview', '2021-07-01-preview', '2023-06-01-preview']

/** Children of a scope other than links: connections, private link resources, operations. */
export const scopeParts: readonly Kind[] = [
  {
    ...readOnlyKind('Microsoft.Insights/privateLinkScopes/privateEndpointConnections', versions),
    lastPage: 'unpaged',
    present: presentConnection,
    notFound: emptyNotFound,
    graphTable: '',
  },
  virtualKind('Microsoft.Insights/privateLinkScopes/privateLinkResources', {
    present: (scope, view) => presentGroup(scope, view.store),
    list: (call) => [requireScope(call)],
    get: (call) =>
      call.path.name.toLowerCase() === 'azuremonitor'
        ? answer(200, presentGroup(requireScope(call), call.azure.store))
        : emptyNotFound(),
  }),
  virtualKind('Microsoft.Insights/privateLinkScopeOperationStatuses', {
    get: (call) =>
      withOperation(call, (operation) => answer(200, presentOperation(call, operation))),
  }),
  virtualKind('Microsoft.Insights/privateLinkScopes/operationResults', {
    get: (call) => withOperation(call, (operation) => operationResult(call, operation)),
  }),
  virtualKind('Microsoft.Insights/privateLinkScopes/scopedResources/operationResults', {
    get: (call) => withOperation(call, (operation) => operationResult(call, operation)),
  }),
]

/** A private endpoint connection of a scope, as recorded in 2020 and 2021. */
export function presentConnection(resource: StoredResource): JsonObject {
  const { privateEndpoint, ...others } = resource.properties
  const endpoint = textAt(privateEndpoint, 'id')
  return {
    id: lowerProviderPath(resource.path.id),
    name: resource.path.name,
    type: connectionType,
    etag: etagOf(resource),
    properties: {
      provisioningState: 'Succeeded',
      ...(endpoint === undefined ? {} : { privateEndpoint: { id: lowerProviderPath(endpoint) } }),
      ...others,
      privateLinkServiceConnectionState: {
        status: 'Approved',
        description: 'Auto-Approved',
        actionsRequired: 'None',
        ...objectAt(others, 'privateLinkServiceConnectionState'),
      },
    },
  }
}

function virtualKind(type: string, handlers: Partial<Kind>): Kind {
  return { ...readOnlyKind(type, versions, { lastPage: 'null', graphTable: '' }), ...handlers }
}

/** The one group of a scope: members by workspace, zones with their prefix (quirk 16). */
function presentGroup(scope: StoredResource, store: Store): JsonObject {
  const members = store
    .members(scopedResourceType, scope.path.key)
    .map((link) => textAt(link.properties, 'linkedResourceId')?.toLowerCase() ?? '')
    .filter((linked) => linked.includes('/microsoft.operationalinsights/workspaces/'))
    .map((key) => textAt(store.get(key)?.properties, 'customerId') ?? guidFor(`customer ${key}`))
    .flatMap((customer) => [`oms-${customer}`, `ods-${customer}`, `agent-${customer}`])
  return {
    id: `${lowerProviderPath(scope.path.id)}/privatelinkresources/azuremonitor`,
    name: 'azuremonitor',
    type: 'microsoft.insights/privatelinkscopes/privatelinkresources',
    properties: {
      groupId: 'azuremonitor',
      requiredMembers: [...members, 'api', 'global.in.ai', 'profiler', 'live', 'snapshot'],
      requiredZoneNames: [
        'privatelink.monitor.azure.com',
        'privatelink.oms.opinsights.azure.com',
        'privatelink.ods.opinsights.azure.com',
        'privatelink.agentsvc.azure-automation.net',
        'privatelink.blob.core.windows.net',
      ],
    },
  }
}

function requireScope(call: Call): StoredResource {
  const scope = call.azure.store.get(call.path.holder)
  return scope ?? refuse(parentNotFound(call, call.path.id.slice(0, call.path.holder.length)))
}

function withOperation(
  call: Call & { readonly path: { readonly name?: string } },
  show: (operation: NonNullable<ReturnType<Call['azure']['operations']['get']>>) => Answer,
): Answer {
  const operation = call.azure.operations.get((call.path.name ?? '').toLowerCase())
  return operation ? show(operation) : emptyNotFound()
}
