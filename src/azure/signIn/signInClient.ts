import {
  createEmptyPipeline,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline'
import { signInRetries, transientRetryPolicy } from '../http/retry.ts'
import type { Surroundings } from '../http/transport.ts'
import { tryTimeoutPolicy } from '../http/tryTimeout.ts'

/** The last HTTP failure, which the SDK's sign-in errors hide (toolchain section 2). */
export type SignInFailure =
  | { readonly url: string; readonly status: number; readonly text: string }
  | { readonly url: string; readonly error: unknown }

/** The HTTP client of the sign-in, replacing the SDK's own. */
export interface SignInClient {
  readonly httpClient: HttpClient
  /** The failure of the last request, if it failed. */
  lastFailure(): SignInFailure | undefined
}

/** Milliseconds for one try: if Entra takes longer, it is down. */
const tryTime = 30_000

/**
 * Counts, limits and retries the requests of a sign-in, and records the last failure.
 *
 * @param count called for every request
 */
export function signInClient(surroundings: Surroundings, count: () => void): SignInClient {
  let failure: SignInFailure | undefined
  const pipeline = createEmptyPipeline()
  const retries = transientRetryPolicy(signInRetries, { ...surroundings, mayRepeat: () => true })
  pipeline.addPolicy(retries, { phase: 'Retry' })
  pipeline.addPolicy(
    tryTimeoutPolicy(() => tryTime),
    { afterPhase: 'Retry' },
  )
  const counting: HttpClient = {
    async sendRequest(request) {
      count()
      return await surroundings.httpClient.sendRequest(request)
    },
  }
  const sendRequest = async (request: PipelineRequest): Promise<PipelineResponse> => {
    const { url } = request
    try {
      const response = await pipeline.sendRequest(counting, request)
      const { status, bodyAsText } = response
      failure = status >= 400 ? { url, status, text: bodyAsText ?? '' } : undefined
      return response
    } catch (error) {
      failure = { url, error }
      throw error
    }
  }
  return { httpClient: { sendRequest }, lastFailure: () => failure }
}
