import type { TelemetryPath } from './telemetry.ts'

/**
 * Which way a heartbeat came, by the address that the service stamped on it. Over a private endpoint
 * that is an IPv6 of `fd00::/8` (facts-2 A.5); an address of the internet is public; what is empty,
 * private by RFC 1918, or no address tells nothing.
 */
export function pathOf(address: string): TelemetryPath {
  if (isIPv4(address)) return isGlobal4(address) ? 'public' : 'unknown'
  if (!isIPv6(address)) return 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return pathOf(mapped)
  const first = firstGroup(address)
  if (first >> 8 === 0xfd) return 'private'
  // 2000::/3 is all that is given out of the internet's addresses; of it, 2001:db8::/32 is for documents.
  return first >> 13 === 1 ? 'public' : 'unknown'
}

/** The address without its host part: enough to know the network by, too little to reach anything. */
export function maskAddress(address: string): string | undefined {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.x`
  if (!isIPv6(address)) return undefined
  const groups = address.toLowerCase().split(':').slice(0, 3)
  const kept = groups.slice(0, groups.includes('') ? groups.indexOf('') : 3)
  return kept.length === 0 ? '…' : `${kept.join(':')}:…`
}

/** Four decimal bytes. */
function isIPv4(address: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address)
}

/** The parser of URLs knows what an IPv6 address is. */
function isIPv6(address: string): boolean {
  return /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(address) && URL.canParse(`http://[${address}]/`)
}

function firstGroup(address: string): number {
  return parseInt(address.split(':')[0] ?? '', 16) || 0
}

/** Ranges that are of no use on the internet (IANA's special-purpose registry). */
const special4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

function isGlobal4(address: string): boolean {
  const value = toNumber(address)
  return !special4.some(([network, bits]) => {
    const size = 2 ** (32 - bits)
    return Math.floor(value / size) === Math.floor(toNumber(network) / size)
  })
}

function toNumber(address: string): number {
  return address.split('.').reduce((total, part) => total * 256 + Number(part), 0)
}
