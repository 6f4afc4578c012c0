import { request } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls'
import type { Connection, Tls } from '../egress/inside/observed.ts'
import { codeOf } from './codeOf.ts'

export interface ConnectOptions {
  readonly port: number
  readonly trusted: SecureContext
  readonly ping: boolean
  /** When aborted, open connections are closed. */
  readonly signal: AbortSignal
}

/** Timeout in milliseconds of a connection, a handshake and an answer, each. */
const timeoutMs = 5000

/** Like other programs, we try one address after the other. No Azure name has more than a few. */
const maxAddresses = 4

/** Connects to the first address that accepts a connection, and inspects the server there. */
export async function connectTo(
  name: string,
  addresses: readonly string[],
  options: ConnectOptions,
): Promise<Connection> {
  let failure = 'EHOSTUNREACH'
  for (const address of addresses.slice(0, maxAddresses)) {
    try {
      const socket = await open(address, options)
      return { connected: true, ...(await speak(name, socket, options)) }
    } catch (error) {
      failure = codeOf(error)
    }
  }
  return { connected: false, failure }
}

async function open(host: string, { port, signal }: ConnectOptions): Promise<Socket> {
  const socket = connectTcp({ host, port })
  return await settle(socket, signal, (done) => socket.once('connect', done))
}

async function speak(
  name: string,
  socket: Socket,
  options: ConnectOptions,
): Promise<Pick<Connection, 'tls' | 'ping'>> {
  try {
    const secure = connectTls({
      socket,
      servername: name,
      secureContext: options.trusted,
      // Verified in `judge`: we want to see an unknown issuer, and send it nothing.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    })
    await settle(secure, options.signal, (done) => secure.once('secureConnect', done))
    const tls = judge(secure)
    if (!options.ping || tls.state !== 'verified') return { tls }
    return { tls, ping: await ping(name, secure, options.signal) }
  } catch (error) {
    return { tls: { state: 'failed', failure: codeOf(error) } }
  } finally {
    socket.destroy()
  }
}

function judge(secure: TLSSocket): Tls {
  const { issuer } = secure.getPeerCertificate()
  const said = issuerOf(issuer)
  const failure = secure.authorized ? undefined : failureOf(secure.authorizationError)
  return {
    state: secure.authorized ? 'verified' : 'untrusted',
    ...(said !== undefined && { issuer: said }),
    ...(failure !== undefined && { failure }),
  }
}

/** Returns `Healthy`, or what came instead. Sends one request and follows no redirect. */
async function ping(name: string, secure: TLSSocket, signal: AbortSignal): Promise<string> {
  return await new Promise((resolve) => {
    const asked = request({
      createConnection: () => secure,
      path: '/ping',
      headers: { host: name, accept: 'text/plain', connection: 'close' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    asked.once('error', (error) => resolve(`nothing (${codeOf(error)})`))
    asked.once('response', (response) => {
      let body = ''
      const end = () => {
        asked.destroy()
        const isHealthy = response.statusCode === 200 && body.trim() === 'Healthy'
        resolve(isHealthy ? 'Healthy' : `HTTP ${response.statusCode ?? 0}`)
      }
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
        if (body.length > 1024) end()
      })
      response.once('end', end)
      response.once('error', (error) => resolve(`nothing (${codeOf(error)})`))
    })
    asked.end()
  })
}

/**
 * Waits for the event that `listen` registers for. On an error, a timeout or the end of the run,
 * destroys the socket and throws.
 */
async function settle<S extends Socket>(
  socket: S,
  signal: AbortSignal,
  listen: (done: () => void) => void,
): Promise<S> {
  let timer: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  try {
    return await new Promise<S>((resolve, reject) => {
      timer = setTimeout(() => reject(failed('ETIMEDOUT')), timeoutMs)
      stop = () => reject(failed('ECANCELED'))
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      // Stays registered for the life of the socket, so that a later error is not unhandled.
      socket.on('error', reject)
      socket.once('close', () => reject(failed('ECONNRESET')))
      listen(() => resolve(socket))
    })
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    if (stop !== undefined) signal.removeEventListener('abort', stop)
  }
}

function failed(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** `authorizationError` is typed as an Error, but is a code. */
function failureOf(error: unknown): string {
  return typeof error === 'string' ? error.slice(0, 120) : codeOf(error)
}

function issuerOf(issuer: unknown): string | undefined {
  const parts = issuer as Readonly<Record<string, unknown>> | undefined
  const said = [parts?.['O'], parts?.['CN']].map(textOf).filter((part) => part !== undefined)
  return said.length === 0 ? undefined : said.join(', ')
}

/** A name in a certificate is untrusted text, and may be a list. */
function textOf(value: unknown): string | undefined {
  const text = Array.isArray(value) ? value.join(' ') : value
  return typeof text === 'string' && text !== '' ? text.slice(0, 120) : undefined
}
