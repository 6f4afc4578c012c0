import { sha256Hex } from '../../resources/id.ts'
import { pack, unpack } from './pack.ts'

/**
 * Data hidden in the last line of a plan comment, so that a later push can check whether its
 * changes were reviewed (contract section 4, promise 2). It approves nothing by itself: the changes
 * must also be in the visible part (section 7, "What a review is").
 */
export interface PlanData {
  readonly formatVersion: 1
  readonly topology: string
  /** `sha256:` and 64 hex digits. */
  readonly fingerprint: string
  /** A blocked plan was not reviewed. */
  readonly blocked: boolean
  /**
   * 32 hex digits, new for each plan, so that known digests cannot be used to search for a change.
   */
  readonly salt: string
  /**
   * One salted digest per change, 32 hex digits. Absent when the plan has more changes than a
   * comment holds: then the fingerprint must match exactly.
   */
  readonly digests?: readonly string[]
  /** The run that made the plan. */
  readonly run?: RunName
  /** The run that last wrote the comment, if not the plan's: an apply. */
  readonly wrote?: RunName
}

/** Identifies a workflow run in GitHub's API. */
export interface RunName {
  readonly id: number
  /** The first is attempt 1. */
  readonly attempt: number
}

/**
 * With more changes than this, digests are left out: 4,000 take some 36,600 of a comment's 60,000
 * characters.
 */
export const maxDigests = 4000

const digestLength = 32
const opening = '<!-- azure-monitor-private-link:plan '
const closing = ' -->'

/** The form of a change's digest (64 hex digits) in a comment: 128 bits that depend on the salt. */
export function saltedDigest(salt: string, digest: string): string {
  return sha256Hex(`${salt}:${digest}`, digestLength)
}

/**
 * One HTML comment line that contains no `--` and no angle bracket, whatever the topology's name.
 */
export function encodePlanData(data: PlanData): string {
  const { formatVersion, topology, fingerprint, blocked, salt, digests, run, wrote } = data
  const isWhole = digests !== undefined && digests.length <= maxDigests
  const json = JSON.stringify({
    formatVersion,
    topology,
    fingerprint,
    blocked,
    salt,
    ...(run && { run: [run.id, run.attempt] }),
    ...(wrote && { wrote: [wrote.id, wrote.attempt] }),
    ...(isWhole && { digests: pack(digests.join('')) }),
  })
  const safe = json
    .replaceAll('--', '-\\u002d')
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
  return `${opening}${safe}${closing}`
}

/**
 * Reads the plan data of a comment's body; `undefined` if there are none that can be trusted.
 *
 * Only the last line counts, and only if nothing else in the body looks like it: a name or tag that
 * imitates the line makes the data unreadable instead of being trusted.
 */
export function decodePlanData(body: string): PlanData | undefined {
  const text = body.trimEnd()
  const line = text.split(/\r\n|\r|\n/).at(-1) ?? ''
  if (text.split(opening).length !== 2) return undefined
  if (!line.startsWith(opening) || !line.endsWith(closing)) return undefined
  return readPlanData(line.slice(opening.length, -closing.length))
}

/**
 * Records another run as the last writer of the body. A body without plan data is returned
 * unchanged.
 */
export function writtenBy(body: string, run: RunName | undefined): string {
  const data = decodePlanData(body)
  if (data === undefined || run === undefined) return body
  const text = body.trimEnd()
  return text.slice(0, text.lastIndexOf(opening)) + encodePlanData({ ...data, wrote: run })
}

function readPlanData(json: string): PlanData | undefined {
  const value = parse(json)
  if (typeof value !== 'object' || value === null) return undefined
  const { formatVersion, topology, fingerprint, blocked, salt, digests, run, wrote } =
    value as Record<string, unknown>
  if (formatVersion !== 1 || typeof blocked !== 'boolean') return undefined
  if (typeof topology !== 'string' || topology === '') return undefined
  if (typeof fingerprint !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(fingerprint))
    return undefined
  if (typeof salt !== 'string' || !/^[0-9a-f]{32}$/.test(salt)) return undefined
  const [made, last] = [readRun(run), readRun(wrote)]
  if (made === false || last === false) return undefined
  const plan = {
    formatVersion,
    topology,
    fingerprint,
    blocked,
    salt,
    ...(made && { run: made }),
    ...(last && { wrote: last }),
  } as const
  if (digests === undefined) return plan
  const read = typeof digests === 'string' ? readDigests(digests) : undefined
  return read && { ...plan, digests: read }
}

function readDigests(packed: string): string[] | undefined {
  const hex = unpack(packed, digestLength)
  if (hex === undefined || hex.length > maxDigests * digestLength) return undefined
  return hex.match(/.{32}/g) ?? []
}

/** `undefined` if absent, false if malformed. */
function readRun(value: unknown): RunName | undefined | false {
  if (value === undefined) return undefined
  const [id, attempt] = Array.isArray(value) ? (value as readonly unknown[]) : []
  if (!isCount(id) || !isCount(attempt)) return false
  return { id, attempt }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Cut or altered: the same as no plan data.
    return undefined
  }
}
