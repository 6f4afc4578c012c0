import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'
import {
  type Bucket,
  learningBucket,
  quotaWindow,
  type Ticket,
  tokenBucket,
  type TokenBucketSize,
} from './bucket.ts'
import type { Clock } from './clock.ts'
import { head, readErrorBody } from './errorBody.ts'
import { type Gate, gate } from './gate.ts'
import { type RequestClass, requestClass } from './requestClass.ts'
import { clockTime, waitAsked } from './waits.ts'

/** Azure's rate limits for one principal. */
export interface PaceLimits {
  /** Per subscription; the tenant level has its own set. */
  readonly subscription: Readonly<Record<'reads' | 'writes' | 'deletes', TokenBucketSize>>
  readonly resourceGraph: { readonly queries: number; readonly milliseconds: number }
  /** Concurrent reads and queries; callers limit the writes. */
  readonly readsInFlight: number
}

/** Published by Microsoft, "Understand how Azure Resource Manager throttles requests" (facts 2.2, 2.3). */
export const publishedLimits: PaceLimits = {
  subscription: {
    reads: { capacity: 250, perSecond: 25 },
    writes: { capacity: 200, perSecond: 10 },
    deletes: { capacity: 200, perSecond: 10 },
  },
  resourceGraph: { queries: 15, milliseconds: 5000 },
  readsInFlight: 32,
}

/** Initial counts in the recorded answers (quirk 17); unrecorded types have at least 60. */
const providerCapacity: Readonly<Record<string, number>> = {
  'microsoft.insights/datacollectionendpoints writes': 60,
  'microsoft.insights/datacollectionruleassociations writes': 300,
}

/**
 * Sends at Azure's rate instead of running into 429s: a token bucket per subscription and class,
 * the provider's own limit as reported by its answers, and Resource Graph's quota. A 429 pauses all
 * requests under the same limit for as long as it says.
 */
export function pacePolicy(clock: Clock, limits: PaceLimits = publishedLimits): PipelinePolicy {
  const allowanceOf = allowances(clock, limits)
  const reading = gate(limits.readsInFlight)
  return {
    name: 'pacePolicy',
    async sendRequest(request, next) {
      const lane = laneOf(request)
      const { own, provider, inFlight, first } = allowanceOf(lane)
      const isRead = lane.kind === 'reads' || lane.kind === 'queries'
      const send = async () => {
        const tickets = [
          await own.take(request.abortSignal),
          await provider?.take(request.abortSignal),
        ] as const
        const leave = isRead ? await reading.enter(request.abortSignal) : undefined
        try {
          const response = await next(request)
          learn(response, lane.kind, tickets)
          if (response.status === 429) holdUp(response, own, provider, clock)
          return response
        } finally {
          leave?.()
        }
      }
      // A request with a ticket is always sent, so no more tickets are given out than requests may
      // be in flight: an answer may report that little is left.
      const leaveLane = await inFlight.enter(request.abortSignal)
      try {
        return await first(send)
      } finally {
        leaveLane()
      }
    },
  }
}

type Lane = {
  readonly kind: RequestClass
  /** A subscription's id, or `tenant`. */
  readonly subscription: string
  /** `microsoft.insights/datacollectionendpoints`; absent for paths without a provider. */
  readonly type: string | undefined
}

/** The limits that apply to a request, from its URL. */
function laneOf(request: PipelineRequest): Lane {
  const path = new URL(request.url).pathname.toLowerCase()
  const subscription = /^\/+subscriptions\/([^/]+)/.exec(path)?.[1] ?? 'tenant'
  const provider = path.split('/providers/').at(-1)?.split('/') ?? []
  const types = provider.slice(1).filter((_, index) => index % 2 === 0)
  const type = path.includes('/providers/') ? [provider[0], ...types].join('/') : undefined
  return { kind: requestClass(request.method, request.url), subscription, type }
}

