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
import { attemptsOf, correlationIdOf, noteAttempts } from './attempts.ts'
import type { Clock } from './clock.ts'
import type { Cloud } from './cloud.ts'
import { type PaceLimits, pacePolicy } from './pace.ts'
import { ownRedirectPolicy, refusalPolicy } from './redirect.ts'
import { type RetryLimits, transientRetryPolicy } from './retry.ts'
import type { TokenSource } from './tokens.ts'
import { type TryTimeout, tryTimeoutPolicy } from './tryTimeout.ts'
import { userAgentPrefix } from './userAgent.ts'
import { ownOrigin } from './writeGuard.ts'

/** What the connection is made of that a test replaces: the wire, the clock, chance. */
export interface Surroundings {
  readonly httpClient: HttpClient
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly log: (line: string) => void
  /** Given when no time is left: every request and every wait ends with an AbortError. */
  readonly giveUp?: AbortSignal
}

/** How long one request is given. */
export interface RequestLimits {
  readonly retries: RetryLimits
  readonly timeout: TryTimeout
  /** Whether a request may be sent twice, where that isn't plain from its method. */
  readonly mayRepeat?: (request: PipelineRequest) => boolean
}

/**
 * The pipeline that every request to the Resource Manager goes through, ours and the SDK's.
 *
 * From the outside in: try again, keep pace, put the token on, follow own redirects, end a try that
 * hangs. The token is put on after the waiting, for it may have run out by then. What may be sent
 * at all is not decided here but behind the pipeline, in the guarded client.
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
 * The same without token and pace, for what is asked before anyone is signed in.
 *
 * @param refuse throws for an address that this pipeline sends nothing to
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

/** Outermost, so that it ends the waits before the next try as well. */
function giveUpPolicy(signal: AbortSignal): PipelinePolicy {
  return {
    name: 'giveUpPolicy',
    async sendRequest(request, next) {
      request.abortSignal ??= signal
      return await next(request)
    },
  }
}

/** Puts the one shared token on; a token that is refused is renewed once. */
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

/** Keeps the last answer of 400 or more as it came: the SDK's errors drop bodies it has no model for. */
function rememberAnswerPolicy(): PipelinePolicy {
  return {
    name: 'rememberAnswerPolicy',
    async sendRequest(request, next) {
      const response = await next(request)
      if (response.status >= 400) {
        const { headers, status, bodyAsText } = response
        noteAttempts(request, {
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
