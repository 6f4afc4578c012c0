/** How often a request was sent, over which time, and its last answer. */
export interface Attempts {
  readonly tries: number
  /** Milliseconds from the first try to the last answer. */
  readonly elapsed: number
  /** A wait in milliseconds that Azure asked for, but that was too long. */
  readonly refusedWait?: number
  readonly answer?: Answer
}

/** The raw answer, before the SDK drops what it has no model for. */
export interface Answer {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly text: string
  readonly correlationId: string | undefined
}

// Keyed by the request, because an SDK error refers only to its request.
const kept = new WeakMap<object, Attempts>()

/** Records the attempts of a request. */
export function recordAttempts(request: object, attempts: Attempts): void {
  kept.set(request, attempts)
}

/** The attempts of a request that went through our pipeline. */
export function attemptsOf(request: object): Attempts | undefined {
  return kept.get(request)
}

/** " after 5 tries in 31 s"; empty for a single quick try. */
export function describeTries(attempts: Attempts | undefined): string {
  if (attempts === undefined) return ''
  const { tries, elapsed, refusedWait } = attempts
  const again =
    refusedWait === undefined
      ? ''
      : `, and Azure asked to wait another ${Math.ceil(refusedWait / 1000)} s, longer than this run may wait`
  if (tries <= 1) return again === '' ? '' : ` after one try${again}`
  return ` after ${tries} tries in ${Math.max(1, Math.round(elapsed / 1000))} s${again}`
}

/** The correlation id, which Microsoft's support asks for. */
export function correlationIdOf(headers: {
  get(name: string): string | undefined
}): string | undefined {
  return headers.get('x-ms-correlation-request-id') ?? headers.get('x-ms-request-id')
}
