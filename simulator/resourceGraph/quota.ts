/** The quota headers of an answer, and whether this query is within the quota. */
export interface Allowance {
  readonly allowed: boolean
  readonly remaining: number
  /** Milliseconds until the window ends. */
  readonly resetsAfter: number
}

/** 15 queries in 5 seconds (Learn, guidance for throttled requests). */
const queries = 15
const window = 5000

/** Counts queries per principal in windows of 5 seconds, each starting with its first query. */
export function createQuota(now: () => number): (principal: string) => Allowance {
  const windows = new Map<string, { opened: number; used: number }>()
  return (principal) => {
    const time = now()
    const last = windows.get(principal)
    const current =
      last !== undefined && time < last.opened + window ? last : { opened: time, used: 0 }
    const allowed = current.used < queries
    if (allowed) current.used++
    windows.set(principal, current)
    return {
      allowed,
      remaining: queries - current.used,
      resetsAfter: current.opened + window - time,
    }
  }
}

/** The header values without a quota: those recorded with a first query. */
export const unlimited: Allowance = { allowed: true, remaining: queries - 1, resetsAfter: window }

/** The two headers that every answer of Resource Graph carries. */
export function quotaHeaders({ remaining, resetsAfter }: Allowance): Record<string, string> {
  return {
    'x-ms-user-quota-remaining': String(remaining),
    'x-ms-user-quota-resets-after': new Date(seconds(resetsAfter) * 1000)
      .toISOString()
      .slice(11, 19),
  }
}

/** Whole seconds, rounded up: waiting that long is always enough. */
export function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000)
}
