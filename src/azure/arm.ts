import type { MonitorClient } from '@azure/arm-monitor'
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type Pipeline,
  type PipelineResponse,
} from '@azure/core-rest-pipeline'
import { AzureError } from '../errors.ts'
import { attemptsOf, correlationIdOf } from './http/attempts.ts'
import { isAbort } from './http/clock.ts'
import type { Cloud } from './http/cloud.ts'
import { answerError, asAzureError } from './errors/azureFailure.ts'
import type { TokenSource } from './http/tokens.ts'
import { reportRemedy } from './http/userAgent.ts'
import type { AskQuery } from './query/queryServices.ts'

export { asAzureError } from './errors/azureFailure.ts'
export type { Cloud } from './http/cloud.ts'

/** Azure Resource Manager for one signed-in principal. */
export interface Arm {
  readonly cloud: Cloud
  /**
   * The typed SDK client of one subscription (@azure/arm-monitor 8), with the same pipeline,
   * sign-in, pacing and guard.
   */
  monitor(subscription: string): MonitorClient
  /**
   * Sends one request through the same pipeline, for what the SDK lacks or gets wrong. Statuses >=
   * 400 throw AzureError unless listed in `accept`.
   */
  send(request: ArmRequest): Promise<ArmResponse>
  /** Queries Log Analytics or an Azure Monitor workspace. */
  readonly ask: AskQuery
  /** Requests sent so far, including retries. */
  readonly counts: Counts
}

/**
 * Requests by kind; `signIns` are those to Entra and to GitHub's OIDC provider, `telemetry` those
 * to the query services.
 */
export interface Counts {
  telemetry: number
  reads: number
  queries: number
  writes: number
  deletes: number
  signIns: number
}

export interface ArmRequest {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'
  /**
   * `/subscriptions/…` as in an id, without a query; or an absolute URL from Azure (nextLink,
   * Azure-AsyncOperation).
   */
  readonly path: string
  readonly apiVersion?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Statuses of 400 and more that are not errors: `[404]`. */
  readonly accept?: readonly number[]
  /** What the request does, for errors: "read the private link scope ampls-hub". */
  readonly what: string
  readonly signal?: AbortSignal
}

export interface ArmResponse {
  readonly status: number
  readonly headers: { get(name: string): string | undefined }
  /** Parsed JSON; undefined when empty, or when an accepted error isn't JSON. */
  readonly body: unknown
  readonly text: string
}

/** Creates the Resource Manager's clients on top of one pipeline and one guarded client. */
export function createArm(parts: {
  /** The SDK's client class, loaded lazily. */
  readonly MonitorClient: typeof MonitorClient
  readonly cloud: Cloud
  readonly pipeline: Pipeline
  readonly httpClient: HttpClient
  readonly tokens: TokenSource
  readonly ask: AskQuery
  readonly counts: Counts
}): Arm {
  const { cloud, pipeline, httpClient, tokens, ask, counts } = parts
  const clients = new Map<string, MonitorClient>()
  return {
    cloud,
    ask,
    counts,
    monitor(subscription) {
      const key = subscription.toLowerCase()
      const client =
        clients.get(key) ??
        // The SDK uses a given pipeline unchanged: it adds no retries and no token.
        new parts.MonitorClient(tokens, subscription, {
          endpoint: cloud.resourceManager,
          pipeline,
          httpClient,
        })
      clients.set(key, client)
      return client
    },
    send: (request) => send(request, cloud.resourceManager, pipeline, httpClient),
  }
}

async function send(
  request: ArmRequest,
  origin: string,
  pipeline: Pipeline,
  httpClient: HttpClient,
): Promise<ArmResponse> {
  const { method, what, body, signal, accept = [] } = request
  const sent = createPipelineRequest({
    url: address(request, origin),
    method,
    headers: createHttpHeaders({
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { abortSignal: signal } : {}),
  })
  const response = await pipeline.sendRequest(httpClient, sent).catch((error: unknown) => {
    // A caller that passed a signal handles its abort itself; otherwise the job was stopped.
    throw isAbort(error) && signal !== undefined ? error : asAzureError(error, what)
  })
  const text = response.bodyAsText ?? ''
  const accepted = accept.includes(response.status)
  if (response.status >= 300 && !accepted) throw refused(response, request, sent, text)
  return {
    status: response.status,
    headers: response.headers,
    body: bodyOf(text, response, request),
    text,
  }
}

function refused(
  { status, headers }: PipelineResponse,
  { what, method }: ArmRequest,
  sent: { readonly url: string },
  text: string,
): AzureError {
  const correlationId = correlationIdOf(headers)
  const answer = { method, url: sent.url, status, text, correlationId }
  return answerError(answer, what, attemptsOf(sent))
}

/**
 * The URL of a request. Ids are not encoded yet, so characters that would end the path are escaped.
 */
function address(request: ArmRequest, origin: string): string {
  const { path, apiVersion, query = {}, what } = request
  const isAbsolute = /^https?:/i.test(path)
  if (!isAbsolute && (!path.startsWith('/') || /(?:^|[/\\])\.{1,2}(?:[/\\]|$)/.test(path)))
    throw new AzureError(`Could not ${what}: "${path}" is not a resource path`, {
      remedy: 'Correct the id in the topology file.',
    })
  const escaped = path.replace(/[%?#\\]/g, (c) => encodeURIComponent(c)).replace(/^\/+/, '/')
  const url = new URL(isAbsolute ? path : `${origin}${escaped}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  if (apiVersion !== undefined && !url.searchParams.has('api-version'))
    url.searchParams.set('api-version', apiVersion)
  return url.href
}

function bodyOf(text: string, response: PipelineResponse, request: ArmRequest): unknown {
  const json = text.replace(/^\uFEFF/, '')
  if (json.trim() === '') return undefined
  try {
    return JSON.parse(json)
  } catch (cause) {
    if (response.status >= 400) return undefined
    throw new AzureError(
      `Could not ${request.what}: Azure answered ${response.status}, but not with JSON`,
      {
        status: response.status,
        correlationId: correlationIdOf(response.headers),
        remedy: `Check whether something between the runner and Azure answers instead (a proxy, a sign-in page). ${reportRemedy}`,
        cause,
      },
    )
  }
}
