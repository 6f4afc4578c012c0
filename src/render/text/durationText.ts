import { writesScope } from '../../plan/schedule/schedule.ts'
import type { Change } from '../../plan/plan.ts'
import { plural } from './words.ts'

/** A duration in words, in seconds: `under 5 s`, `45 s`, `2 min 5 s`, `2 h 17 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const minutes = Math.round(whole / 60)
  if (whole < 60) return `${whole} s`
  if (whole < 600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ''}`
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return `${Math.floor(minutes / 60)} h${rest ? ` ${rest} min` : ''}`
}

/** A measured time in milliseconds: `0.4 s`, `12 s`, `2 min 5 s`. */
export function elapsed(milliseconds: number): string {
  return milliseconds < 9950
    ? `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`
    : duration(milliseconds / 1000)
}

/** A rounded estimate: `under 10 s`, `40 s`, `3 min`, `2 h 17 min`. */
export function roughly(seconds: number): string {
  if (seconds < 10) return 'under 10 s'
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} s`
  return `about ${duration(Math.round(seconds / 60) * 60)}`
}

/**
 * The expected duration of an apply and its reason: `about 2 h 17 min (412 scope writes, one at a
 * time, about 20 s each)`. `undefined` without an estimate.
 */
export function estimate(
  expectedSeconds: number | undefined,
  changes: readonly Change[],
): string | undefined {
  if (expectedSeconds === undefined || changes.length === 0) return undefined
  const writes = changes.filter(writesScope).length
  const each = writes > 1 ? Math.round(expectedSeconds / writes) : 0
  if (each < 5) return roughly(expectedSeconds)
  return `${roughly(expectedSeconds)} (${plural(writes, 'scope write')}, one at a time, about ${each} s each)`
}
