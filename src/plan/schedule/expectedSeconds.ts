import type { Change } from '../plan.ts'
import { writesScope } from './schedule.ts'

/** Seconds for one write to a scope: 20 to 40 in recordings (quirk 11), 10 to 40 in contract section 6. */
export const scopeWriteSeconds = 20
/** Refill rate of Azure's token bucket for other writes, per second (facts, section 2.2). */
const writesASecond = 10
/** Capacity of the bucket, in writes. */
const burst = 200
const otherWriteSeconds = 2
/** Default number of concurrent writes outside the scope. */
const inFlight = 8

/** Expected duration of an apply of these changes, in seconds. */
export function expectSeconds(changes: readonly Change[]): number {
  const scope = changes.filter(writesScope).length
  return expectSecondsOf({ scope, others: changes.length - scope })
}

/** The same for given numbers of writes: the scope's writes and the others run in parallel, so the longer of both counts. */
export function expectSecondsOf(writes: {
  readonly scope: number
  readonly others: number
}): number {
  const throttled = Math.max(0, writes.others - burst) / writesASecond
  const concurrent = (writes.others / inFlight) * otherWriteSeconds
  return Math.ceil(Math.max(writes.scope * scopeWriteSeconds, throttled, concurrent))
}
