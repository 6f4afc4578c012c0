import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Azure, RecordedRequest } from './azure/azure.ts'
import type { Fault } from './azure/faults.ts'
import { ConnectionReset } from './github/github.ts'
import { type Answer, type HostPart, hostPartOf, type SimulatedRequest } from './http.ts'

/** Answers a request that no fault intercepts. */
export type Service = (
  request: SimulatedRequest,
  fault: Fault | undefined,
) => Promise<{ readonly answer: Answer; readonly principal?: { readonly clientId: string } }>

/** The services of the simulator. */
export type Services = Readonly<Record<HostPart, Service>>

/** The IPv4 and IPv6 loopback addresses. */
export type Address = '127.0.0.1' | '::1'

/** Listens on a free port with TLS. */
export async function listen(
  tls: { readonly key: string; readonly cert: string; readonly address: Address },
  azure: Azure,
  services: Services,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  let count = 0
  const server = createServer({ key: tls.key, cert: tls.cert }, (incoming, response) => {
    count += 1
    void serve(count, incoming, response, azure, services)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, tls.address, resolve)
  })
  const { port } = server.address() as AddressInfo
  return { port, close: () => closeServer(server) }
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

async function serve(
  n: number,
  incoming: IncomingMessage,
  response: ServerResponse,
  azure: Azure,
  services: Services,
): Promise<void> {
  const request = await readRequest(n, incoming)
  if (!request) return
  const host = hostPartOf(request.path)
  const record = beginRecord(azure, request, host)
  const fault = azure.faults.strike(request, host)
  const effect = fault?.do
  if (effect === 'reset-before') return void incoming.socket.destroy()
  if (effect === 'hang') return
  try {
    if (typeof effect === 'object' && 'delayMs' in effect) await sleep(effect.delayMs)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const wait = host === 'arm' ? (isRead ? azure.knobs.readMs : azure.knobs.writeMs) : 0
    if (wait > 0) await sleep(wait)
    const handled = faultAnswer(effect) ?? (await services[host](request, fault))
    endRecord(record, handled.answer, handled.principal?.clientId)
    if (effect === 'reset-after-commit') incoming.socket.destroy()
    else send(request, response, handled.answer)
  } catch (error) {
    if (error instanceof ConnectionReset) return void incoming.socket.destroy()
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const body = { error: { code: 'SimulatorFailed', message: `The simulator failed: ${text}` } }
    endRecord(record, { status: 500, body }, undefined)
    send(request, response, { status: 500, body })
  }
}

async function readRequest(
  n: number,
  incoming: IncomingMessage,
): Promise<SimulatedRequest | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
  } catch {
    // The client disconnected while sending, so there is no complete request to answer.
    return undefined
  }
  const origin = `https://${incoming.headers.host ?? 'localhost'}`
  const [path = '/', query = ''] = split(incoming.url ?? '/')
  const headers = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return {
    n,
    at: Date.now(),
    method: (incoming.method ?? 'GET').toUpperCase(),
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
    origin,
  }
}

function split(url: string): readonly string[] {
  const mark = url.indexOf('?')
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)]
}

/** The answer of a fault in place of the service. */
function faultAnswer(
  effect: Fault['do'] | undefined,
): { readonly answer: Answer; readonly principal?: never } | undefined {
  if (effect === 'html-502') {
    const html =
      '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'
    return { answer: { status: 502, headers: { 'content-type': 'text/html' }, body: html } }
  }
  if (typeof effect !== 'object' || !('status' in effect)) return undefined
  return { answer: effect }
}

type OpenRecord = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] }

function beginRecord(azure: Azure, request: SimulatedRequest, host: HostPart): OpenRecord {
  const record: OpenRecord = {
    n: request.n,
    at: request.at,
    method: request.method,
    path: request.path,
    query: Object.fromEntries(request.query),
    host: host === 'github' ? 'arm' : host,
    status: 0,
    requestBody: parsed(request.body),
    responseBody: undefined,
    apiVersion: request.query.get('api-version') ?? undefined,
    clientRequestId: request.headers['x-ms-client-request-id'],
    principal: undefined,
  }
  if (host !== 'github') azure.requests.push(record)
  return record
}

function endRecord(record: OpenRecord, answer: Answer, principal: string | undefined): void {
  record.status = answer.status
  record.responseBody = answer.body
  record.principal = principal
}

function parsed(body: string): unknown {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    // Not JSON, such as a sign-in form: kept as text.
    return body
  }
}

function send(request: SimulatedRequest, response: ServerResponse, answer: Answer): void {
  const { status, headers = {}, body } = answer
  const isText = typeof body === 'string'
  const text = body === undefined ? '' : isText ? body : JSON.stringify(body)
  const clientRequestId = request.headers['x-ms-client-request-id']
  response.writeHead(status, {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': randomUUID(),
    'x-ms-correlation-request-id': randomUUID(),
    ...(clientRequestId === undefined ? {} : { 'x-ms-client-request-id': clientRequestId }),
    ...(body === undefined || isText ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
    ...(status === 204 || status === 304
      ? {}
      : { 'content-length': String(Buffer.byteLength(text)) }),
  })
  response.end(text === '' || request.method === 'HEAD' ? undefined : text)
}
