import type { Diagnostic } from '../../diagnostics.ts'
import { compareText, idKey, sha256Hex } from '../../resources/id.ts'
import { shortDigest } from './shortDigest.ts'
import type { Situation } from '../../report.ts'
import type { View } from '../view.ts'
import type { Alarms, Shown } from './shownState.ts'

const maxDigests = 100
const digestLength = 12
const opening = '<!-- azure-monitor-private-link:shown '
const closing = ' -->'

/** What a view shows. Without a plan, what the comment showed before still counts. */
export function shownOf({ situation, plan, diagnostics, context }: View): Shown {
  const before = context.shownBefore
  const changes = plan?.changes ?? []
  const ofAction = (action: 'delete' | 'replace'): Alarms =>
    alarms(changes.filter((c) => c.action === action).map((c) => shortDigest(c.digest)))
  const errors = alarms(diagnostics.filter((d) => d.severity === 'error').map(digestOfError))
  const unseen = { count: 0, digests: [] }
  return {
    formatVersion: 1,
    situation,
    deletes: plan === undefined ? (before?.deletes ?? unseen) : ofAction('delete'),
    replaces: plan === undefined ? (before?.replaces ?? unseen) : ofAction('replace'),
    errors: situation === 'unplanned' ? (before?.errors ?? errors) : errors,
  }
}

/** One invisible line of JSON with fixed keys, numbers and base64 only. */
export function encodeShown(shown: Shown): string {
  const pack = ({ count, digests }: Alarms) => [count, digests.join('')]
  const { situation, deletes, replaces, errors } = shown
  const json = { v: 1, situation, d: pack(deletes), r: pack(replaces), e: pack(errors) }
  return `${opening}${JSON.stringify(json)}${closing}`
}

/**
 * Reads what a comment shows; `undefined` if it has no readable record. The last such line counts.
 */
export function decodeShown(body: string): Shown | undefined {
  const line = body
    .split(/\r\n|\r|\n/)
    .findLast((one) => one.startsWith(opening) && one.endsWith(closing))
  if (line === undefined) return undefined
  const value = parse(line.slice(opening.length, -closing.length))
  if (typeof value !== 'object' || value === null) return undefined
  const { v, situation, d, r, e } = value as Record<string, unknown>
  const [deletes, replaces, errors] = [unpack(d), unpack(r), unpack(e)]
  if (v !== 1 || typeof situation !== 'string') return undefined
  if (deletes === undefined || replaces === undefined || errors === undefined) return undefined
  // A situation from a later version is only compared, so it needs no check.
  return { formatVersion: 1, situation: situation as Situation, deletes, replaces, errors }
}

/** How many alarms of one kind are new. */
export function countNew(before: Alarms, now: Alarms): number {
  const isWhole = ({ count, digests }: Alarms) => count === digests.length
  if (!isWhole(before) || !isWhole(now)) return Math.max(0, now.count - before.count)
  const known = new Set(before.digests)
  return now.digests.filter((digest) => !known.has(digest)).length
}

function alarms(digests: readonly string[]): Alarms {
  const all = [...new Set(digests)].toSorted(compareText)
  return { count: all.length, digests: all.slice(0, maxDigests) }
}

/** Identifies an error without its wording and line, which can change while the error stays. */
function digestOfError({ code, resource, message }: Diagnostic): string {
  const about = resource === undefined ? message : idKey(resource)
  return shortDigest(sha256Hex(JSON.stringify([code, about])))
}

function unpack(packed: unknown): Alarms | undefined {
  const [count, digests] = Array.isArray(packed) ? (packed as readonly unknown[]) : []
  if (typeof count !== 'number' || typeof digests !== 'string') return undefined
  if (digests.length % digestLength !== 0 || !/^[A-Za-z0-9+/]*$/.test(digests)) return undefined
  return { count, digests: digests.match(/.{12}/g) ?? [] }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Cut or altered: the same as nothing shown.
    return undefined
  }
}
