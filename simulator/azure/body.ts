import { normalLocation } from '../../src/resources/id.ts'
import { gatewayError, providerError, refuse } from './answers.ts'
import { at, isObject, type JsonObject } from './json.ts'
import { parseArmPath } from './path.ts'
import type { Call, ResourceCall } from './state.ts'
import type { StoredResource } from './store.ts'

/** Reads a request's JSON body; no body is an empty object if the method needs none. */
export function readBody(method: string, text: string): JsonObject {
  if (text === '' && method !== 'PUT' && method !== 'PATCH') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return refuseContent(error instanceof Error ? error.message : String(error))
  }
  if (!isObject(value)) return refuseContent('Expected a JSON object.')
  if (value['properties'] !== undefined && !isObject(value['properties'])) {
    return refuseContent("Expected an object. Path 'properties'.")
  }
  return value
}

/** The location of a tracked resource: required, normalised, and never changed by a PUT. */
export function requiredLocation(call: ResourceCall, before: StoredResource | undefined): string {
  const location = call.body['location']
  if (typeof location !== 'string' || location === '') {
    return refuse(
      gatewayError(
        400,
        'LocationRequired',
        'The location property is required for this definition.',
      ),
    )
  }
  const wanted = normalLocation(location)
  const present = normalLocation(before?.location ?? location)
  if (present !== wanted) {
    refuse(
      gatewayError(
        409,
        'InvalidResourceLocation',
        `The resource '${call.path.name}' already exists in location '${present}' in resource group '${call.path.resourceGroup}'. A resource with the same name cannot be created in location '${wanted}'. Please select a new resource name.`,
      ),
    )
  }
  return wanted
}

/** The tags of a body, all strings; `undefined` when none were sent. */
export function tagsOf(body: JsonObject): Readonly<Record<string, string>> | undefined {
  const tags = body['tags']
  if (tags === undefined || tags === null) return undefined
  if (!isObject(tags)) return refuseContent("Expected an object. Path 'tags'.")
  for (const [name, value] of Object.entries(tags)) {
    if (typeof value !== 'string') refuseContent(`Expected a string. Path 'tags.${name}'.`)
  }
  return tags as Readonly<Record<string, string>>
}

/** Refuses a value outside its enumeration; an absent value is fine. */
export function requireOneOf(
  call: Call,
  keys: readonly string[],
  allowed: readonly string[],
): string | undefined {
  const value = at(call.body, ...keys)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') {
    const known = allowed.find((one) => one.toLowerCase() === value.toLowerCase())
    if (known !== undefined) return known
  }
  const path = keys.join('.')
  return refusePayload(
    `'${path}' has the value '${JSON.stringify(value)}', which is not one of: ${allowed.join(', ')}.`,
    path,
  )
}

/** A string of a body, or absent; refuses anything else. */
export function optionalText(call: Call, ...keys: readonly string[]): string | undefined {
  const value = at(call.body, ...keys)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  return refuseContent(`Expected a string. Path '${keys.join('.')}'.`)
}

/** An id inside a body; refuses one that isn't a full id, as Resource Manager does. */
export function optionalId(call: Call, ...keys: readonly string[]): string | undefined {
  const id = optionalText(call, ...keys)
  if (id === undefined) return undefined
  const path = parseArmPath(id)
  if (id.startsWith('/') && (path?.kind === 'resource' || path?.kind === 'subscription')) {
    return path.id
  }
  return refuse(
    gatewayError(
      400,
      'LinkedInvalidPropertyId',
      `Property id '${id}' at path '${keys.join('.')}' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
    ),
  )
}

/** 400 for a body that is valid JSON but invalid. */
export function refusePayload(message: string, target?: string): never {
  refuse(providerError(400, 'InvalidPayload', message, target === undefined ? {} : { target }))
}

/** 400 for a body that isn't valid JSON. */
function refuseContent(reason: string): never {
  refuse(
    gatewayError(
      400,
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: '${reason}'.`,
    ),
  )
}
