import type { Answer } from '../http.ts'
import { answer, gatewayError } from './answers.ts'
import type { JsonObject } from './json.ts'
import type { ResourcePath } from './path.ts'
import { presentFields, type View } from './present.ts'
import type { Call, ResourceCall } from './state.ts'
import type { StoredResource } from './store.ts'

/** The behaviour of one resource type, as far as it differs from others. */
export interface Kind {
  /** As Azure registers it: `Microsoft.Insights/dataCollectionEndpoints`. */
  readonly type: string
  readonly apiVersions: readonly string[]
  /** The value of `api-supported-versions`, if the provider sends it (quirk 17). */
  readonly supportedVersions?: readonly string[]
  /** How a list ends: `nextLink` null, null only below a group with entries, absent, or the whole list unpaged. */
  readonly lastPage: 'null' | 'null-below-group' | 'omitted' | 'unpaged'
  /** The resource as a GET shows it. */
  readonly present: (resource: StoredResource, view: View) => JsonObject
  /** As a list shows it, if that differs. */
  readonly presentInList?: (resource: StoredResource, view: View) => JsonObject
  /** The answer of GET for a missing resource. */
  readonly notFound: (path: ResourcePath) => Answer
  /** The answer of an instance GET, if it isn't a stored resource. */
  readonly get?: (call: ResourceCall) => Answer
  /** The entries of a list, if they aren't simply the stored resources of the type below the holder. */
  readonly list?: (call: Call) => readonly StoredResource[]
  readonly put?: (call: ResourceCall) => Answer
  readonly patch?: (call: ResourceCall) => Answer
  readonly delete?: (call: ResourceCall) => Answer
  /** Resource Graph's table; absent for `resources`, empty for types that are in no table. */
  readonly graphTable?: string
}

/** The gateway's 404 (quirk 12). */
export function gatewayNotFound(path: ResourcePath): Answer {
  return gatewayError(
    404,
    'ResourceNotFound',
    `The Resource '${path.namespace}/${typeAndNames(path)}' under resource group '${path.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  )
}

/** The gateway's 404 for a child of a missing parent. */
export function parentNotFound(call: Call, parent: string): Answer {
  const operations: Readonly<Record<string, string>> = {
    PUT: 'write',
    PATCH: 'write',
    DELETE: 'delete',
  }
  const operation = operations[call.request.method] ?? 'read'
  return gatewayError(
    404,
    'ParentResourceNotFound',
    `Failed to perform '${operation}' on resource(s) of type '${call.path.typePath}', because the parent resource '${parent}' could not be found.`,
  )
}

/** A 404 from the provider itself, without a message (quirk 12). */
export function silentNotFound(): Answer {
  return {
    status: 404,
    headers: { 'x-servicefabric': 'ResourceNotFound' },
    body: { error: { code: 'ResourceNotFound' } },
  }
}

/** A 404 without a body (quirk 12). */
export function emptyNotFound(): Answer {
  return answer(404)
}

/** A read-only type: shown as seeded. */
export function readOnlyKind(
  type: string,
  apiVersions: readonly string[],
  differences: Partial<Kind> = {},
): Kind {
  return {
    type,
    apiVersions,
    lastPage: 'omitted',
    present: (resource) =>
      presentFields(resource, {
        type,
        properties: { provisioningState: 'Succeeded', ...resource.properties },
      }),
    notFound: gatewayNotFound,
    graphTable: 'resources',
    ...differences,
  }
}

/** `dataCollectionEndpoints/x` or `privateLinkScopes/x/scopedResources/y`. */
function typeAndNames(path: ResourcePath): string {
  const marker = path.id.toLowerCase().lastIndexOf('/providers/')
  return path.id.slice(marker + `/providers/${path.namespace}/`.length)
}
