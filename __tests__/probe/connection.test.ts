import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectTo } from '../../src/probe/connection.ts'
import { probeNames } from '../../src/probe/probeNames.ts'
import { type Authority, listenTcp, listenTls, type Listener, makeAuthority } from './tlsServer.ts'
import { startDns } from './dnsServer.ts'

const name = 'global.handler.control.monitor.azure.com'
const never = new AbortController().signal

let microsoft: Authority
let inspection: Authority
let trusted: SecureContext
const listeners: Listener[] = []
const kept = async (listener: Promise<Listener>): Promise<Listener> => {
  listeners.push(await listener)
  return await listener
}

beforeAll(async () => {
  microsoft = await makeAuthority('Microsoft Azure RSA TLS Issuing CA 03', 'Microsoft Corporation')
  inspection = await makeAuthority('Inspection CA', 'Contoso Proxy')
  trusted = createSecureContext({ ca: [microsoft.certificate] })
})
afterAll(() => listeners.forEach((listener) => listener.close()))

const connect = async (port: number, ping = true, addresses: readonly string[] = ['127.0.0.1']) =>
  await connectTo(name, addresses, { port, trusted, ping, signal: never })

describe('a connection', () => {
  it('to the right server is verified and healthy; only the request is sent', async () => {
    const server = await kept(listenTls(await microsoft.sign([name])))
    expect(await connect(server.port)).toEqual({
      connected: true,
      tls: {
        state: 'verified',
        issuer: 'Microsoft Corporation, Microsoft Azure RSA TLS Issuing CA 03',
      },
      ping: 'Healthy',
    })
    expect(server.asked).toEqual([`GET ${name}/ping`])
  })

  it('gets no /ping if the host serves no configuration', async () => {
    const server = await kept(listenTls(await microsoft.sign([name])))
    expect(await connect(server.port, false)).not.toHaveProperty('ping')
    expect(server.asked).toEqual([])
  })

  it('that is intercepted is recognized by the issuer, and not used', async () => {
    const server = await kept(listenTls(await inspection.sign([name])))
    expect(await connect(server.port)).toMatchObject({
      connected: true,
      tls: {
        state: 'untrusted',
        issuer: 'Contoso Proxy, Inspection CA',
        failure: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      },
    })
    expect(server.asked).toEqual([])
  })

  it('to a server with another name is untrusted', async () => {
    const server = await kept(listenTls(await microsoft.sign(['other.monitor.azure.com'])))
    expect(await connect(server.port)).toMatchObject({
      tls: { state: 'untrusted', failure: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
  })

  it.each([
    [403, 'Data collection endpoint must be used to access configuration over private link'],
    [200, 'Healthy?'],
    [302, ''],
    [200, 'Healthy'.repeat(1000)],
  ])('that answers %i to /ping is not healthy', async (status, body) => {
    const server = await kept(listenTls(await microsoft.sign([name]), { status, body }))
    expect(await connect(server.port)).toMatchObject({ connected: true, ping: `HTTP ${status}` })
  })

  it.each(['hangs up', 'speaks HTTP'] as const)('to a server that %s is not TLS', async (act) => {
    const server = await kept(listenTcp(act))
    const found = await connect(server.port)
    expect(found).toMatchObject({ connected: true, tls: { state: 'failed' } })
  })

  it('to a closed port is refused', async () => {
    const server = await listenTcp('hangs up')
    server.close()
    expect(await connect(server.port)).toEqual({ connected: false, failure: 'ECONNREFUSED' })
  })

  it('uses the first of several addresses that accepts it', async () => {
    const server = await kept(listenTls(await microsoft.sign([name])))
    const found = await connect(server.port, true, ['127.0.0.2', '127.0.0.1'])
    expect(found).toMatchObject({ connected: true, tls: { state: 'verified' } })
  })

  it('ends when the run does', async () => {
    const server = await kept(listenTcp('says nothing'))
    const given = new AbortController()
    const found = connectTo(name, ['127.0.0.1'], {
      port: server.port,
      trusted,
      ping: true,
      signal: given.signal,
    })
    given.abort()
    expect(await found).toEqual({ connected: false, failure: 'ECANCELED' })
  })
})

describe('names', () => {
  it('are resolved, connected to and reported individually', async () => {
    const server = await kept(listenTls(await microsoft.sign([name])))
    const dns = await startDns({ [name]: { a: ['127.0.0.1'] } })
    const { seen, askedBy } = await probeNames(
      [
        { name, ping: true },
        { name: 'gone.monitor.azure.com', ping: false },
      ],
      { server: dns.address, env: {}, signal: never, port: server.port },
    )
    await dns.close()
    expect(askedBy.server).toBe(dns.address)
    expect(seen.get('gone.monitor.azure.com')).toEqual({ addresses: [], resolution: 'not-found' })
    // The runner does not trust the certificate authority of this test.
    expect(seen.get(name)).toMatchObject({
      addresses: ['127.0.0.1'],
      resolution: 'found',
      connection: { connected: true, tls: { state: 'untrusted' } },
    })
  })

  it('of a silent server time out together', async () => {
    const gone = await startDns({})
    await gone.close()
    const names = Array.from({ length: 500 }, (_, i) => ({
      name: `n${i}.example.com`,
      ping: false,
    }))
    const { seen } = await probeNames(names, { server: gone.address, env: {}, signal: never })
    expect(seen.size).toBe(500)
    expect([...seen.values()].every(({ resolution }) => resolution === 'no-answer')).toBe(true)
  })

  it('are verified with the trust store that the runner is configured with', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probe-'))
    const file = join(folder, 'ca.pem')
    await writeFile(file, microsoft.certificate)
    const server = await kept(listenTls(await microsoft.sign([name])))
    const dns = await startDns({ [name]: { a: ['127.0.0.1'] } })
    for (const variable of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']) {
      const { seen } = await probeNames([{ name, ping: true }], {
        server: dns.address,
        env: { [variable]: file },
        signal: never,
        port: server.port,
      })
      const { connection } = seen.get(name) ?? {}
      expect([variable, connection?.tls?.state, connection?.ping]).toEqual([
        variable,
        'verified',
        'Healthy',
      ])
    }
    await dns.close()
    await rm(folder, { recursive: true })
  })
})
