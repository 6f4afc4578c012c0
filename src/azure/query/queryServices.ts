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

/** One question to a query service. */
export interface QueryRequest {
  readonly service: QueryService
  readonly url: string
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded'
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** What is being tried, for errors. */
  readonly what: string
}

export interface QueryAnswer {
  readonly status: number
  readonly text: string
  /** The service's own clock: milliseconds since the epoch, where it told. */
  readonly date?: number
}

/**
 * Asks a query service and gives whatever it answered, refusals too.
 *
 * @throws AzureError when there was no answer, or nothing may be sent there
 */
export type AskQuery = (request: QueryRequest) => Promise<QueryAnswer>

/** A query may take a minute (`Prefer: wait=60`); what fails for a moment is tried again for three. */
const retries: RetryLimits = { tries: 4, total: 180_000, firstDelay: 1000 }
const tryMs = 75_000

/**
 * The way to the query services: the pipeline of the Resource Manager with tokens, a pace and a guard of
 * their own. Each service has tokens for its own audience, which are asked for at its first question.
 */
export function connectQueries(
  services: QueryServices,
  {
    surroundings,
    tokensAnew,
    count,
  }: {
    readonly surroundings: Surroundings
    readonly tokensAnew: () => TokenSource
    readonly count: () => void
  },
): AskQuery {
  const client = guardedQueries(surroundings.httpClient, services, count)
  const pipelines = new Map<QueryService, Pipeline>()
  const pipelineFor = (service: QueryService): Pipeline => {
    const pipeline =
      pipelines.get(service) ?? queryPipeline(service, services, surroundings, tokensAnew())
    pipelines.set(service, pipeline)
    return pipeline
  }
  return async (request) => {
    // Before a token is asked for: nothing at all is done for a foreign host.
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
  // Every question only reads.
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
