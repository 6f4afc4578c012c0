import type { AbortSignalLike, Clock } from './clock.ts'

/** An allowance of Azure, as far as it can be told from here. */
export interface Bucket {
  /** Waits, first come first served, until one more request fits; resolves with its ticket. */
  take(signal?: AbortSignalLike): Promise<Ticket>
  /** Nobody goes before that time (milliseconds since the epoch). */
  pauseUntil(time: number): void
}

/** One request that was let through: tells the bucket what its answer said is left. */
export interface Ticket {
  learn(left: number, resetsIn?: number): void
}

export interface TokenBucketSize {
  /** Requests that may go at once. */
  readonly capacity: number
  /** Requests that come back each second. */
  readonly perSecond: number
}

/** Lets one caller after the other through, each as soon as `wait()` is down to 0. */
function doorman(clock: Clock, wait: () => number) {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(enter: () => T, signal?: AbortSignalLike): Promise<T> => {
    const turn = last.then(async () => {
      for (let ms = wait(); ms > 0; ms = wait()) await clock.sleep(Math.ceil(ms), signal)
      return enter()
    })
    // The next caller waits for this one to be through or gone, whichever.
    last = turn.catch(() => undefined)
    return turn
  }
}

/**
 * Azure Resource Manager's token bucket (facts section 2.2), kept in step with what the answers
 * say. They may only lower what is left: an old answer, or one of another front end, says too much.
 */
export function tokenBucket(size: TokenBucketSize, clock: Clock): Bucket {
  return bucketOf({ ...size, since: clock.now(), tokens: size.capacity }, clock)
}

/**
 * The allowance of a resource provider, unknown until an answer tells what is left: unlimited
 * before, then refilled within a minute (quirk 17). `least` is the smallest capacity to assume: the
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
  /** When `tokens` was right. */
  since: number
  /** Set where nothing was published, so that the answers are believed upward too. */
  readonly least?: number
}

/**
 * Requests that are never drawn: what comes back in a quarter of a second, and no more than a fiftieth.
 * Requests take unlike times to get to Azure, so that it counts a little otherwise than we do, and a 429
 * costs a second.
 */
function spare({ perSecond, capacity }: BucketState): number {
  return Math.floor(Math.min(perSecond / 4, capacity / 50))
}

/** Requests by which an answer must differ upward to be believed: it is a little old when it comes. */
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
  const pass = doorman(clock, wait)
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
      // What was left did not help; afterwards start with one and go on at the bucket's pace.
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
 * Resource Graph's quota: so many queries, then none until the window ends; the answers tell both
 * (facts section 2.3).
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
  const pass = doorman(clock, wait)
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
            // An answer to a query of an earlier window says nothing about this one.
            if (mine !== window) return
            left = Math.max(0, remaining - (taken - number))
            const now = clock.now()
            // Azure's window opened with the first query, at the latest when it was answered.
            const isFresh = opens && remaining === size.queries - 1
            if (isFresh) ends = now + size.milliseconds
            if (resetsIn === undefined) return
            // Told in whole seconds, so it counts only where it is about another window than ours.
            const told = now + resetsIn
            if ((opens && !isFresh) || Math.abs(told - ends) > 1000) ends = told
          },
        }
      }, signal),
    pauseUntil(time) {
      left = 0
      ends = Math.max(ends, time)
    },
  }
}
