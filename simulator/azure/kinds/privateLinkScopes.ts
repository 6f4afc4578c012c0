import type { Answer } from '../../http.ts'
import { answer, gatewayError, providerError, refuse } from '../answers.ts'
import { refusePayload, requiredLocation, requireOneOf, tagsOf } from '../body.ts'
import { at, defined, isObject, type JsonObject, objectAt, without } from '../json.ts'
import { emptyNotFound, gatewayNotFound, type Kind } from '../kind.ts'
import { accepted, requireIdleScope, scopeState, startOperation } from '../operations.ts'
import { etagOf, lowerProviderPath, scopeGuid } from '../present.ts'
import type { AzureState, ResourceCall } from '../state.ts'
import type { StoredResource } from '../store.ts'
import { commitDelete, commitWrite, committedWrite } from '../write.ts'
import { connectionType, presentConnection } from './scopeParts.ts'

export const scopeVersions: readonly string[] = [
  ...['2019-10-17-preview', '2021-07-01-preview', '2023-06-01-preview'],
]
const modes = ['Open', 'PrivateOnly']
const readOnlyProperties = ['scopeId', 'provisioningState', 'privateEndpointConnections']

/** Private link scopes of one simulated Azure: their state depends on the writes in progress. */
export function privateLinkScopes(azure: AzureState): Kind {
  const present = (scope: StoredResource, version: string): JsonObject =>
    presentScope(azure, scope, version)
  return {
    type: 'Microsoft.Insights/privateLinkScopes',
    apiVersions: scopeVersions,
    lastPage: 'null',
    present: (scope, view) => present(scope, view.apiVersion),
    notFound: (path) =>
      azure.deletedScopes.has(path.key) ? emptyNotFound() : gatewayNotFound(path),
    put: (call) => putScope(call, present),
    patch: (call) => {
      const before = azure.store.get(call.path.key)
      if (!before) return gatewayNotFound(call.path)
      requireIdleScope(azure, call.path.key)
      const tags = tagsOf(call.body) ?? before.tags ?? {}
      return answer(
        200,
        present(commitWrite(call, { ...before, tags }, { keepCreated: true }), call.apiVersion),
      )
    },
    delete: deleteScope,
    graphTable: 'resources',
  }
}

function presentScope(azure: AzureState, scope: StoredResource, version: string): JsonObject {
  const { accessModeSettings, ...others } = without(scope.properties, ...readOnlyProperties)
  const connections = azure.store.members(connectionType, scope.path.key).map(presentConnection)
  return {
    id: lowerProviderPath(scope.path.id),
    name: scope.path.name,
    type: 'microsoft.insights/privatelinkscopes',
    location: 'global',
    tags: scope.tags ?? {},
    kind: null,
    etag: etagOf(scope),
    systemData: scope.systemData,
    properties: defined({
      scopeId: scopeGuid(scope.path.key),
      provisioningState: scopeState(azure, scope.path.key),
      accessModeSettings: version < '2021-07-01' ? undefined : accessModeSettings,
      privateEndpointConnections: connections.length === 0 ? undefined : connections,
      ...others,
    }),
  }
}

function putScope(
  call: ResourceCall,
  present: (scope: StoredResource, version: string) => JsonObject,
): Answer {
  const { azure, path, body, apiVersion } = call
  const before = azure.store.get(path.key)
  const location = requiredLocation(call, before)
  if (location !== 'global') {
    refuse(
      gatewayError(
        400,
        'LocationNotAvailableForResourceType',
        `The provided location '${location}' is not available for resource type 'microsoft.insights/privateLinkScopes'. List of available regions for the resource type is 'global'.`,
      ),
    )
  }
  const accessModeSettings = apiVersion < '2021-07-01' ? modesOfOldVersion(before) : readModes(call)
  if (before) requireIdleScope(azure, path.key)
  const sent = without(objectAt(body, 'properties'), ...readOnlyProperties, 'accessModeSettings')
  const stored = commitWrite(
    call,
    {
      path,
      location,
      tags: tagsOf(body) ?? {},
      properties: defined({
        accessModeSettings,
        ...sent,
        provisioningState: before?.properties['provisioningState'],
      }),
    },
    { keepCreated: true },
  )
  azure.deletedScopes.delete(path.key)
  const shown = present(stored, apiVersion)
  if (before) return answer(200, shown)
  const properties = { ...objectAt(shown, 'properties'), privateEndpointConnections: [] }
  return answer(201, { ...shown, properties })
}

/** The version without modes creates scopes with query Open and ingestion PrivateOnly. */
function modesOfOldVersion(before: StoredResource | undefined): unknown {
  if (before) return before.properties['accessModeSettings']
  return { queryAccessMode: 'Open', ingestionAccessMode: 'PrivateOnly', exclusions: [] }
}

/** Both modes are required; the exclusions are exactly those sent. */
function readModes(call: ResourceCall): JsonObject {
  const path = ['properties', 'accessModeSettings']
  const settings = at(call.body, ...path)
  if (!isObject(settings)) {
    return refusePayload("The property 'accessModeSettings' is required.", path.join('.'))
  }
  const required = (name: string): string =>
    requireOneOf(call, [...path, name], modes) ??
    refusePayload(`The property '${name}' is required.`, [...path, name].join('.'))
  const exclusions = settings['exclusions'] ?? []
  if (!Array.isArray(exclusions) || !exclusions.every(isExclusion)) {
    refusePayload(
      `Each exclusion must name a private endpoint connection and have modes that are one of: ${modes.join(', ')}.`,
      [...path, 'exclusions'].join('.'),
    )
  }
  return {
    queryAccessMode: required('queryAccessMode'),
    ingestionAccessMode: required('ingestionAccessMode'),
    exclusions: exclusions as unknown[],
  }
}

function isExclusion(value: unknown): boolean {
  if (!isObject(value) || typeof value['privateEndpointConnectionName'] !== 'string') return false
  return ['queryAccessMode', 'ingestionAccessMode'].every(
    (name) => value[name] === undefined || modes.some((mode) => mode === value[name]),
  )
}

function deleteScope(call: ResourceCall): Answer {
  const { azure, path } = call
  const scope = azure.store.get(path.key)
  if (!scope) return answer(204)
  requireIdleScope(azure, path.key)
  const connections = azure.store.members(connectionType, path.key)
  if (connections[0]) {
    refuse(
      providerError(
        409,
        'Conflict',
        `Private link scope '${scope.path.id}' can't be deleted while it has private endpoint connections, such as '${connections[0].path.name}'.`,
      ),
    )
  }
  if (azure.knobs.lro === 'body') {
    commitDelete(call, scope)
    return answer(200)
  }
  call.commits.push(committedWrite(call, 'accepted', scope, scope))
  const operation = startOperation(call, path.key, {
    end: (ending) => {
      if (ending !== 'Succeeded') return committedWrite(call, 'finished', scope, scope)
      const ended: ResourceCall = { ...call, commits: [] }
      commitDelete(ended, scope, 'finished')
      azure.deletedScopes.add(path.key)
      return committedWrite(call, 'finished', scope, undefined)
    },
    result: () => undefined,
  })
  return accepted(call, operation)
}
