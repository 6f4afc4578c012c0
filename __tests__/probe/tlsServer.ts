import { createServer, type AddressInfo, type Server } from 'node:net'
import { createServer as createTls } from 'node:https'
import { generate } from 'selfsigned'

/** A test certificate authority, and the certificates that it signs. */
export interface Authority {
  readonly certificate: string
  sign(names: readonly string[]): Promise<{ readonly key: string; readonly cert: string }>
}

const base = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

/** Creates an authority with this name and organization. */
export async function makeAuthority(name: string, organization: string): Promise<Authority> {
  const ca = await generate(
    [
      { name: 'organizationName', value: organization },
      { name: 'commonName', value: name },
    ],
    {
      ...base,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    },
  )
  return {
    certificate: ca.cert,
    sign: async (names) => {
      const leaf = await generate([{ name: 'commonName', value: names[0] ?? 'nobody' }], {
        ...base,
        ca: { key: ca.private, cert: ca.cert },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'keyUsage', digitalSignature: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true },
          { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
        ],
      })
      return { key: leaf.private, cert: leaf.cert }
    },
  }
}

export interface Listener {
  readonly port: number
  readonly asked: readonly string[]
  close(): void
}

/** An HTTPS server on the loopback that gives every request the same answer. */
export async function listenTls(
  certificate: { readonly key: string; readonly cert: string },
  answer: { readonly status: number; readonly body: string } = { status: 200, body: 'Healthy' },
  host = '127.0.0.1',
  port = 0,
): Promise<Listener> {
  const asked: string[] = []
  const server = createTls(certificate, (request, response) => {
    asked.push(`${request.method ?? ''} ${request.headers.host ?? ''}${request.url ?? ''}`)
    response.writeHead(answer.status).end(answer.body)
  })
  server.on('tlsClientError', () => undefined)
  return await listening(server, asked, host, port)
}

/** A server that accepts a connection, and then behaves as `act` says. */
export async function listenTcp(
  act: 'hangs up' | 'says nothing' | 'speaks HTTP',
  host = '127.0.0.1',
): Promise<Listener> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    if (act === 'hangs up') socket.destroy()
    if (act === 'speaks HTTP') socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  return await listening(server, [], host, 0)
}

async function listening(
  server: Server,
  asked: readonly string[],
  host: string,
  port: number,
): Promise<Listener> {
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () => void server.close(),
  }
}
