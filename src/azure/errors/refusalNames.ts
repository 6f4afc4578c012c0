import type { Refusal } from './refusal.ts'

/** Which principal lacks which actions on which scopes, as far as Azure's message says. */
export interface Missing {
  /** Object id of the principal, if given. */
  readonly principal: string | undefined
  readonly actions: readonly string[]
  readonly scopes: readonly string[]
}

/**
 * Parses the message of `AuthorizationFailed` and `LinkedAuthorizationFailed` (recorded in
 * ../shared/traffic/arm-errors/403.json). In the latter, the first action is the one that the
 * client has, the last the one that it lacks.
 */
export function missingPermission(message: string): Missing {
  const actions = quoted(message, /perform action(?:s|\(s\))?\s+'([^']*)'/gi)
  const scopes = quoted(
    message,
    /(?:over|on)\s+(?:the\s+)?(?:linked\s+)?scopes?(?:\(s\))?\s+'([^']*)'/gi,
  )
  const principal = /object id '([^']*)'/i.exec(message)?.[1]
  return { principal, actions: parts(actions.at(-1)), scopes: parts(scopes.at(-1)) }
}

/** The current tenant, and the subscription of another tenant that a linked id points to. */
export function foreignSubscription(
  message: string,
): { readonly tenant: string; readonly subscription: string } | undefined {
  const match =
    /current tenant '([^']*)' is not authorized to access linked subscription '([^']*)'/i.exec(
      message,
    )
  return match ? { tenant: match[1] ?? '', subscription: match[2] ?? '' } : undefined
}

/** The assignment and definition of the refusing policy, by name and id. */
export function refusingPolicy(refusal: Refusal): string | undefined {
  const found = refusal.info.flatMap((info) => [
    policyPart('assignment', info, 'policyAssignment'),
    policyPart('definition', info, 'policyDefinition'),
  ])
  const named = found.filter((part) => part !== undefined)
  if (named.length > 0) return [...new Set(named)].join(', ')
  return policyInWords([refusal.message, ...refusal.details.map((d) => d.message)].join('\n'))
}

function policyPart(
  word: string,
  info: Readonly<Record<string, unknown>>,
  prefix: string,
): string | undefined {
  const name = [`${prefix}DisplayName`, `${prefix}Name`]
    .map((key) => info[key])
    .find((value) => typeof value === 'string' && value !== '')
  const id = info[`${prefix}Id`]
  if (typeof name !== 'string') return typeof id === 'string' ? `${word} ${id}` : undefined
  return typeof id === 'string' ? `${word} "${name}", ${id}` : `${word} "${name}"`
}

/** `Policy identifiers: '[{"policyAssignment":{"name":"…","id":"…"},"policyDefinition":{…}}]'`. */
function policyInWords(message: string): string | undefined {
  const part = (key: string, word: string) => {
    const object = new RegExp(`"${key}"\\s*:\\s*\\{([^}]*)\\}`).exec(message)?.[1]
    if (object === undefined) return undefined
    const name = /"name"\s*:\s*"([^"]*)"/.exec(object)?.[1]
    const id = /"id"\s*:\s*"([^"]*)"/.exec(object)?.[1]
    return [`${word}${name === undefined ? '' : ` "${name}"`}`, id].filter(Boolean).join(', ')
  }
  const named = [part('policyAssignment', 'assignment'), part('policyDefinition', 'definition')]
  const found = named.filter((p) => p !== undefined)
  return found.length === 0 ? undefined : found.join(', ')
}

/** The locked scopes: "… because following scope(s) are locked: '/subscriptions/…'". */
export function lockedScopes(message: string): readonly string[] {
  return parts(/locked:\s*'([^']*)'/i.exec(message)?.[1])
}

/** The resource provider namespace that the subscription lacks. */
export function unregisteredNamespace(message: string): string | undefined {
  return /namespace '([^']*)'/i.exec(message)?.[1]
}

/** The subscription in a request's URL. */
export function subscriptionOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /\/subscriptions\/([^/?]+)/i.exec(url)?.[1]
}

function quoted(message: string, pattern: RegExp): string[] {
  return [...message.matchAll(pattern)].map((match) => match[1] ?? '')
}

function parts(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
