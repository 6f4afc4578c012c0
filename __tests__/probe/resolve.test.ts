import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parseDnsServer } from '../../src/probe/dnsServer.ts'
import { resolveAsMachine, resolveAtServer } from '../../src/probe/resolve.ts'
import { type DnsServer, startDns } from './dnsServer.ts'

const forty = Array.from({ length: 40 }, (_, index) => `10.1.0.${index + 1}`)

let dns: DnsServer
beforeAll(async () => {
  dns = await startDns({
    'one.example.com': { a: ['10.0.0.4'] },
    'six.example.com': { aaaa: ['fd00:0000:0000:0000:0000:0000:0000:0004'] },
    'forty.example.com': { a: forty },
    'chain.example.com': { cname: 'middle.example.com' },
    'middle.example.com': { cname: 'one.example.com' },
    'steps.example.com': { cname: 'step.example.com', only: true },
    'step.example.com': { cname: 'one.example.com', only: true },
    'dangling.example.com': { cname: 'nobody.example.com' },
    'loop.example.com': { cname: 'pool.example.com' },
    'pool.example.com': { cname: 'loop.example.com' },
    'self.example.com': { cname: 'self.example.com', only: true },
    ...Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `far${index}.example.com`,
        { cname: `far${index + 1}.example.com`, only: true },
      ]),
    ),
    'broken.example.com': 'servfail',
    'refused.example.com': 'refused',
    'odd.example.com': 'garbage',
    'empty.example.com': { a: [] },
  })
})
afterAll(async () => await dns.close())

describe('one DNS server is queried', () => {
  const ask = async (name: string) => await resolveAtServer(dns.address)(name)

  it.each([
    ['one.example.com', ['10.0.0.4']],
    ['six.example.com', ['fd00::4']],
    ['chain.example.com', ['10.0.0.4']],
    ['steps.example.com', ['10.0.0.4']],
  ])('%s has its addresses, by aliases too', async (name, addresses) => {
    expect(await ask(name)).toEqual({ addresses, resolution: 'found' })
  })

  it('an answer truncated over UDP is queried over TCP: 40 addresses', async () => {
    const { addresses, resolution } = await ask('forty.example.com')
    expect(resolution).toBe('found')
    expect(addresses.toSorted()).toEqual(forty.toSorted())
    expect(dns.asked).toContain('tcp forty.example.com')
  })

  it.each(['nobody.example.com', 'dangling.example.com', 'empty.example.com'])(
    '%s does not exist',
    async (name) => {
      expect(await ask(name)).toEqual({ addresses: [], resolution: 'not-found' })
    },
  )

  it.each(['loop.example.com', 'self.example.com', 'far0.example.com'])(
    '%s has an endless alias chain',
    async (name) => {
      expect(await ask(name)).toEqual({ addresses: [], resolution: 'loop' })
    },
  )

  it.each(['broken.example.com', 'refused.example.com', 'odd.example.com'])(
    '%s gives no answer',
    async (name) => {
      expect(await ask(name)).toEqual({ addresses: [], resolution: 'no-answer' })
    },
  )

  it('an absent server gives no answer', async () => {
    const gone = await startDns({})
    await gone.close()
    const answer = await resolveAtServer(gone.address)('one.example.com')
    expect(answer).toEqual({ addresses: [], resolution: 'no-answer' })
  })
})

it("the machine's resolver is used as programs use it, with its hosts file", async () => {
  const { addresses, resolution } = await resolveAsMachine(resolveAtServer(dns.address))(
    'localhost',
  )
  expect(resolution).toBe('found')
  expect(addresses).toContain('127.0.0.1')
})

describe("the DNS servers' answer next to what programs get", () => {
  const beside = (...addresses: readonly string[]) =>
    resolveAsMachine(() =>
      Promise.resolve(
        addresses.includes('?')
          ? { addresses: [], resolution: 'no-answer' }
          : { addresses, resolution: addresses.length === 0 ? 'not-found' : 'found' },
      ),
    )('localhost')

  it.each<[string, readonly string[], readonly string[] | undefined]>([
    ['the same: nothing', ['127.0.0.1', '::1'], undefined],
    ['another private address: it', ['10.0.0.4'], ['10.0.0.4']],
    ['a public one: it', ['20.1.1.1'], ['20.1.1.1']],
    ['no such name: none', [], []],
    ['no answer: nothing', ['?'], undefined],
  ])('%s', async (_, addresses, byServers) => {
    expect((await beside(...addresses)).byServers).toEqual(byServers)
  })
})

describe('a DNS server is', () => {
  it.each([
    ['10.0.0.4', '10.0.0.4'],
    [' 10.0.0.4:5353 ', '10.0.0.4:5353'],
    ['fd00::4', '[fd00::4]'],
    ['[fd00::4]', '[fd00::4]'],
    ['[fd00::4]:53', '[fd00::4]:53'],
  ])('%s', (text, server) => {
    expect(parseDnsServer(text)).toBe(server)
  })

  it.each([
    '',
    'dns.example.com',
    '10.0.0.4:0',
    '10.0.0.4:65536',
    '10.0.0.4:',
    '10.0.0',
    '[10.0.0.4]:53',
    'fd00::4]:53',
    '10.0.0.4 10.0.0.5',
    'https://10.0.0.4',
  ])('not %s', (text) => {
    expect(parseDnsServer(text)).toBeUndefined()
  })
})
