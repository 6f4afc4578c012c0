import type { TelemetryPath } from './telemetry.ts'

/**
 * Which way a heartbeat came, judged by the address that the service recorded for it. A private
 * endpoint delivers from an IPv6 address of `fd00::/8` (facts-2 A.5), the internet from a public
 * address. An empty, RFC 1918 or malformed address proves nothing.
 */
export function pathOf(address: string): TelemetryPath {
  if (isIPv4(address)) return isGlobal4(address) ? 'public' : 'unknown'
  if (!isIPv6(address)) return 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return pathOf(mapped)
  const first = firstGroup(address)
  if (first >> 8 === 0xfd) return 'private'
  // 2000::/3 holds all IPv6 addresses assigned on the internet (2001:db8::/32, for documentation,
  // among them).
  return first >> 13 === 1 ? 'public' : 'unknown'
}

/** The address without its host part: it still identifies the network, but not a host. */
export function maskAddress(address: string): string | undefined {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.x`
  if (!isIPv6(address)) return undefined
  const groups = address.toLowerCase().split(':').slice(0, 3)
  const kept = groups.slice(0, groups.includes('') ? groups.indexOf('') : 3)
  return kept.length === 0 ? '…' : `${kept.join(':')}:…`
}

function isIPv4(address: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address)
}

/** Leaves the validation of IPv6 to the URL parser. */
function isIPv6(address: string): boolean {
  return /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(address) && URL.canParse(`http://[${address}]/`)
}

function firstGroup(address: string): number {
  return parseInt(address.split(':')[0] ?? '', 16) || 0
}

/** Ranges that are not globally reachable (IANA's special-purpose registry). */
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
