/**
 * What a plan comment carries, hidden on its last line, so that a later push can tell whether what
 * it would apply is what was reviewed (contract section 4, promise 2).
 */
export interface PlanData {
  readonly formatVersion: 1
  readonly topology: string
  /** `sha256:` and 64 hex digits. */
  readonly fingerprint: string
  /** A blocked plan was not reviewed. */
  readonly blocked: boolean
  /**
   * One short digest a change. Absent when the plan has more changes than a comment holds: then the
   * fingerprint must be met exactly.
   */
  readonly digests?: readonly string[]
}

/** More digests than this are left out: 4,000 of 12 characters are 48,000 of a comment's 60,000. */
export const mostDigests = 4000

const digestLength = 12
const opening = '<!-- azure-monitor-private-link:plan '
const closing = ' -->'

/**
 * One HTML comment line that can never hold `--` or an angle bracket inside, whatever the topology
 * is called. Digests may be given as 64 hex digits or short already, as `decodePlanData` returns them.
 *
 * @throws TypeError when a digest is neither: a bug of the caller.
 */
export function encodePlanData(data: PlanData): string {
  const { formatVersion, topology, fingerprint, blocked, digests } = data
  const packed =
    digests === undefined || digests.length > mostDigests
      ? undefined
      : digests.map(toShort).join('')
  const json = JSON.stringify({ formatVersion, topology, fingerprint, blocked, digests: packed })
  const safe = json
    .replaceAll('--', '-\\u002d')
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
  return `${opening}${safe}${closing}`
}

/**
 * The plan data of a comment's body; `undefined` when there is none that can be trusted.
 *
 * Only the last line counts, and only when nothing else in the body looks like it: a name or a tag
 * that imitates the line makes the body unreadable instead of being believed.
 */
export function decodePlanData(body: string): PlanData | undefined {
  const text = body.trimEnd()
  const line = text.split(/\r\n|\r|\n/).at(-1) ?? ''
  if (text.split(opening).length !== 2) return undefined
  if (!line.startsWith(opening) || !line.endsWith(closing)) return undefined
  return readPlanData(line.slice(opening.length, -closing.length))
}

/** The first 72 bits of a sha256, from 64 hex digits to 12 characters of standard base64. */
export function shortDigest(hex: string): string {
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    throw new TypeError(`a digest is 64 hexadecimal digits, not ${JSON.stringify(hex)}`)
  }
  return Buffer.from(hex.slice(0, (digestLength / 4) * 3 * 2), 'hex').toString('base64')
}

function toShort(digest: string): string {
  return isShort(digest) ? digest : shortDigest(digest)
}

function isShort(digest: string): boolean {
  return digest.length === digestLength && /^[A-Za-z0-9+/]+$/.test(digest)
}

function readPlanData(json: string): PlanData | undefined {
  const value = parse(json)
  if (typeof value !== 'object' || value === null) return undefined
  const { formatVersion, topology, fingerprint, blocked, digests } = value as Record<
    string,
    unknown
  >
  if (formatVersion !== 1 || typeof blocked !== 'boolean') return undefined
  if (typeof topology !== 'string' || topology === '') return undefined
  if (typeof fingerprint !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(fingerprint))
    return undefined
  const plan = { formatVersion, topology, fingerprint, blocked } as const
  if (digests === undefined) return plan
  const unpacked = unpack(digests)
  return unpacked && { ...plan, digests: unpacked }
}

function unpack(packed: unknown): string[] | undefined {
  if (typeof packed !== 'string' || packed.length > mostDigests * digestLength) return undefined
  if (packed.length % digestLength !== 0 || !/^[A-Za-z0-9+/]*$/.test(packed)) return undefined
  return packed.match(/.{12}/g) ?? []
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Cut or altered: the same as no plan data.
    return undefined
  }
}
