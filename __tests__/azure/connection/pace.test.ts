import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Arm } from '../../../src/azure/arm.ts'
import { learningBucket, quotaWindow, tokenBucket } from '../../../src/azure/http/bucket.ts'
import { systemClock } from '../../../src/azure/http/clock.ts'
import { gate } from '../../../src/azure/http/gate.ts'
import { errorOf, fakeArm, inFakeTime, type Reply, type Sent } from './support.ts'

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') })
})
afterEach(() => {
  jest.useRealTimers()
})

const start = Date.parse('2026-11-22T10:00:00Z')
const seconds = (time: number) => (time - start) / 1000

function sub(n: number): string {
  return `/subscriptions/${n}${n}${n}${n}`
}
const endpoint = (n: number, name: string) =>
  `${sub(n)}/resourceGroups/rg/providers/Microsoft.Insights/dataCollectionEndpoints/${name}`
const association = (n: number, vm: string) =>
  `${sub(n)}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${vm}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`

/**
 * Sends requests with limited concurrency; resolves with the time of the last answer in seconds.
 */
async function many(
  arm: Arm,
  method: 'GET' | 'PUT' | 'DELETE' | 'POST',
  paths: readonly string[],
  atATime: number,
): Promise<number> {
  const queue = [...paths]
  const worker = async () => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift())
      await arm.send({
        method,
        path,
        apiVersion: '1',
        what: 'do it',
        ...(method === 'PUT' || method === 'POST' ? { body: {} } : {}),
      })
  }
  await inFakeTime(Promise.all(Array.from({ length: atATime }, worker)))
  return seconds(Date.now())
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`)

/** A Resource Manager that counts down a rate limit and refuses requests beyond it. */
function limited(
  size: { capacity: number; perSecond: number },
  header: string,
  ms: number,
  refused: { count: number },
): (sent: Sent) => Reply {
  let tokens = size.capacity
  let since = start
  return () => {
    tokens = Math.min(size.capacity, tokens + ((Date.now() - since) / 1000) * size.perSecond)
    since = Date.now()
    if (tokens < 1) {
      refused.count += 1
      return { status: 429, headers: { 'Retry-After': '5', [header]: '0' }, ms }
    }
    tokens -= 1
    return { status: 200, headers: { [header]: String(Math.floor(tokens)) }, body: {}, ms }
  }
}

describe('the pace of one subscription', () => {
  it('is 200 writes at once and 10 a second after', async () => {
    const refused = { count: 0 }
    const { arm, sent } = fakeArm(
      limited(
        { capacity: 200, perSecond: 10 },
        'x-ms-ratelimit-remaining-subscription-writes',
        150,
        refused,
      ),
    )
    const paths = names(400).map(
      (name) => `${sub(1)}/resourceGroups/rg/providers/Microsoft.X/things/${name}`,
    )
    const took = await many(arm, 'PUT', paths, 64)
    expect(refused.count).toBe(0)
    expect(sent).toHaveLength(400)
    // 200 of 400 from the bucket, the rest at 10 a second: 20 s is the bound.
    expect(took).toBeGreaterThan(19)
    expect(took).toBeLessThan(22)
  })

  it('is 250 reads at once and 25 a second after', async () => {
    const { arm } = fakeArm(() => ({ status: 200, body: {}, ms: 80 }))
    const took = await many(
      arm,
      'GET',
      names(500).map((name) => `${sub(1)}/resourceGroups/${name}`),
      64,
    )
    expect(took).toBeGreaterThan(9.9)
    expect(took).toBeLessThan(10.5)
  })

  it('does not slow down another subscription or class', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 200, body: {} }))
    const paths = names(220).map((name) => `${sub(1)}/resourceGroups/${name}`)
    const writes = many(arm, 'PUT', paths, 220)
    await many(arm, 'PUT', [`${sub(2)}/resourceGroups/x`], 1)
    await many(arm, 'DELETE', [`${sub(1)}/resourceGroups/x`], 1)
    await writes
    const other = sent.filter((s) => s.url.includes('/2222/') || s.method === 'DELETE')
    expect(other.map((s) => seconds(s.at))).toEqual([0, 0])
  })

  it('follows the answers down if another client uses the limit', async () => {
    const refused = { count: 0 }
    const { arm } = fakeArm(
      limited(
        { capacity: 20, perSecond: 10 },
        'x-ms-ratelimit-remaining-subscription-writes',
        50,
        refused,
      ),
    )
    await many(
      arm,
      'PUT',
      names(60).map((name) => `${sub(1)}/resourceGroups/${name}`),
      4,
    )
    expect(refused.count).toBeLessThanOrEqual(1)
  })

  it('gives no 429 to a run that starts when the limit is used up', async () => {
    const refused = { count: 0 }
    const header = 'x-ms-ratelimit-remaining-subscription-reads'
    const reply = limited({ capacity: 250, perSecond: 25 }, header, 80, refused)
    for (let used = 0; used < 240; used += 1) reply({} as Sent)
    const { arm } = fakeArm(reply)
    const took = await many(
      arm,
      'GET',
      names(150).map((name) => `${sub(1)}/resourceGroups/${name}`),
      150,
    )
    expect(refused.count).toBe(0)
    expect(took).toBeGreaterThan(5.6)
    expect(took).toBeLessThan(6.2)
  })

  it('keeps a reserve, because requests arrive with varying delay', async () => {
    // The first request arrived 150 ms later than the others, so Azure's bucket is that far behind.
    let used = 0
    let refused = 0
    const { arm } = fakeArm(() => {
      const left = 250 - used + 25 * Math.max(0, seconds(Date.now()) - 0.15)
      if (left < 1) {
        refused += 1
        return { status: 429, headers: { 'Retry-After': '1' }, ms: 80 }
      }
      used += 1
      return { status: 200, body: {}, ms: 80 }
    })
    const paths = names(400).map((name) => `${sub(1)}/resourceGroups/${name}`)
    await many(arm, 'GET', paths, 64)
    expect(refused).toBe(0)
  })

  it('waits at most a second for the first answer', async () => {
    const { arm, sent } = fakeArm((_, nth) => ({
      status: 200,
      body: {},
      ms: nth === 1 ? 20_000 : 80,
    }))
    const paths = names(3).map((name) => `${sub(1)}/resourceGroups/${name}`)
    await many(arm, 'GET', paths, 3)
    expect(sent.map((s) => seconds(s.at))).toEqual([0, 1, 1])
  })

  it('pauses all requests on a 429, for as long as Azure asks', async () => {
    const { arm, sent } = fakeArm((_, nth) =>
      nth === 1 ? { status: 429, headers: { 'Retry-After': '30' } } : { status: 200, body: {} },
    )
    const path = `${sub(1)}/resourceGroups/rg`
    const first = arm.send({ method: 'PUT', path, body: {}, what: 'write' })
    await jest.advanceTimersByTimeAsync(1000)
    const others = Promise.all(
      [1, 2].map(() => arm.send({ method: 'PUT', path, body: {}, what: 'write' })),
    )
    const read = arm.send({ method: 'GET', path, what: 'read' })
    await inFakeTime(Promise.all([first, others, read]))
    const writes = sent.filter((s) => s.method === 'PUT').map((s) => seconds(s.at))
    expect(writes[0]).toBe(0)
    expect(writes.slice(1).every((at) => at >= 30 && at < 31)).toBe(true)
    expect(sent.find((s) => s.method === 'GET')?.at).toBe(start + 1000)
  })

  it('does not pause for a 429 about a lock', async () => {
    const lock: Reply = {
      status: 429,
      body: {
        error: { code: 'RetryableError', message: 'The call can be retried in 11 seconds.' },
      },
    }
    const { arm, sent } = fakeArm((_, nth) => (nth === 1 ? lock : { status: 200, body: {} }))
    const path = `${sub(1)}/resourceGroups/rg`
    const first = arm.send({ method: 'PUT', path, body: {}, what: 'write' })
    await jest.advanceTimersByTimeAsync(1000)
    const other = arm.send({ method: 'PUT', path, body: {}, what: 'write' })
    await inFakeTime(Promise.all([first, other]))
    expect(sent.map((s) => seconds(s.at))).toEqual([0, 1, 11])
  })
})

describe("the provider's own limit", () => {
  const header = 'x-ms-ratelimit-remaining-subscription-resource-requests'

  it('is respected for endpoints: 60, then one a second', async () => {
    const refused = { count: 0 }
    const { arm } = fakeArm(limited({ capacity: 60, perSecond: 1 }, header, 150, refused))
    const took = await many(
      arm,
      'PUT',
      names(100).map((n) => endpoint(1, n)),
      8,
    )
    expect(refused.count).toBe(0)
    expect(took).toBeGreaterThan(39)
    expect(took).toBeLessThan(44)
  })

  it('is respected for associations, separately: 300, then five a second', async () => {
    const refused = { count: 0 }
    const ofEndpoints = limited({ capacity: 60, perSecond: 1 }, header, 150, refused)
    const ofAssociations = limited({ capacity: 300, perSecond: 5 }, header, 150, refused)
    const { arm, sent } = fakeArm((one) =>
      one.url.includes('Associations') ? ofAssociations(one) : ofEndpoints(one),
    )
    await many(
      arm,
      'PUT',
      [...names(70).map((n) => endpoint(1, n)), ...names(60).map((n) => association(1, n))],
      40,
    )
    expect(refused.count).toBe(0)
    const associations = sent
      .filter((s) => s.url.includes('Associations'))
      .map((s) => seconds(s.at))
    expect(Math.max(...associations)).toBeLessThan(2)
  })

  it('is assumed to be larger than what is left when a run starts', async () => {
    const refused = { count: 0 }
    const reply = limited({ capacity: 60, perSecond: 1 }, header, 150, refused)
    for (let used = 0; used < 55; used += 1) reply({} as Sent)
    const { arm } = fakeArm(reply)
    const took = await many(
      arm,
      'PUT',
      names(45).map((n) => endpoint(1, n)),
      4,
    )
    expect(refused.count).toBeLessThanOrEqual(1)
    expect(took).toBeGreaterThan(38)
    expect(took).toBeLessThan(48)
  })

  it('with a window is waited for, and fully used again when the window reopens', async () => {
    // 60 in each minute, all at once.
    let window = 0
    let left = 60
    let refused = 0
    const { arm } = fakeArm(() => {
      const now = Math.floor((Date.now() - start) / 60_000)
      if (now !== window) [window, left] = [now, 60]
      if (left === 0) {
        refused += 1
        const wait = 60 - (seconds(Date.now()) % 60)
        return {
          status: 429,
          headers: { 'Retry-After': String(Math.ceil(wait)), [header]: '0' },
          ms: 100,
        }
      }
      left -= 1
      return { status: 200, headers: { [header]: String(left) }, body: {}, ms: 100 }
    })
    const took = await many(
      arm,
      'PUT',
      names(115).map((n) => endpoint(1, n)),
      8,
    )
    expect(refused).toBeLessThanOrEqual(3)
    expect(took).toBeLessThan(70)
  })
})

describe('Resource Graph', () => {
  const graph = '/providers/Microsoft.ResourceGraph/resources'

  it('gets 15 queries in 5 seconds, without a 429 reaching the caller', async () => {
    let left = 15
    let ends = 0
    let refused = 0
    const { arm, sent } = fakeArm(() => {
      if (Date.now() >= ends) [left, ends] = [15, Date.now() + 5000]
      const resets = `00:00:0${Math.ceil((ends - Date.now()) / 1000)}`
      if (left === 0) {
        refused += 1
        return {
          status: 429,
          headers: { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': resets },
        }
      }
      left -= 1
      return {
        status: 200,
        body: {},
        headers: {
          'x-ms-user-quota-remaining': String(left),
          'x-ms-user-quota-resets-after': resets,
        },
        ms: 80,
      }
    })
    const took = await many(
      arm,
      'POST',
      Array.from({ length: 40 }, () => graph),
      6,
    )
    expect(refused).toBe(0)
    expect(sent).toHaveLength(40)
    expect(arm.counts.queries).toBe(40)
    expect(took).toBeLessThan(12)
  })

  it('is waited for if another run has used up the quota', async () => {
    const { arm, sent } = fakeArm((_, nth) =>
      nth === 1
        ? {
            status: 429,
            headers: {
              'x-ms-user-quota-remaining': '0',
              'x-ms-user-quota-resets-after': '00:00:04',
            },
          }
        : {
            status: 200,
            body: {},
            headers: {
              'x-ms-user-quota-remaining': '14',
              'x-ms-user-quota-resets-after': '00:00:05',
            },
          },
    )
    await many(arm, 'POST', [graph], 1)
    expect(sent.map((s) => seconds(s.at))).toEqual([0, 4])
  })
})

describe('reads in flight', () => {
  it('are at most 32', async () => {
    let now = 0
    let most = 0
    const { arm } = fakeArm(() => {
      now += 1
      most = Math.max(most, now)
      setTimeout(() => (now -= 1), 100)
      return { status: 200, body: {}, ms: 100 }
    })
    await many(
      arm,
      'GET',
      names(100).map((n) => `${sub(1)}/resourceGroups/${n}`),
      100,
    )
    expect(most).toBe(32)
  })
})

describe('a bucket', () => {
  it('admits callers in order of arrival', async () => {
    const bucket = tokenBucket({ capacity: 1, perSecond: 1 }, systemClock)
    const order: number[] = []
    const all = [1, 2, 3].map(async (n) => {
      await bucket.take()
      order.push(n)
    })
    await inFakeTime(Promise.all(all))
    expect(order).toEqual([1, 2, 3])
    expect(seconds(Date.now())).toBe(2)
  })

  it('continues when a caller has given up', async () => {
    const bucket = tokenBucket({ capacity: 1, perSecond: 0.1 }, systemClock)
    await bucket.take()
    const stop = new AbortController()
    const gone = errorOf(bucket.take(stop.signal))
    const next = bucket.take()
    setTimeout(() => stop.abort(), 1000)
    expect(await inFakeTime(gone)).toMatchObject({ name: 'AbortError' })
    await inFakeTime(next)
    expect(seconds(Date.now())).toBe(10)
  })

  it('ignores an answer that reports more than the published limit', async () => {
    const bucket = tokenBucket({ capacity: 2, perSecond: 1 }, systemClock)
    const ticket = await bucket.take()
    await bucket.take()
    ticket.learn(1199)
    await inFakeTime(bucket.take())
    expect(seconds(Date.now())).toBe(1)
  })

  it('that learns starts without a limit and refills within a minute', async () => {
    const bucket = learningBucket(60, systemClock)
    const tickets = await Promise.all(Array.from({ length: 100 }, () => bucket.take()))
    tickets.at(-1)?.learn(0)
    await inFakeTime(bucket.take())
    expect(seconds(Date.now())).toBe(1)
  })

  it('of queries ignores answers from an earlier window', async () => {
    const bucket = quotaWindow({ queries: 2, milliseconds: 5000 }, systemClock)
    const old = await bucket.take()
    await bucket.take()
    await inFakeTime(bucket.take())
    expect(seconds(Date.now())).toBe(5)
    old.learn(0, 5000)
    await inFakeTime(bucket.take())
    expect(seconds(Date.now())).toBe(5)
  })
})

describe('a gate', () => {
  it('does not give a place to a caller that gave up, but to the next one', async () => {
    const door = gate(1)
    const leave = await door.enter()
    const stop = new AbortController()
    const gone = errorOf(door.enter(stop.signal))
    const next = door.enter()
    stop.abort()
    expect(await gone).toMatchObject({ name: 'AbortError' })
    leave()
    const out = await next
    out()
    await door.enter()
    expect(await errorOf(door.enter(AbortSignal.abort()))).toMatchObject({ name: 'AbortError' })
  })
})
