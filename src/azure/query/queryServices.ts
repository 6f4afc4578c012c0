import type { HttpClient, Pipeline } from '@azure/core-rest-pipeline'
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline'
import { asAzureError } from '../errors/azureFailure.ts'
import type { QueryServices } from '../http/cloud.ts'
import type { RetryLimits } from '../http/retry.ts'
import type { TokenSource } from '../http/tokens.ts'
import type { Surroundings } from '../http/transport.ts'
import { plainPipeline, tokenPolicy } from '../http/transport.ts'
import { guardedQueries, refuseForeignQuery, type QueryService } from './queryGuard.ts'
import { queryPace } from './queryPace.ts'

/** One request to a query service. */
export interface QueryRequest {
  readonly service: QueryService
  readonly url: string
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded'
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** What the request does, for errors. */
  readonly what: string
}

export interface QueryAnswer {
  readonly status: number
  readonly text: string
  /** The service's clock, in milliseconds since the epoch, if it sent a date. */
  readonly date?: number
}

/**
 * Sends a query and returns any answer, including refusals.
 *
 * @throws AzureError if there was no answer, or the host is not allowed
 */
export type AskQuery = (request: QueryRequest) => Promise<QueryAnswer>

/**
 * A query may take a minute (`Prefer: wait=60`); transient failures are retried for three minutes.
 */
const retries: RetryLimits = { tries: 4, total: 180_000, firstDelay: 1000 }
const tryMs = 75_000

/**
 * Connects to the query services: the Resource Manager's pipeline with separate tokens, pacing and
 * guard. Each service has tokens for its own audience, requested at its first query.
 */
export function connectQueries(
  services: QueryServices,
  {
    surroundings,
    newTokens,
    count,
  }: {
    readonly surroundings: Surroundings
    readonly newTokens: () => TokenSource
    readonly count: () => void
  },
): AskQuery {
  const client = guardedQueries(surroundings.httpClient, services, count)
  const pipelines = new Map<QueryService, Pipeline>()
  const pipelineFor = (service: QueryService): Pipeline => {
    const pipeline =
      pipelines.get(service) ?? queryPipeline(service, services, surroundings, newTokens())
    pipelines.set(service, pipeline)
    return pipeline
  }
  return async (request) => {
    // Checked before requesting a token: for a foreign host, nothing is done at all.
    refuseForeignQuery(request.service, 'POST', request.url, services)
    return await send(request, pipelineFor(request.service), client)
  }
}

function queryPipeline(
  service: QueryService,
  services: QueryServices,
  surroundings: Surroundings,
  tokens: TokenSource,
): Pipeline {
  const refuse = (url: string) => refuseForeignQuery(service, 'POST', url, services)
  // Every query only reads, so it may be repeated.
  const limits = { retries, timeout: () => tryMs, mayRepeat: () => true }
  const pipeline = plainPipeline(refuse, limits, surroundings)
  const scope = services[service]?.scope ?? services.metrics.scope
  pipeline.addPolicy(queryPace(surroundings.clock), { afterPhase: 'Retry' })
  pipeline.addPolicy(tokenPolicy(scope, tokens), { phase: 'Sign' })
  return pipeline
}

async function send(
  { url, body, contentType, headers, what }: QueryRequest,
  pipeline: Pipeline,
  client: HttpClient,
): Promise<QueryAnswer> {
  const request = createPipelineRequest({
    url,
    method: 'POST',
    body,
    headers: createHttpHeaders({
      accept: 'application/json',
      'content-type': contentType,
      ...headers,
    }),
  })
  try {
    const response = await pipeline.sendRequest(client, request)
    const date = Date.parse(response.headers.get('date') ?? '')
    return {
      status: response.status,
      text: response.bodyAsText ?? '',
      ...(Number.isNaN(date) ? {} : { date }),
    }
  } catch (error) {
    throw asAzureError(error, what)
  }
}
