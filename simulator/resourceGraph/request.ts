import { NotSimulated, Refused } from './refusal.ts'
import { isBag, type Value } from './values.ts'

/** A valid body of `POST /providers/Microsoft.ResourceGraph/resources`. */
export interface QueryRequest {
  readonly query: string
  readonly subscriptions: readonly string[] | undefined
  readonly format: 'table' | 'objectArray'
  readonly top: number | undefined
  readonly skip: number | undefined
  readonly skipToken: string | undefined
}

/** Check a body against the specification (`QueryRequest`); throws `Refused`, or `NotSimulated` for management groups and facets. */
export function readRequest(body: unknown): QueryRequest {
  if (!isBag(body)) throw invalid('The request body must be a JSON object with a query.')
  const { query, subscriptions, managementGroups, facets, options = {} } = body
  if (typeof query !== 'string') throw invalid('The property query must be a string.')
  if (!isBag(options)) throw invalid('The property options must be an object.')
  if (isListed(subscriptions) && isListed(managementGroups))
    throw invalid("The properties subscriptions and managementGroups can't be used together.")
  if (isListed(managementGroups)) throw new NotSimulated('management groups')
  if (isListed(facets)) throw new NotSimulated('facets')
  oneOf(options, 'authorizationScopeFilter', scopeFilters)
  oneOf(options, 'resultFormat', ['table', 'objectArray'])
  if (![undefined, null, true, false].includes(options['allowPartialScopes'] as null))
    throw invalid('The option allowPartialScopes must be true or false.')
  return {
    query,
    subscriptions: readSubscriptions(subscriptions),
    format: options['resultFormat'] === 'objectArray' ? 'objectArray' : 'table',
    top: whole(options, '$top', 1, 1000),
    skip: whole(options, '$skip', 0, 2_147_483_647),
    skipToken: readToken(options['$skipToken']),
  }
}

const scopeFilters = [
  'AtScopeAndBelow',
  'AtScopeAndAbove',
  'AtScopeExact',
  'AtScopeAboveAndBelow',
] as const

type Bag = Readonly<Record<string, Value>>

/** A refusal of the request rather than the query; the code is ours, because no recording of such an answer exists. */
export function invalid(message: string): Refused {
  return new Refused([{ code: 'InvalidRequest', message }])
}

function isListed(value: Value): boolean {
  return Array.isArray(value) && value.length > 0
}

function readSubscriptions(value: Value): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value) || !value.every((each): each is string => typeof each === 'string'))
    throw invalid('The property subscriptions must be a list of subscription ids.')
  if (value.length > 0) return value
  const message =
    "There must be at least one subscription that is eligible to contain resources. Given: ''."
  throw new Refused([{ code: 'NoValidSubscriptionsInQueryRequest', message }])
}

function oneOf(options: Bag, name: string, values: readonly string[]): void {
  const value = options[name]
  if (value === undefined || value === null) return
  if (typeof value !== 'string' || !values.includes(value))
    throw invalid(`The option ${name} must be one of ${values.join(', ')}.`)
}

function whole(options: Bag, name: string, least: number, most: number): number | undefined {
  const value = options[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw invalid(`The option ${name} must be a whole number from ${least} to ${most}.`)
  return value
}

function readToken(value: Value): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw invalid('The option $skipToken must be a string.')
  return value
}
