/**
 * The kind of an address: `private` (RFC 1918 or `fc00::/7`); `special`, which no public server has
 * either (loopback, link-local, shared, unspecified, multicast); or `public`. `undefined` if the text
 * is not an address.
 */
export function addressKind(address: string): 'private' | 'special' | 'public' | undefined {
  const canonical = canonicalAddress(address)
  if (canonical === undefined) return undefined
  const four = bytesOf(canonical)
  return four === undefined ? kindOfSix(canonical) : kindOfFour(four)
}

/**
 * The canonical form of an address, for comparison: IPv6 as eight groups in lower case without leading
 * zeros; an IPv4-mapped IPv6 address as IPv4. `undefined` if the text is not an address.
 */
export function canonicalAddress(address: string): string | undefined {
  const plain = address.trim().toLowerCase().replace(/%.*$/, '')
  if (bytesOf(plain) !== undefined) return plain
  const groups = groupsOf(plain)
  if (groups === undefined) return undefined
  const isWrapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (!isWrapped) return groups.map((group) => group.toString(16)).join(':')
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.')
}

function kindOfFour([a = 0, b = 0]: readonly number[]): 'private' | 'special' | 'public' {
  if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'private'
  const isShared = a === 100 && b >= 64 && b < 128
  const isLocal = a === 0 || a === 127 || (a === 169 && b === 254)
  return isShared || isLocal || a >= 224 ? 'special' : 'public'
}

function kindOfSix(canonical: string): 'private' | 'special' | 'public' {
  const [first = 0] = canonical.split(':').map((group) => Number.parseInt(group, 16))
  if ((first & 0xfe00) === 0xfc00) return 'private'
  // Global unicast is 2000::/3 (RFC 4291); all other ranges have special purposes.
  return (first & 0xe000) === 0x2000 ? 'public' : 'special'
}

function bytesOf(text: string): readonly number[] | undefined {
  const parts = text.split('.')
  const bytes = parts.map((part) => (/^(?:0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  return bytes.length === 4 && bytes.every((byte) => byte < 256) ? bytes : undefined
}

function groupsOf(text: string): readonly number[] | undefined {
  const [left, right, ...more] = withoutDots(text).split('::')
  if (left === undefined || more.length > 0) return undefined
  const before = numbersOf(left)
  const after = numbersOf(right ?? '')
  const omitted = 8 - before.length - after.length
  if (right === undefined ? omitted !== 0 : omitted < 1) return undefined
  const groups = [...before, ...Array.from({ length: omitted }, () => 0), ...after]
  return groups.every((group) => !Number.isNaN(group)) ? groups : undefined
}

function numbersOf(text: string): readonly number[] {
  if (text === '') return []
  return text.split(':').map((group) => (/^[0-9a-f]{1,4}$/.test(group) ? parseInt(group, 16) : NaN))
}

/** Rewrites an IPv4 address at the end of an IPv6 address as two groups. */
function withoutDots(text: string): string {
  const match = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const bytes = bytesOf(match?.[2] ?? '')
  if (match === null || bytes === undefined) return text
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  return `${match[1] ?? ''}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}
