import { createHash } from 'node:crypto'

/**
 * A resource id of Azure Resource Manager, taken apart.
 *
 * Azure writes ids in varying case (`resourceGroups`, `resourcegroups`, lower-cased provider
 * paths), so `text` is only for showing and for requests, and `key` is what is compared.
 */
export interface ResourceId {
  /** As it was written, with one leading slash and none at the end. */
  readonly text: string
  /** `text` in lower case: two ids name one resource when their keys are equal. */
  readonly key: string
  readonly subscription: string
  readonly resourceGroup: string
  /** Provider and type in lower case: `microsoft.compute/virtualmachines`. */
  readonly type: string
  /** The resource's own name, as it was written. */
  readonly name: string
}

const shape =
  /^\/subscriptions\/([^/\s]+)\/resourcegroups\/([^/]+)\/providers\/([^/\s]+)\/((?:[^/]+\/[^/]+)(?:\/[^/]+\/[^/]+)*)$/i

/** Takes a full resource id apart; `undefined` when it isn't one. A missing leading slash is fine. */
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

/** Builds an id from its parts; `type` in the case it is to be written, `Microsoft.Insights/dataCollectionEndpoints`. */
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

/** What ids are compared and looked up by: lower case, one leading slash, no trailing or doubled ones. */
export function idKey(id: string): string {
  return tidyId(id).toLowerCase()
}

/** True when both name the same resource, whatever their case. */
export function sameId(a: string, b: string): boolean {
  return idKey(a) === idKey(b)
}

/** The last segment of an id, as written. */
export function nameOf(id: string): string {
  const tidy = tidyId(id)
  return tidy.slice(tidy.lastIndexOf('/') + 1)
}

/** Azure's locations come as `West Europe` and as `westeurope`; this is the second. */
export function normalLocation(location: string): string {
  return location.replace(/\s/g, '').toLowerCase()
}

/** Hexadecimal digits of the sha256 of a text in UTF-8. */
export function sha256Hex(text: string, digits = 64): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, digits)
}

/** Compares texts by code unit: the same order on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** An id as it is shown and sent: with one leading slash and none at the end. */
export function tidyId(id: string): string {
  return isTidy(id) ? id : `/${id.trim()}`.replace(/\/{2,}/g, '/').replace(/\/$/, '')
}

/** Nearly every id is; a plan of ten thousand targets asks a million times. */
function isTidy(id: string): boolean {
  const end = id.charCodeAt(id.length - 1)
  const isPlainEnd = (end > 47 && end < 128) || end === 45
  return isPlainEnd && id.startsWith('/') && !id.includes('//')
}
