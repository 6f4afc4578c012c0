import type { Answer } from '../../http.ts'
import { answer, providerError, refuse } from '../answers.ts'
import { optionalText, refusePayload, requiredLocation, requireOneOf, tagsOf } from '../body.ts'
import { defined, isObject, type JsonObject } from '../json.ts'
import { gatewayNotFound, type Kind } from '../kind.ts'
import { normalLocation } from '../../../src/resources/id.ts'
import type { Knobs } from '../knobs.ts'
import { presentFields, presentLinks, shortHash, type View, viewOf } from '../present.ts'
import type { ResourceCall } from '../state.ts'
import { guidFor, type StoredResource } from '../store.ts'
import { commitDelete, commitWrite } from '../write.ts'
import { refuseWhileLinked } from './links.ts'

const type = 'Microsoft.Insights/dataCollectionEndpoints'
export const collectionVersions: readonly string[] = [
  ...['2021-04-01', '2021-09-01-preview', '2022-06-01', '2023-03-11', '2024-03-11'],
]

/** Data collection endpoints: written at once; deletes are refused while something uses them. */
export const dataCollectionEndpoints: Kind = {
  type,
  apiVersions: collectionVersions,
  supportedVersions: collectionVersions,
  lastPage: 'null',
  present: presentEndpoint,
  notFound: gatewayNotFound,
  put: putEndpoint,
  patch: patchEndpoint,
  delete: deleteEndpoint,
  graphTable: 'resources',
}

/** The documented and the possible restrictions on names (facts, sections 1.1 and 10). */
const names: Readonly<Record<Knobs['endpointNames'], RegExp>> = {
  lenient: /^[a-z0-9](?:[a-z0-9-]{0,42}[a-z0-9])?$/i,
  usual: /^[a-z0-9][a-z0-9-]{1,42}[a-z0-9]$/i,
  strict: /^[a-z][a-z0-9-]{1,42}[a-z0-9]$/i,
}

/** Fields that the service sets; a PUT can't change or remove them. */
const serviceOwned = [
  ...['immutableId', 'configurationAccess', 'logsIngestion', 'metricsIngestion'],
  ...['provisioningState', 'failoverConfiguration', 'metadata'],
]

function presentEndpoint(resource: StoredResource, view: View): JsonObject {
  const { path, generation, properties } = resource
  const region = normalLocation(resource.location ?? '')
  const host = `https://${path.name.toLowerCase()}-${shortHash(`${path.key} ${generation}`)}.${region}-1`
  const canary = region.endsWith('euap') ? '.canary' : ''
  const isRecent = view.apiVersion >= '2022-06-01'
  const { description, networkAcls, ...others } = properties
  return presentFields(resource, {
    type,
    stamped: true,
    properties: defined({
      description,
      immutableId: `dce-${guidFor(`${path.key} ${generation}`).replaceAll('-', '')}`,
      configurationAccess: { endpoint: `${host}.handler${canary}.control.monitor.azure.com` },
      logsIngestion: { endpoint: `${host}${canary}.ingest.monitor.azure.com` },
      metricsIngestion: isRecent
        ? { endpoint: `${host}.metrics${canary}.ingest.monitor.azure.com` }
        : undefined,
      networkAcls: networkAcls ?? { publicNetworkAccess: 'Enabled' },
      provisioningState: 'Succeeded',
      ...others,
      ...(isRecent ? presentLinks(resource, view.store) : {}),
    }),
  })
}

function putEndpoint(call: ResourceCall): Answer {
  const { azure, body, path } = call
  const before = azure.store.get(path.key)
  if (!names[azure.knobs.endpointNames].test(path.name)) {
    refusePayload(
      `The name '${path.name}' is invalid. It must be 3 to 44 letters, digits and hyphens, and begin and end with a letter or digit.`,
      'name',
    )
  }
  const location = requiredLocation(call, before)
  const access = requireOneOf(
    call,
    ['properties', 'networkAcls', 'publicNetworkAccess'],
    ['Enabled', 'Disabled', 'SecuredByPerimeter'],
  )
  const stored = commitWrite(
    call,
    {
      path,
      location,
      ...withoutUndefined({
        tags: tagsOf(body),
        kind: requireOneOf(call, ['kind'], ['Linux', 'Windows']),
        identity: isObject(body['identity']) ? body['identity'] : undefined,
        sku: isObject(body['sku']) ? body['sku'] : undefined,
      }),
      properties: defined({
        description: optionalText(call, 'properties', 'description'),
        networkAcls: access === undefined ? undefined : { publicNetworkAccess: access },
        ...Object.fromEntries(serviceOwned.map((name) => [name, before?.properties[name]])),
      }),
    },
    { keepCreated: true },
  )
  return answer(before ? 200 : azure.knobs.createdStatus, presentEndpoint(stored, view(call)))
}

function patchEndpoint(call: ResourceCall): Answer {
  const before = call.azure.store.get(call.path.key)
  if (!before) return gatewayNotFound(call.path)
  const identity = call.body['identity']
  const stored = commitWrite(
    call,
    {
      ...before,
      ...withoutUndefined({
        tags: tagsOf(call.body) ?? before.tags,
        identity: isObject(identity) ? identity : before.identity,
      }),
    },
    { keepCreated: true },
  )
  return answer(200, presentEndpoint(stored, view(call)))
}

function deleteEndpoint(call: ResourceCall): Answer {
  const { store, knobs } = call.azure
  const endpoint = store.get(call.path.key)
  if (!endpoint) return answer(204)
  refuseWhileLinked(call, endpoint)
  if (knobs.endpointInUse === 'refuse') {
    const users = [
      ...store.referrers(call.path.key, 'microsoft.insights/datacollectionruleassociations'),
      ...store.referrers(call.path.key, 'microsoft.insights/datacollectionrules'),
    ]
    if (users[0]) {
      refuse(
        providerError(
          409,
          'Conflict',
          `Data collection endpoint '${endpoint.path.id}' can't be deleted: ${users.length} resource(s) refer to it, the first is '${users[0].path.id}'.`,
        ),
      )
    }
  }
  commitDelete(call, endpoint)
  return answer(200)
}

function view(call: ResourceCall): View {
  return viewOf(call.azure, call.azure.store, call.apiVersion)
}

/** Removes absent fields and keeps the types of the others. */
function withoutUndefined<T extends object>(
  value: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return defined(value as JsonObject) as { [K in keyof T]: Exclude<T[K], undefined> }
}
