import { sha256Hex } from '../../resources/id.ts'
import { pack, unpack } from './pack.ts'

/**
 * What a plan comment carries, hidden on its last line, so that a later push can tell whether what
 * it would apply is what was reviewed (contract section 4, promise 2). By itself it approves nothing: what
 * it names must also stand in the part that people see (section 7, "What a review is").
 */
export interface PlanData {
  readonly formatVersion: 1
  readonly topology: string
  /** `sha256:` and 64 hex digits. */
  readonly fingerprint: string
  /** A blocked plan was not reviewed. */
  readonly blocked: boolean
  /** Made anew for each plan, so that nobody can look for a change with a known digest: 32 hex digits. */
  readonly salt: string
  /**
   * One salted digest a change, 32 hex digits. Absent when the plan has more changes than a comment holds:
   * then the fingerprint must be met exactly.
   */
  readonly digests?: readonly string[]
  /** The run that made the plan. */
  readonly run?: RunName
  /** The run that wrote the comment last, when that isn't the one of the plan: an apply. */
  readonly wrote?: RunName
}

/** A run of a workflow by which GitHub can be asked about it. */
export interface RunName {
  readonly id: number
  /** The first is attempt 1. */
  readonly attempt: number
}

/** More digests than this are left out: 4,000 take some 36,600 of a comment's 60,000 characters. */
export const mostDigests = 4000

const digestLength = 32
const opening = '<!-- azure-monitor-private-link:plan '
const closing = ' -->'

/** What of a change's digest (64 hex digits) a comment carries: 128 bits that hang on its salt. */
export function saltedDigest(salt: string, digest: string): string {
  return sha256Hex(`${salt}:${digest}`, digestLength)
}

/**
 * One HTML comment line that can never hold `--` or an angle bracket inside, whatever the topology
 * is called.
 */
export function encodePlanData(data: PlanData): string {
  const { formatVersion, topology, fingerprint, blocked, salt, digests, run, wrote } = data
  const isWhole = digests !== undefined && digests.length <= mostDigests
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

/** The body with another run named as the one that wrote it last; as it is where it carries no plan. */
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
  if (hex === undefined || hex.length > mostDigests * digestLength) return undefined
  return hex.match(/.{32}/g) ?? []
}

/** `undefined` where none is named, false for what names none. */
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
