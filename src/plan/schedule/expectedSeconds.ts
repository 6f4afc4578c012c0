import type { Change } from '../plan.ts'
import { writesScope } from './schedule.ts'

/** Seconds that one write to a scope takes: 20 to 40 recorded (recordings, quirk 11), 10 to 40 in contract section 6. */
export const scopeWriteSeconds = 20
/** Other writes a second that Azure's published bucket refills (facts, section 2.2). */
const writesASecond = 10
/** Writes that the bucket holds when full. */
const burst = 200
const otherWriteSeconds = 2
/** Writes in flight beside the scope's, by the action's default. */
const inFlight = 8

/** How long an apply of these changes takes, in seconds. */
export function expectSeconds(changes: readonly Change[]): number {
  const scope = changes.filter(writesScope).length
  return expectSecondsOf({ scope, others: changes.length - scope })
}

/** The same for so many writes to the scope and so many others: the longer of the scope's lane and the rest. */
export function expectSecondsOf(writes: {
  readonly scope: number
  readonly others: number
}): number {
  const throttled = Math.max(0, writes.others - burst) / writesASecond
  const sideBySide = (writes.others / inFlight) * otherWriteSeconds
  return Math.ceil(Math.max(writes.scope * scopeWriteSeconds, throttled, sideBySide))
}
