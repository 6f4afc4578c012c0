import { MonitorClient } from '@azure/arm-monitor'
import { createServer } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jest } from '@jest/globals'
import {
  createDefaultHttpClient,
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline'
import { generate } from 'selfsigned'
import { type Arm, createArm } from '../../../src/azure/arm.ts'
import { abortError, systemClock } from '../../../src/azure/http/clock.ts'
import type { Cloud } from '../../../src/azure/http/cloud.ts'
import { guardedClient } from '../../../src/azure/http/writeGuard.ts'
import { publishedLimits } from '../../../src/azure/http/pace.ts'
import { connectQueries } from '../../../src/azure/query/queryServices.ts'
import { armRetries } from '../../../src/azure/http/retry.ts'
import { type TokenSource, tokenSource } from '../../../src/azure/http/tokens.ts'
import { armPipeline } from '../../../src/azure/http/transport.ts'
import { armTimeout } from '../../../src/azure/http/tryTimeout.ts'

/** An answer of a fake Azure: a status with headers and body, a broken connection, or nothing. */
export type Reply =
  | {
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: unknown
      readonly ms?: number
    }
  | { readonly breaks: string }
  | 'hangs'

export interface Sent {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly userAgent: string | undefined
  readonly requestId: string | undefined
  readonly at: number
}

/** An HTTP client that answers from a function and records requests. */
export function fakeWire(reply: (sent: Sent, nth: number) => Reply): {
  readonly httpClient: HttpClient
  readonly sent: Sent[]
} {
  const sent: Sent[] = []
  const sendRequest: HttpClient['sendRequest'] = async (request) => {
    const one = seen(request)
    sent.push(one)
    const answer = reply(one, sent.length)
    if (answer === 'hangs') return await untilAborted(request)
    if ('breaks' in answer) throw new RestError(answer.breaks, { code: answer.breaks, request })
    if (answer.ms !== undefined) await systemClock.sleep(answer.ms)
    const { status, headers = {}, body } = answer
    return {
      request,
      status,
      headers: createHttpHeaders(headers),
      bodyAsText: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    }
  }
  return { httpClient: { sendRequest }, sent }
}

function seen({ method, url, headers }: PipelineRequest): Sent {
  return {
    method,
    url,
    authorization: headers.get('authorization'),
    userAgent: headers.get('user-agent'),
    requestId: headers.get('x-ms-client-request-id'),
    at: Date.now(),
  }
}

function untilAborted(request: PipelineRequest): Promise<never> {
  return new Promise((_, reject) => {
    request.abortSignal?.addEventListener('abort', () => reject(abortError()))
  })
}

export const publicCloud: Cloud = {
  name: 'AzureCloud',
  resourceManager: 'https://management.azure.com',
  authority: 'https://login.microsoftonline.com',
  scope: 'https://management.azure.com/.default',
  custom: false,
  queries: {
    logs: { address: 'https://api.loganalytics.io', scope: 'https://api.loganalytics.io/.default' },
    metrics: {
      host: 'prometheus.monitor.azure.com',
      scope: 'https://prometheus.monitor.azure.com/.default',
    },
  },
}

/** An Arm over a fake HTTP client, with numbered tokens. */
export function fakeArm(
  reply: (sent: Sent, nth: number) => Reply,
  options: {
    readonly writes?: 'refused' | 'allowed'
    readonly tokens?: TokenSource
    /** One per query service. */
    readonly newTokens?: () => TokenSource
    readonly log?: (line: string) => void
  } = {},
): { readonly arm: Arm; readonly sent: Sent[] } {
  const wire = fakeWire(reply)
  const counts = { reads: 0, queries: 0, writes: 0, deletes: 0, signIns: 0, telemetry: 0 }
  const log = options.log ?? (() => undefined)
  const surroundings = { httpClient: wire.httpClient, clock: systemClock, random: () => 0, log }
  const tokens = options.tokens ?? numberedTokens()
  const limits = { retries: armRetries, timeout: armTimeout, pace: publishedLimits }
  const arm = createArm({
    MonitorClient,
    cloud: publicCloud,
    counts,
    tokens,
    pipeline: armPipeline(publicCloud, tokens, limits, surroundings),
    httpClient: guardedClient(wire.httpClient, {
      origin: publicCloud.resourceManager,
      writes: options.writes ?? 'allowed',
      count: (kind) => (counts[kind] += 1),
    }),
    ask: connectQueries(publicCloud.queries, {
      surroundings,
      newTokens: () => options.newTokens?.() ?? numberedTokens(),
      count: () => (counts.telemetry += 1),
    }),
  })
  return { arm, sent: wire.sent }
}

export function numberedTokens(): TokenSource {
  let made = 0
  return tokenSource(
    () => ({
      getToken: () => {
        made += 1
        return Promise.resolve({
          token: `token-${made}`,
          expiresOnTimestamp: Date.now() + 3_600_000,
        })
      },
    }),
    systemClock,
  )
}

/** Waits for a promise while fake timers run as fast as possible. */
export async function inFakeTime<T>(promise: Promise<T>): Promise<T> {
  const state = { done: false }
  const end = () => {
    state.done = true
  }
  promise.then(end, end)
  for (let step = 0; step < 100_000; step += 1) {
    await jest.advanceTimersByTimeAsync(0)
    if (state.done) break
    await jest.advanceTimersToNextTimerAsync()
  }
  return await promise
}

/** The error that a promise rejects with; fails the test if it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it was expected to fail, and did not')
}

export interface LocalAzure {
  readonly url: string
  /** A client that trusts the server's certificate. */
  readonly httpClient: HttpClient
  readonly requests: { readonly method: string; readonly url: string; readonly body: string }[]
  close(): Promise<void>
}

let made: ReturnType<typeof generate> | undefined

/** One certificate for all servers of a test file: creating one takes longer than most tests. */
function certificate(): ReturnType<typeof generate> {
  made ??= generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  return made
}

/** A server over real TLS with its own certificate. */
export async function localAzure(
  answer: (request: {
    readonly method: string
    readonly url: string
    readonly body: string
    readonly headers: IncomingMessage['headers']
  }) => {
    readonly status: number
    readonly body?: unknown
    readonly headers?: Record<string, string>
  },
): Promise<LocalAzure> {
  const pem = await certificate()
  const requests: LocalAzure['requests'] = []
  const server = createServer({ key: pem.private, cert: pem.cert }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const body = Buffer.concat(chunks).toString('utf8')
      requests.push({ method, url, body })
      const reply = answer({ method, url, body, headers })
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {})
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      response.end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  const inner = createDefaultHttpClient()
  return {
    url: `https://localhost:${port}`,
    requests,
    httpClient: {
      sendRequest(request) {
        request.tlsSettings = { ca: pem.cert }
        request.disableKeepAlive = true
        return inner.sendRequest(request)
      },
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
