import {
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  type RestError,
  retryPolicy,
  type RetryStrategy,
} from '@azure/core-rest-pipeline'
import { attemptsOf, recordAttempts } from './attempts.ts'
import type { Clock } from './clock.ts'
import { readErrorBody } from './errorBody.ts'
import { networkFailure } from './network.ts'
import { isResourceGraph } from './requestClass.ts'
import { waitAsked } from './waits.ts'

/** Limits for retries. */
export interface RetryLimits {
  readonly tries: number
  /** No further try starts after this many milliseconds, including waits that Azure asks for. */
  readonly total: number
  /** Milliseconds before the second try; doubled for each further one. */
  readonly firstDelay: number
}

/** Five tries within five minutes: a `Retry-After: 293` was recorded (quirk 26). */
export const armRetries: RetryLimits = { tries: 5, total: 300_000, firstDelay: 1000 }

/** The sign-in service answers within seconds or is down. */
export const signInRetries: RetryLimits = { tries: 5, total: 60_000, firstDelay: 1000 }

export interface RetrySurroundings {
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly log: (line: string) => void
  /** Whether a request may be repeated; by default everything but a POST that isn't a query. */
  readonly mayRepeat?: (request: PipelineRequest) => boolean
}

/**
 * Retries transient failures: 408, 429, 500, 502, 503, 504, a lost connection, no answer. Waits as
 * long as Azure asks, else exponentially with jitter, and counts the tries for the error.
 */
export function transientRetryPolicy(
  limits: RetryLimits,
  surroundings: RetrySurroundings,
): PipelinePolicy {
  const { clock } = surroundings
  const mayRepeat = surroundings.mayRepeat ?? isRepeatable
  return {
    name: 'transientRetryPolicy',
    async sendRequest(request, next) {
      const began = clock.now()
      const note = (more: object) =>
        recordAttempts(request, {
          ...(attemptsOf(request) ?? { tries: 0 }),
          elapsed: clock.now() - began,
          ...more,
        })
      let tries = 0
      const counted = async (again: PipelineRequest) => {
        tries += 1
        note({ tries })
        return await next(again)
      }
      const strategy = transientStrategy(request, began, limits, surroundings, note)
      const inner = retryPolicy(mayRepeat(request) ? [strategy] : [], {
        maxRetries: limits.tries - 1,
      })
      try {
        return await inner.sendRequest(request, counted)
      } finally {
        note({})
      }
    },
  }
}

function transientStrategy(
  request: PipelineRequest,
  began: number,
  limits: RetryLimits,
  { clock, random, log }: RetrySurroundings,
  note: (more: object) => void,
): RetryStrategy {
  return {
    name: 'transient',
    retry({ retryCount, response, responseError }) {
      const answer = response ?? responseError?.response
      if (!(answer ? isTransient(answer) : isLostConnection(responseError, request)))
        return { skipStrategy: true }
      const now = clock.now()
      const asked = answer && waitAsked(answer, now)
      const wait =
        asked !== undefined && asked > 0
          ? asked + random() * 250
          : limits.firstDelay * 2 ** retryCount * (0.5 + random() / 2)
      if (now - began + wait > limits.total) {
        if (asked !== undefined && asked > 0) note({ refusedWait: asked })
        return { skipStrategy: true }
      }
      if (wait >= 5000) log(waiting(request, answer, wait, retryCount + 2, limits.tries))
      return { retryAfterInMs: wait }
    },
  }
}

function waiting(
  request: PipelineRequest,
  answer: PipelineResponse | undefined,
  wait: number,
  nth: number,
  tries: number,
): string {
  const what = answer ? `answered ${answer.status}` : 'did not answer'
  const path = new URL(request.url).pathname
  return `Azure ${what} to ${request.method} ${path}: try ${nth} of at most ${tries} in ${Math.round(wait / 1000)} s.`
}

const transientStatuses = new Set([408, 429, 500, 502, 503, 504])
// Recorded with status 502 and 503 (arm-errors/502.json): a refusal disguised as a failure.
const finalCodes = new Set(['authorizationfailed', 'linkedauthorizationfailed', 'forbidden'])

function isTransient(answer: PipelineResponse): boolean {
  if (!transientStatuses.has(answer.status)) return false
  if (answer.status === 429) return true
  const code = readErrorBody(answer.bodyAsText ?? '').code
  return code === undefined || !finalCodes.has(code.toLowerCase())
}

function isLostConnection(error: RestError | undefined, request: PipelineRequest): boolean {
  return networkFailure(error, request.url)?.transient ?? false
}

/** Every write contains the complete object, so repeating it does no harm. */
function isRepeatable(request: PipelineRequest): boolean {
  return request.method !== 'POST' || isResourceGraph(request.url)
}
