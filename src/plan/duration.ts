import type { Change } from './plan.ts'
import { writesScope } from './schedule.ts'

/** Seconds that one write to a scope takes: 20 to 40 recorded (recordings, quirk 11), 10 to 40 in contract section 6. */
export const scopeWriteSeconds = 20
/** Other writes a second that Azure's published bucket refills (facts, section 2.2). */
const writesASecond = 10
/** Writes that the bucket holds when full. */
const burst = 200
const otherWriteSeconds = 2

/** How long an apply of these changes takes, in seconds: the longer of the scope's lane and the rest. */
export function expectSeconds(changes: readonly Change[]): number {
  if (changes.length === 0) return 0
  const scope = changes.filter(writesScope).length
  const others = changes.length - scope
  const throttled = Math.max(0, others - burst) / writesASecond
  const rest = others === 0 ? 0 : throttled + (others / 8) * otherWriteSeconds
  return Math.ceil(Math.max(scope * scopeWriteSeconds, rest))
}
