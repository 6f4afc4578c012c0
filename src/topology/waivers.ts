import { blockingCodes, networkCodes, sometimesBlocking, warningCodes } from '../diagnostics.ts'
import { childOf, itemsOf, type Node, textOf } from './node.ts'
import { suggest } from './nearest.ts'
import { quoted, type Report } from './problem.ts'
import { type Context, parseReference } from './references.ts'
import type { Waiver, WaiverResource } from './topology.ts'

/** Codes that can be waived: all codes that can block, except `blackout` (contract sections 7 and 8). */
export const waivableCodes: readonly string[] = [
  ...blockingCodes,
  ...networkCodes,
  ...sometimesBlocking,
].filter((code) => code !== 'blackout' && code !== 'network-not-visible')

/**
 * Reads `waivers`. An expired waiver is an error, so that a temporary waiver can't become permanent.
 *
 * @param today day of the run, `YYYY-MM-DD` in UTC
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
        remedy:
          'Fix the problem and remove the waiver, or review the problem again and set a later date.',
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
      remedy: 'Keep the access mode Open until every target has a private path.',
    })
  } else if ((warningCodes as readonly string[]).includes(code)) {
    report({
      code: 'invalid-value',
      at: node.at,
      message: `${code} is a warning. It never blocks, so it needs no waiver.`,
      remedy: 'Remove the waiver.',
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

/** Reads a day that exists in the calendar: `Date` turns February 30 into March 2. */
function readDay(node: Node | undefined, report: Report): string | undefined {
  const day = textOf(node)
  if (!node || day === undefined) return undefined
  const date = new Date(`${day}T00:00:00Z`)
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)) return day
  report({
    code: 'invalid-value',
    at: node.at,
    message: `${day} is not a valid date.`,
    remedy: 'Write the last day on which the waiver holds as YYYY-MM-DD.',
  })
  return undefined
}

/** Reads the `resource` of a waiver; a short reference matches any type, since a waiver can be about any resource. */
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
