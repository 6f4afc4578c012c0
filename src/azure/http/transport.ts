import type { TokenCredential } from '@azure/core-auth'
import {
  bearerTokenAuthenticationPolicy,
  createPipelineFromOptions,
  defaultRetryPolicy,
  type HttpClient,
  type Pipeline,
  type PipelinePolicy,
  type PipelineRequest,
  redirectPolicyName,
} from '@azure/core-rest-pipeline'
import { attemptsOf, correlationIdOf, recordAttempts } from './attempts.ts'
import type { Clock } from './clock.ts'
import type { Cloud } from './cloud.ts'
import { type PaceLimits, pacePolicy } from './pace.ts'
import { ownRedirectPolicy, refusalPolicy } from './redirect.ts'
import { type RetryLimits, transientRetryPolicy } from './retry.ts'
import type { TokenSource } from './tokens.ts'
import { type TryTimeout, tryTimeoutPolicy } from './tryTimeout.ts'
import { userAgentPrefix } from './userAgent.ts'
import { ownOrigin } from './writeGuard.ts'

/** The parts of a connection that tests replace: HTTP client, clock, randomness. */
export interface Surroundings {
  readonly httpClient: HttpClient
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly log: (line: string) => void
  /** Aborted when no time is left: every request and wait ends with an AbortError. */
  readonly giveUp?: AbortSignal
}

/** Time limits of one request. */
export interface RequestLimits {
  readonly retries: RetryLimits
  readonly timeout: TryTimeout
  /** Whether a request may be repeated, if that isn't clear from its method. */
  readonly mayRepeat?: (request: PipelineRequest) => boolean
}

/**
 * The pipeline of all requests to the Resource Manager, ours and the SDK's.
 *
 * From the outside in: retry, pace, add the token, follow own redirects, time out a try. The token
 * is added after the waits, because it could expire during them. The guarded client behind the
 * pipeline decides what may be sent at all.
 */
export function armPipeline(
  cloud: Cloud,
  tokens: TokenSource,
  limits: RequestLimits & { readonly pace: PaceLimits },
  surroundings: Surroundings,
): Pipeline {
  const pipeline = plainPipeline(ownOrigin(cloud.resourceManager), limits, surroundings)
  pipeline.addPolicy(pacePolicy(surroundings.clock, limits.pace), { afterPhase: 'Retry' })
  pipeline.addPolicy(tokenPolicy(cloud.scope, tokens), { phase: 'Sign' })
  return pipeline
}

/**
 * The pipeline without token and pacing, for requests before the sign-in.
 *
 * @param refuse throws for a URL that this pipeline must not send to
 */
export function plainPipeline(
  refuse: (url: string) => void,
  { retries, timeout, mayRepeat }: RequestLimits,
  surroundings: Surroundings,
): Pipeline {
  const pipeline = createPipelineFromOptions({ userAgentOptions: { userAgentPrefix } })
  pipeline.removePolicy({ name: defaultRetryPolicy().name })
  pipeline.removePolicy({ name: redirectPolicyName })
  if (surroundings.giveUp) pipeline.addPolicy(giveUpPolicy(surroundings.giveUp))
  pipeline.addPolicy(refusalPolicy(refuse))
  const retrying = { ...surroundings, ...(mayRepeat === undefined ? {} : { mayRepeat }) }
  pipeline.addPolicy(transientRetryPolicy(retries, retrying), { phase: 'Retry' })
  pipeline.addPolicy(rememberAnswerPolicy(), { afterPhase: 'Retry' })
  pipeline.addPolicy(ownRedirectPolicy(), { afterPhase: 'Sign' })
  pipeline.addPolicy(tryTimeoutPolicy(timeout), { afterPhase: 'Sign' })
  return pipeline
}

/** Outermost, so that it also ends the waits between tries. */
function giveUpPolicy(signal: AbortSignal): PipelinePolicy {
  return {
    name: 'giveUpPolicy',
    async sendRequest(request, next) {
      request.abortSignal ??= signal
      return await next(request)
    },
  }
}

/** Adds the shared token; a rejected token is renewed once. */
export function tokenPolicy(scope: string, tokens: TokenSource): PipelinePolicy {
  const put = async (request: { headers: { set(name: string, value: string): void } }) => {
    const { token } = await tokens.getToken(scope)
    request.headers.set('Authorization', `Bearer ${token}`)
  }
  const credential: TokenCredential = tokens
  return bearerTokenAuthenticationPolicy({
    credential,
    scopes: scope,
    challengeCallbacks: {
      authorizeRequest: ({ request }) => put(request),
      async authorizeRequestOnChallenge({ request }) {
        tokens.reject((request.headers.get('Authorization') ?? '').replace(/^Bearer /, ''))
        await put(request)
        return true
      },
    },
  })
}

/**
 * Keeps the last raw answer of 400 or more, because the SDK's errors drop bodies that it has no
 * model for.
 */
function rememberAnswerPolicy(): PipelinePolicy {
  return {
    name: 'rememberAnswerPolicy',
    async sendRequest(request, next) {
      const response = await next(request)
      if (response.status >= 400) {
        const { headers, status, bodyAsText } = response
        recordAttempts(request, {
          ...(attemptsOf(request) ?? { tries: 1, elapsed: 0 }),
          answer: {
            method: request.method,
            url: request.url,
            status,
            text: bodyAsText ?? '',
            correlationId: correlationIdOf(headers),
          },
        })
      }
      return response
    },
  }
}
