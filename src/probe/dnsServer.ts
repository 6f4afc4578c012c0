import { isIP, isIPv6 } from 'node:net'

/**
 * Parses `address[:port]` (`10.0.0.4`, `10.0.0.4:5353`, `fd00::4`, `[fd00::4]:5353`) into the form
 * that `dns.Resolver` takes. `undefined` for anything else, also for a name, which would have to be
 * resolved first.
 */
export function parseDnsServer(text: string): string | undefined {
  const plain = text.trim()
  if (isIP(plain) !== 0) return isIPv6(plain) ? `[${plain}]` : plain
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(plain)
  const address = match?.[1] ?? match?.[2] ?? ''
  const isFitting = match?.[1] === undefined ? isIP(address) === 4 : isIPv6(address)
  const port = match?.[3]
  if (!isFitting || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))) {
    return undefined
  }
  const written = isIPv6(address) ? `[${address}]` : address
  return port === undefined ? written : `${written}:${Number(port)}`
}
