import type { AbortSignalLike, Clock } from './clock.ts'

/** A rate limit of Azure, as tracked by the client. */
export interface Bucket {
  /** Waits, first come first served, until another request is allowed; resolves with its ticket. */
  take(signal?: AbortSignalLike): Promise<Ticket>
  /** Blocks all requests until that time (milliseconds since the epoch). */
  pauseUntil(time: number): void
}

/** An allowed request; `learn` updates the bucket with the remaining count from its answer. */
export interface Ticket {
  learn(left: number, resetsIn?: number): void
}

export interface TokenBucketSize {
  /** Requests allowed in a burst. */
  readonly capacity: number
  /** Requests refilled per second. */
  readonly perSecond: number
}

/** Admits callers one after the other, each once `wait()` returns 0. */
function queueUntil(clock: Clock, wait: () => number) {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(enter: () => T, signal?: AbortSignalLike): Promise<T> => {
    const turn = last.then(async () => {
      for (let ms = wait(); ms > 0; ms = wait()) await clock.sleep(Math.ceil(ms), signal)
      return enter()
    })
    // The next caller waits until this one was admitted or gave up.
    last = turn.catch(() => undefined)
    return turn
  }
}

/**
 * Azure Resource Manager's token bucket (facts section 2.2), synchronized with the answers. They
 * may only lower the count: an old answer, or one from another front end, reports too much.
 */
export function tokenBucket(size: TokenBucketSize, clock: Clock): Bucket {
  return bucketOf({ ...size, since: clock.now(), tokens: size.capacity }, clock)
}

/**
 * The rate limit of a resource provider: unlimited until an answer reports the remaining count,
 * then refilled within a minute (quirk 17). `least` is the smallest capacity to assume, because the
 * first answer may come when most of it is used up.
 */
export function learningBucket(least: number, clock: Clock): Bucket {
  const state = { capacity: Infinity, perSecond: 0, since: clock.now(), tokens: Infinity }
  return bucketOf({ ...state, least }, clock)
}

interface BucketState {
  capacity: number
  perSecond: number
  tokens: number
  /** The time at which `tokens` was correct. */
  since: number
  /** Set if no limit is published; then answers may raise the count too. */
  readonly least?: number
}

/**
 * Tokens kept in reserve: the refill of a quarter of a second, at most a fiftieth of the capacity.
 * Requests reach Azure with varying delay, so its count differs slightly from ours, and a 429 costs
 * a second.
 */
function spare({ perSecond, capacity }: BucketState): number {
  return Math.floor(Math.min(perSecond / 4, capacity / 50))
}

/** An answer must exceed our count by this to raise it, because answers arrive slightly late. */
const slack = 5

function bucketOf(state: BucketState, clock: Clock): Bucket {
  let taken = 0
  const refill = () => {
    const now = clock.now()
    if (now <= state.since) return
    const gained = (state.perSecond * (now - state.since)) / 1000
    state.tokens = Math.min(state.capacity, state.tokens + gained)
    state.since = now
  }
  const wait = () => {
    refill()
    const pause = Math.max(0, state.since - clock.now())
    const missing = 1 + spare(state) - state.tokens
    return missing <= 0 ? pause : pause + (missing / state.perSecond) * 1000
  }
  const pass = queueUntil(clock, wait)
  return {
    take: (signal) =>
      pass(() => {
        state.tokens -= 1
        taken += 1
        const [at, number] = [clock.now(), taken]
        return { learn: (left) => adjust(state, left, at, taken - number, refill, clock) }
      }, signal),
    pauseUntil(time) {
      refill()
      if (time <= state.since) return
      state.since = time
      // The remaining tokens were wrong: continue with one token, at the bucket's rate.
      if (state.capacity !== Infinity) state.tokens = 1 + spare(state)
    },
  }
}

function adjust(
  state: BucketState,
  left: number,
  at: number,
  takenSince: number,
  refill: () => void,
  clock: Clock,
): void {
  const { least, capacity } = state
  const isFirst = capacity === Infinity
  if (least !== undefined && (isFirst || left + 1 > capacity)) {
    state.capacity = Math.max(left + 1, least)
    state.perSecond = state.capacity / 60
  }
  refill()
  state.tokens = Math.min(state.tokens, state.capacity)
  const gained = (state.perSecond * (clock.now() - at)) / 1000
  const now = Math.min(state.capacity, left + gained - takenSince)
  if (isFirst || now + 1 < state.tokens) state.tokens = Math.max(0, now)
  else if (state.least !== undefined && now > state.tokens + slack) state.tokens = now - slack
}

/**
 * Resource Graph's quota: a number of queries per window. The answers report the remaining number
 * and the end of the window (facts section 2.3).
 */
export function quotaWindow(
  size: { readonly queries: number; readonly milliseconds: number },
  clock: Clock,
): Bucket {
  let left = size.queries
  let ends = 0
  let window = 0
  let taken = 0
  const wait = () => {
    if (clock.now() >= ends && ends !== 0) {
      left = size.queries
      ends = 0
      window += 1
    }
    return left > 0 ? 0 : ends - clock.now()
  }
  const pass = queueUntil(clock, wait)
  return {
    take: (signal) =>
      pass(() => {
        const opens = ends === 0
        if (opens) ends = clock.now() + size.milliseconds
        left -= 1
        taken += 1
        const [mine, number] = [window, taken]
        return {
          learn(remaining, resetsIn) {
            // An answer to a query of an earlier window does not apply to this one.
            if (mine !== window) return
            left = Math.max(0, remaining - (taken - number))
            const now = clock.now()
            // Azure's window started with the first query, at the latest when it was answered.
            const isFresh = opens && remaining === size.queries - 1
            if (isFresh) ends = now + size.milliseconds
            if (resetsIn === undefined) return
            // It has a resolution of one second, so it only counts if it clearly differs from our
            // window.
            const reported = now + resetsIn
            if ((opens && !isFresh) || Math.abs(reported - ends) > 1000) ends = reported
          },
        }
      }, signal),
    pauseUntil(time) {
      left = 0
      ends = Math.max(ends, time)
    },
  }
}
