import type { HostPart, SimulatedRequest } from '../http.ts'

/** A simulated failure. */
export interface Fault {
  readonly match: {
    readonly method?: string
    /** Matched against the path as sent, without the query. */
    readonly path?: RegExp
    readonly host?: HostPart
  }
  /** The number of matching requests that pass first. */
  readonly after?: number
  /** How many requests it applies to; default: all. */
  readonly times?: number
  readonly do: FaultEffect
  /** `404-after-create`: how many GETs of the created resource answer 404. Default 1. */
  readonly gets?: number
}

export type FaultEffect =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | { readonly delayMs: number }
  | 'reset-before'
  | 'reset-after-commit'
  | 'hang'
  | 'html-502'
  | 'lro-failed'
  | 'lro-canceled'
  | 'lro-never'
  | '404-after-create'

/** The active faults. Only the first one that matches a request applies. */
export class Faults {
  readonly #waiting: { fault: Fault; seen: number; struck: number }[] = []

  add(fault: Fault): void {
    this.#waiting.push({ fault, seen: 0, struck: 0 })
  }

  /** The fault that applies to this request, if any. */
  strike(request: SimulatedRequest, host: HostPart): Fault | undefined {
    for (const entry of this.#waiting) {
      const { fault } = entry
      if (entry.struck >= (fault.times ?? Infinity) || !meets(fault, request, host)) continue
      entry.seen += 1
      if (entry.seen <= (fault.after ?? 0)) continue
      entry.struck += 1
      return fault
    }
    return undefined
  }
}

function meets({ match }: Fault, request: SimulatedRequest, host: HostPart): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false
  if (match.host !== undefined && match.host !== host) return false
  return (
    match.path === undefined ||
    new RegExp(match.path, match.path.flags.replace(/[gy]/g, '')).test(request.path)
  )
}
