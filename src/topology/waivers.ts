import { blockingCodes, networkCodes, sometimesBlocking, warningCodes } from '../diagnostics.ts'
import { childOf, itemsOf, type Node, textOf } from './node.ts'
import { suggest } from './nearest.ts'
import { quoted, type Report } from './problem.ts'
import { type Context, parseReference } from './references.ts'
import type { Waiver, WaiverResource } from './topology.ts'

/** Codes that a waiver can be for: every one that can block, but `blackout` (contract sections 7 and 8). */
export const waivableCodes: readonly string[] = [
  ...blockingCodes,
  ...networkCodes,
  ...sometimesBlocking,
].filter((code) => code !== 'blackout' && code !== 'network-not-visible')

/**
 * Reads `waivers`. One that has expired is an error, so that a risk accepted for a while isn't
 * accepted for good.
 *
 * @param today the day of the run, `YYYY-MM-DD` in UTC
 */
export function readWaivers(root: Node, today: string, context: Context): readonly Waiver[] {
  return itemsOf(childOf(root, 'waivers')).flatMap((entry) => {
    const code = readCode(childOf(entry, 'code'), context.report)
    const resource = readResource(childOf(entry, 'resource'), context)
    const reason = textOf(childOf(entry, 'reason'))
    const expires = readDay(childOf(entry, 'expires'), context.report)
    if (expires !== undefined && expires < today) {
      context.report({
        code: 'waiver-expired',
        at: entry.at,
        message: `This waiver${code === undefined ? '' : ` for ${code}`} expired on ${expires}.`,
        remedy: 'Fix what it was for and take it out, or review it again and set a later day.',
      })
    }
    if (code === undefined || reason === undefined || expires === undefined) return []
    return [{ code, ...(resource && { resource }), reason, expires, at: entry.at }]
  })
}

function readCode(node: Node | undefined, report: Report): string | undefined {
  const code = textOf(node)
  if (!node || code === undefined || waivableCodes.includes(code)) return code
  if (code === 'blackout') {
    report({
      code: 'invalid-value',
      at: node.at,
      message: "A blackout can't be waived.",
      remedy: 'Leave the access mode Open until every target is reached privately.',
    })
  } else if ((warningCodes as readonly string[]).includes(code)) {
    report({
      code: 'invalid-value',
      at: node.at,
      message: `${code} is a warning, which blocks nothing and needs no waiver.`,
      remedy: 'Take the waiver out.',
    })
  } else {
    report({
      code: 'invalid-value',
      at: node.at,
      message: `${quoted(code)} is not the code of a blocking diagnostic.`,
      remedy: suggest(code, waivableCodes),
    })
  }
  return undefined
}

/** A day that the calendar has: Date takes February 30 for March 2. */
function readDay(node: Node | undefined, report: Report): string | undefined {
  const day = textOf(node)
  if (!node || day === undefined) return undefined
  const date = new Date(`${day}T00:00:00Z`)
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)) return day
  report({
    code: 'invalid-value',
    at: node.at,
    message: `The calendar has no day ${day}.`,
    remedy: 'Write the last day on which the waiver holds as YYYY-MM-DD.',
  })
  return undefined
}

/** A short reference matches whatever the type, for a waiver can be about any resource. */
function readResource(node: Node | undefined, context: Context): WaiverResource | undefined {
  const text = textOf(node)
  if (!node || text === undefined) return undefined
  const reference = parseReference(text)
  if (reference.form === 'refused') {
    context.report({
      code: 'invalid-value',
      at: node.at,
      message: `${quoted(text)} is not a reference: ${reference.why}.`,
      remedy: reference.remedy,
    })
    return undefined
  }
  if (reference.form === 'short') {
    const { resourceGroup, name } = reference
    return { text, subscription: context.subscription, resourceGroup, name }
  }
  const { subscription, resourceGroup, name, key } = reference.id
  return { text, subscription, resourceGroup, name, key }
}