/** The limits of one lane. */
interface Allowance {
  readonly own: Bucket
  readonly provider: Bucket | undefined
  /** Limits the requests in flight under `own`. */
  readonly inFlight: Gate
  readonly first: <T>(send: () => Promise<T>) => Promise<T>
}

/** The limits by lane, created on first use. */
function allowances(clock: Clock, limits: PaceLimits): (lane: Lane) => Allowance {
  const owns = new Map<string, Omit<Allowance, 'provider'>>()
  const providers = new Map<string, Bucket>()
  const find = <T>(shelf: Map<string, T>, key: string, make: () => T): T => {
    const found = shelf.get(key) ?? make()
    shelf.set(key, found)
    return found
  }
  return ({ kind, subscription, type }) => {
    if (kind === 'queries') {
      const make = () => quotaWindow(limits.resourceGraph, clock)
      const own = find(owns, 'queries', () => ({
        own: make(),
        inFlight: gate(Infinity),
        first: (send) => send(),
      }))
      return { ...own, provider: undefined }
    }
    const own = find(owns, `${subscription} ${kind}`, () => ({
      own: tokenBucket(limits.subscription[kind], clock),
      inFlight: gate(limits.readsInFlight),
      first: firstAlone(clock),
    }))
    if (type === undefined) return { ...own, provider: undefined }
    const least = providerCapacity[`${type} ${kind}`] ?? 60
    const make = () => learningBucket(least, clock)
    return { ...own, provider: find(providers, `${subscription} ${type} ${kind}`, make) }
  }
}

/** How long other requests wait at most for the first answer, in milliseconds. */
const firstAnswer = 1000

/**
 * Sends one request alone, and the others once it was answered: right after another run the limit
 * may be used up, which only an answer shows.
 */
function firstAlone(clock: Clock): Allowance['first'] {
  let known: Promise<unknown> | undefined
  return async (send) => {
    if (known !== undefined) {
      await known
      return await send()
    }
    const late = new AbortController()
    const sent = send().finally(() => late.abort())
    known = clock.sleep(firstAnswer, late.signal).catch(() => undefined)
    return await sent
  }
}

const providerHeader = 'x-ms-ratelimit-remaining-subscription-resource-requests'

/** Updates each limit with the remaining count from the answer. */
function learn(
  { headers }: PipelineResponse,
  kind: RequestClass,
  [own, provider]: readonly [Ticket, Ticket | undefined],
): void {
  if (kind === 'queries') {
    const left = count(headers.get('x-ms-user-quota-remaining'))
    if (left !== undefined) own.learn(left, clockTime(headers.get('x-ms-user-quota-resets-after')))
    return
  }
  const scopes = ['subscription', 'subscription-global', 'tenant']
  const lefts = scopes
    .map((scope) => count(headers.get(`x-ms-ratelimit-remaining-${scope}-${kind}`)))
    .filter((left) => left !== undefined)
  if (lefts.length > 0) own.learn(Math.min(...lefts))
  const left = count(headers.get(providerHeader))
  if (left !== undefined) provider?.learn(left)
}

/** A lock held by another operation also gives a 429 (quirk 26), which is not throttling. */
const lockCodes = /^RetryableError/i

/** The pause in milliseconds if Azure doesn't say how long. */
const shortPause = 2000

function holdUp(
  response: PipelineResponse,
  own: Bucket,
  provider: Bucket | undefined,
  clock: Clock,
): void {
  const text = head(response.bodyAsText ?? '')
  const { code = '' } = readErrorBody(text)
  if (lockCodes.test(code) || /exclusive lock/i.test(text)) return
  const ofProvider = response.headers.has(providerHeader) || code === 'ResourceRequestsThrottled'
  const bucket = ofProvider ? (provider ?? own) : own
  bucket.pauseUntil(clock.now() + (waitAsked(response, clock.now()) ?? shortPause))
}

function count(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined
}
