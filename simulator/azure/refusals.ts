import type { Answer, SimulatedRequest } from '../http.ts'
import { gatewayError, providerError, refuse } from './answers.ts'
import type { Kind } from './kind.ts'
import type { Kinds } from './kinds.ts'
import type { CollectionPath, ResourcePath } from './path.ts'
import type { Call } from './state.ts'

/** The api-version of a request; without one it is refused. */
export function requiredVersion(request: SimulatedRequest): string {
  const version = request.query.get('api-version')
  if (version !== null && version !== '') return version.toLowerCase()
  return refuse(
    gatewayError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    ),
  )
}

/** As recorded for requests that Resource Manager or a tenant-level provider answers. */
export function requireVersion(version: string, supported: readonly string[]): void {
  if (supported.includes(version)) return
  refuse(
    providerError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The supported versions are '${supported.join(',')}'.`,
    ),
  )
}

/** As recorded for a registered type in an unsupported version. */
export function requireProviderVersion(kind: Kind, { azure, path, apiVersion }: Call): void {
  if (kind.apiVersions.includes(apiVersion)) return
  const location = azure.store.get(path.key)?.location ?? 'westeurope'
  refuse(
    gatewayError(
      400,
      'NoRegisteredProviderFound',
      `No registered resource provider found for location '${location}' and API version '${apiVersion}' for type '${path.typePath}'. The supported api-versions are '${kind.apiVersions.join(', ')}'. The supported locations are ', ${location}'.`,
    ),
  )
}

/** 404 for an unsupported namespace or type. */
export function unknownType(
  kinds: Kinds,
  path: ResourcePath | CollectionPath,
  version: string,
): Answer {
  const prefix = `${path.namespace.toLowerCase()}/`
  const isKnown = [...kinds.keys()].some((type) => type.startsWith(prefix))
  return isKnown
    ? gatewayError(
        404,
        'InvalidResourceType',
        `The resource type '${path.typePath}' could not be found in the namespace '${path.namespace}' for api version '${version}'.`,
      )
    : gatewayError(
        404,
        'InvalidResourceNamespace',
        `The resource namespace '${path.namespace}' is invalid.`,
      )
}

/** 404 for a path that isn't a Resource Manager path. */
export function unknownPath(request: SimulatedRequest): Answer {
  return gatewayError(404, 'NotFound', `There is nothing at '${request.path}'.`)
}

/** 405 for a method that a type doesn't support. */
export function noSuchMethod(request: SimulatedRequest): Answer {
  return providerError(
    405,
    'MethodNotAllowed',
    `The requested resource does not support http method '${request.method}'.`,
  )
}

/** Decodes a path; refuses an invalid encoding. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    return refuse(gatewayError(400, 'BadRequest', `The path '${path}' is not valid.`))
  }
}
