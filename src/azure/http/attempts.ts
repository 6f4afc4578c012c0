/** How often a request was sent, over how long, and what it was answered last. */
export interface Attempts {
  readonly tries: number
  /** Milliseconds from the first try to the last answer. */
  readonly elapsed: number
  /** Milliseconds that Azure asked to wait and that were too long to wait. */
  readonly refusedWait?: number
  readonly answer?: Answer
}

/** An answer as the SDK saw it, before it dropped what it has no model for. */
export interface Answer {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly text: string
  readonly correlationId: string | undefined
}

// Kept beside the request, for that is all an error of the SDK leads back to.
const kept = new WeakMap<object, Attempts>()

/** Remembers what became of a request. */
export function noteAttempts(request: object, attempts: Attempts): void {
  kept.set(request, attempts)
}

/** What became of a request that went through our pipeline. */
export function attemptsOf(request: object): Attempts | undefined {
  return kept.get(request)
}

/** " after 5 tries in 31 s"; empty for a single quick try. */
export function inTries(attempts: Attempts | undefined): string {
  if (attempts === undefined) return ''
  const { tries, elapsed, refusedWait } = attempts
  const again =
    refusedWait === undefined
      ? ''
      : `, and asked to wait another ${Math.ceil(refusedWait / 1000)} s, longer than this run waits`
  if (tries <= 1) return again === '' ? '' : ` after one try${again}`
  return ` after ${tries} tries in ${Math.max(1, Math.round(elapsed / 1000))} s${again}`
}

/** What Microsoft's support asks for. */
export function correlationIdOf(headers: {
  get(name: string): string | undefined
}): string | undefined {
  return headers.get('x-ms-correlation-request-id') ?? headers.get('x-ms-request-id')
}
