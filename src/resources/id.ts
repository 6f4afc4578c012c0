import { createHash } from 'node:crypto'

/**
 * A parsed resource id of Azure Resource Manager.
 *
 * Azure returns ids in varying case (`resourceGroups`, `resourcegroups`, lower-cased provider
 * paths): use `text` for display and requests, and compare by `key`.
 */
export interface ResourceId {
  /** As written, with one leading and no trailing slash. */
  readonly text: string
  /** `text` in lower case: two ids name the same resource if their keys are equal. */
  readonly key: string
  readonly subscription: string
  readonly resourceGroup: string
  /** Provider and type in lower case: `microsoft.compute/virtualmachines`. */
  readonly type: string
  /** Name of the resource, as written. */
  readonly name: string
}

const shape =
  /^\/subscriptions\/([^/\s]+)\/resourcegroups\/([^/]+)\/providers\/([^/\s]+)\/((?:[^/]+\/[^/]+)(?:\/[^/]+\/[^/]+)*)$/i

/** Parses a full resource id; `undefined` if the text isn't one. The leading slash is optional. */
export function parseResourceId(text: string): ResourceId | undefined {
  const tidy = tidyId(text)
  const match = shape.exec(tidy)
  if (!match) return undefined
  const [, subscription = '', resourceGroup = '', provider = '', rest = ''] = match
  const segments = rest.split('/')
  const types = segments.filter((_, index) => index % 2 === 0)
  return {
    text: tidy,
    key: tidy.toLowerCase(),
    subscription: subscription.toLowerCase(),
    resourceGroup,
    type: `${provider}/${types.join('/')}`.toLowerCase(),
    name: segments.at(-1) ?? '',
  }
}

/** Builds an id from its parts; pass `type` in the case to print, such as `Microsoft.Insights/dataCollectionEndpoints`. */
export function resourceId(
  subscription: string,
  resourceGroup: string,
  type: string,
  name: string,
): ResourceId {
  const text = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${type}/${name}`
  return {
    text,
    key: text.toLowerCase(),
    subscription: subscription.toLowerCase(),
    resourceGroup,
    type: type.toLowerCase(),
    name,
  }
}

/** The form by which ids are compared and looked up: lower case, one leading slash, no trailing or doubled slashes. */
export function idKey(id: string): string {
  return tidyId(id).toLowerCase()
}

/** True if both ids name the same resource; case is ignored. */
export function sameId(a: string, b: string): boolean {
  return idKey(a) === idKey(b)
}

/** The last segment of an id, as written. */
export function nameOf(id: string): string {
  const tidy = tidyId(id)
  return tidy.slice(tidy.lastIndexOf('/') + 1)
}

/** Normalises a location: Azure returns both `West Europe` and `westeurope`; this returns `westeurope`. */
export function normalLocation(location: string): string {
  return location.replace(/\s/g, '').toLowerCase()
}

/** The first hexadecimal digits of the sha256 of a text in UTF-8. */
export function sha256Hex(text: string, digits = 64): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, digits)
}

/** Compares texts by code unit, which gives the same order on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** An id for display and requests: one leading slash, no trailing or doubled slashes. */
export function tidyId(id: string): string {
  return isTidy(id) ? id : `/${id.trim()}`.replace(/\/{2,}/g, '/').replace(/\/$/, '')
}

/** Fast path: nearly every id is already tidy, and a plan of ten thousand targets checks a million. */
function isTidy(id: string): boolean {
  const end = id.charCodeAt(id.length - 1)
  const isPlainEnd = (end > 47 && end < 128) || end === 45
  return isPlainEnd && id.startsWith('/') && !id.includes('//')
}
