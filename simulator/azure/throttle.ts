import type { Principal } from '../entra/tokens.ts'
import { gatewayError, refuse } from './answers.ts'
import type { Knobs } from './knobs.ts'

type OperationClass = 'reads' | 'writes' | 'deletes'

/** The published token buckets: size and refill per second (facts, section 2.2). */
const published: Readonly<Record<OperationClass, { size: number; refill: number }>> = {
  reads: { size: 250, refill: 25 },
  writes: { size: 200, refill: 10 },
  deletes: { size: 200, refill: 10 },
}

/** The header values of 2026 far from any limit (quirk 17). */
const recorded: Readonly<Record<OperationClass, { own: number; global: number }>> = {
  reads: { own: 1099, global: 16499 },
  writes: { own: 799, global: 11999 },
  deletes: { own: 799, global: 11999 },
}

/** The providers' own limits on writes per minute, by type (quirk 17); a knob sets that of associations. */
const providerWrites: Readonly<Record<string, number>> = {
  'microsoft.insights/datacollectionendpoints': 60,
}
const associations = 'microsoft.insights/datacollectionruleassociations'

/** Token buckets of Resource Manager and of the providers. */
export class Throttle {
  readonly #knobs: Knobs
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(knobs: Knobs) {
    this.#knobs = knobs
  }

  /** Takes one token for a request and returns the rest, or refuses with 429 and `Retry-After`. */
  take(
    request: { method: string; subscription: string; type: string },
    principal: Principal,
  ): Record<string, string> {
    const operation = classOf(request.method)
    const level = request.subscription === '' ? 'tenant' : 'subscription'
    const isProviders = request.method === 'PUT' || request.method === 'PATCH'
    const providerLimit = isProviders ? this.#providerLimit(request.type) : undefined
    const isCounting = this.#knobs.throttle === 'published'
    const scope = `${request.subscription} ${operation}`
    const { size, refill } = published[operation]
    const own = isCounting
      ? this.#spend(`${scope} ${principal.clientId}`, size, refill, () =>
          subscriptionThrottled(operation, request.subscription, principal),
        )
      : recorded[operation].own
    const global = isCounting
      ? this.#spend(scope, 15 * size, 15 * refill, () =>
          subscriptionThrottled(operation, request.subscription, principal),
        )
      : recorded[operation].global
    if (providerLimit !== undefined) {
      const left = isCounting
        ? this.#spend(`${scope} ${request.type}`, providerLimit, providerLimit / 60, () => ({
            code: 'ResourceRequestsThrottled',
            message: `Number of requests for action '${request.type}/write' exceeded the limit of '${providerLimit}' for time interval '00:01:00'.`,
          }))
        : providerLimit - 1
      return { 'x-ms-ratelimit-remaining-subscription-resource-requests': String(left) }
    }
    return {
      [`x-ms-ratelimit-remaining-${level}-${operation}`]: String(own),
      [`x-ms-ratelimit-remaining-${level}-global-${operation}`]: String(global),
    }
  }

  #providerLimit(type: string): number | undefined {
    return type === associations ? this.#knobs.associationWrites : providerWrites[type]
  }

  /** Takes one token and returns the rest; throws the 429 when the bucket is empty. */
  #spend(
    key: string,
    size: number,
    refill: number,
    refusal: () => { code: string; message: string },
  ): number {
    const now = Date.now()
    const bucket = this.#buckets.get(key) ?? { tokens: size, at: now }
    const tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * refill)
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
    if (tokens >= 1) return Math.floor(tokens - 1)
    const seconds = Math.max(1, Math.ceil((1 - tokens) / refill))
    const { code, message } = refusal()
    const refused = gatewayError(
      429,
      code,
      `${message} Please try again after '${seconds}' seconds.`,
    )
    return refuse({
      ...refused,
      headers: { ...refused.headers, 'retry-after': String(seconds) },
    })
  }
}

function subscriptionThrottled(
  operation: OperationClass,
  subscription: string,
  principal: Principal,
): { code: string; message: string } {
  return {
    code: 'SubscriptionRequestsThrottled',
    message: `Number of '${operation}' for subscription '${subscription}' actor '${principal.objectId}' exceeded.`,
  }
}

function classOf(method: string): OperationClass {
  if (method === 'DELETE') return 'deletes'
  return method === 'GET' || method === 'HEAD' || method === 'POST' ? 'reads' : 'writes'
}
