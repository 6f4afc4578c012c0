import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** The answer of a small DNS server for a name (RFC 1035), as much as the tests need. */
export interface Zone {
  readonly [name: string]: Said
}

export type Said =
  | { readonly a: readonly string[] }
  | { readonly aaaa: readonly string[] }
  /** The server returns the whole CNAME chain that it knows, unless `only` the alias. */
  | { readonly cname: string; readonly only?: boolean }
  /** The query is never answered. */
  | 'silence'
  | 'servfail'
  | 'refused'
  /** The answer is not DNS. */
  | 'garbage'

export interface DnsServer {
  readonly address: string
  /** `udp name`, `tcp name`, in order of arrival. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** A DNS server on the loopback, over UDP and TCP; a UDP answer over 512 bytes is truncated. */
export async function startDns(zone: Zone, host = '127.0.0.1', port = 0): Promise<DnsServer> {
  const asked: string[] = []
  const tcp = createServer((socket) => {
    socket.on('error', () => undefined)
    // One connection may carry several queries, as the C library's does.
    let waiting = Buffer.alloc(0)
    socket.on('data', (data) => {
      waiting = Buffer.concat([waiting, data])
      while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
        const question = waiting.subarray(2, 2 + waiting.readUInt16BE(0))
        waiting = waiting.subarray(2 + question.length)
        const answer = answerTo(question, zone, asked, 'tcp')
        if (answer === undefined) continue
        const length = Buffer.alloc(2)
        length.writeUInt16BE(answer.length)
        socket.write(Buffer.concat([length, answer]))
      }
    })
  })
  await new Promise<void>((resolve) => tcp.listen(port, host, resolve))
  const at = (tcp.address() as AddressInfo).port
  const udp = createSocket('udp4')
  udp.on('message', (data, from) => {
    const answer = answerTo(data, zone, asked, 'udp')
    if (answer === undefined) return
    if (answer.length > 512) answer.writeUInt8(answer.readUInt8(2) | 0x02, 2)
    // Truncated before the answers: the header sets the flag.
    const sent = answer.length > 512 ? cut(answer) : answer
    udp.send(sent, from.port, from.address)
  })
  await new Promise<void>((resolve) => udp.bind(at, host, resolve))
  return {
    address: `${host}:${at}`,
    asked,
    close: async () => {
      udp.close()
      await new Promise((resolve) => tcp.close(resolve))
    },
  }
}

function answerTo(
  question: Buffer,
  zone: Zone,
  asked: string[],
  by: 'udp' | 'tcp',
): Buffer | undefined {
  const { name, end } = readName(question, 12)
  const type = question.readUInt16BE(end)
  asked.push(`${by} ${name}`)
  const said = zone[name.toLowerCase()]
  if (said === 'silence') return undefined
  if (said === 'garbage')
    return Buffer.concat([question.subarray(0, 2), Buffer.from('\xff\xfe no')])
  const records: Buffer[] = []
  let rcode = said === undefined ? 3 : said === 'servfail' ? 2 : said === 'refused' ? 5 : 0
  let owner = name
  const seen = new Set<string>()
  for (let at: Said | undefined = said; typeof at === 'object';) {
    if ('cname' in at) {
      records.push(record(owner, 5, writeName(at.cname)))
      owner = at.cname
      if (at.only === true || seen.has(owner) || type === 5) break
      seen.add(owner)
      at = zone[owner.toLowerCase()]
      if (at === undefined) rcode = 3
      continue
    }
    if ('a' in at && type === 1)
      for (const each of at.a)
        records.push(record(owner, 1, Buffer.from(each.split('.').map(Number))))
    if ('aaaa' in at && type === 28)
      for (const each of at.aaaa)
        records.push(record(owner, 28, Buffer.from(each.replaceAll(':', ''), 'hex')))
    break
  }
  const header = Buffer.alloc(12)
  question.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | rcode, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  return Buffer.concat([header, question.subarray(12, end + 4), ...records])
}

function cut(answer: Buffer): Buffer {
  const { end } = readName(answer, 12)
  const short = Buffer.from(answer.subarray(0, end + 4))
  short.writeUInt16BE(0, 6)
  return short
}

function record(owner: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(type, 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt32BE(10, 4)
  fixed.writeUInt16BE(data.length, 8)
  return Buffer.concat([writeName(owner), fixed, data])
}

function readName(packet: Buffer, from: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = from
  for (let length = packet.readUInt8(at); length > 0; length = packet.readUInt8(at)) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 1 }
}

function writeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '')
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
    Buffer.from([0]),
  ])
}
