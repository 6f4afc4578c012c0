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

/** How fast Azure lets one principal go. */
export interface PaceLimits {
  /** Per subscription; the tenant level has a set of its own. */
  readonly subscription: Readonly<Record<'reads' | 'writes' | 'deletes', TokenBucketSize>>
  readonly resourceGraph: { readonly queries: number; readonly milliseconds: number }
  /** Reads and queries in flight at a time; the writes are bounded by those who send them. */
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

/** Where the recorded answers start counting down (quirk 17); what isn't recorded has at least 60. */
const providerCapacity: Readonly<Record<string, number>> = {
  'microsoft.insights/datacollectionendpoints writes': 60,
  'microsoft.insights/datacollectionruleassociations writes': 300,
}

/**
 * Sends at Azure's own pace rather than into its 429s: a token bucket per subscription and class, the
 * provider's own allowance as the answers tell it, Resource Graph's quota. A 429 that comes all the
 * same holds up everybody who draws on that allowance for as long as it says.
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
      // Who holds a ticket goes: no more are given out than can be under way when an answer says that little is left.
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
  /** `microsoft.insights/datacollectionendpoints`; absent above the providers. */
  readonly type: string | undefined
}

/** Which allowances a request draws on, from its address. */
function laneOf(request: PipelineRequest): Lane {
  const path = new URL(request.url).pathname.toLowerCase()
  const subscription = /^\/+subscriptions\/([^/]+)/.exec(path)?.[1] ?? 'tenant'
  const provider = path.split('/providers/').at(-1)?.split('/') ?? []
  const types = provider.slice(1).filter((_, index) => index % 2 === 0)
  const type = path.includes('/providers/') ? [provider[0], ...types].join('/') : undefined
  return { kind: requestClass(request.method, request.url), subscription, type }
}

/** What requests of one lane have to pass. */
interface Allowance {
  readonly own: Bucket
  readonly provider: Bucket | undefined
  /** Places for those that draw on `own`. */
  readonly inFlight: Gate
  readonly first: <T>(send: () => Promise<T>) => Promise<T>
}

/** The allowances by lane, made when first needed. */
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

/** Longest that others wait for the first answer, in milliseconds. */
const firstAnswer = 1000

/**
 * Lets one request go alone and the others once it was answered: a run that comes right after another
 * finds an allowance that is used up, and only an answer tells.
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

/** Hands on what the answer says is left of each allowance. */
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

/** A lock held by another operation is answered with 429 too (quirk 26): that is no throttling. */
const lockCodes = /^RetryableError/i

/** What is held up when Azure doesn't say for how long, in milliseconds. */
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
