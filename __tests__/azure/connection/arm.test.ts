import { afterEach, beforeEach, describe, expect, it, jest, test } from '@jest/globals'
import { type ArmRequest, asAzureError } from '../../../src/azure/arm.ts'
import { systemClock } from '../../../src/azure/http/clock.ts'
import { tokenSource } from '../../../src/azure/http/tokens.ts'
import { version } from '../../../src/azure/http/userAgent.ts'
import { AzureError, InputError } from '../../../src/errors.ts'
import { errorOf, fakeArm, inFakeTime, type Reply } from './support.ts'

const sub = '/subscriptions/11111111-1111-1111-1111-111111111111'
const dce = `${sub}/resourceGroups/rg/providers/Microsoft.Insights/dataCollectionEndpoints/dce`
const graph = '/providers/Microsoft.ResourceGraph/resources'

const read: ArmRequest = {
  method: 'GET',
  path: dce,
  apiVersion: '2022-06-01',
  what: 'read the endpoint dce',
}
const write: ArmRequest = {
  ...read,
  method: 'PUT',
  body: { location: 'westeurope' },
  what: 'write the endpoint dce',
}

const ok: Reply = { status: 200, body: { id: dce } }

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') })
})
afterEach(() => {
  jest.useRealTimers()
})

describe('one request', () => {
  it('is sent as intended, with token, user agent and request id', async () => {
    const { arm, sent } = fakeArm(() => ok)
    const answer = await inFakeTime(arm.send({ ...read, query: { $filter: 'a b' } }))
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ id: dce })
    expect(sent).toHaveLength(1)
    expect(sent[0]?.url).toBe(
      `https://management.azure.com${dce}?%24filter=a+b&api-version=2022-06-01`,
    )
    expect(sent[0]?.authorization).toBe('Bearer token-1')
    expect(sent[0]?.userAgent).toMatch(new RegExp(`^azure-monitor-private-link/${version} `))
    expect(sent[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(arm.counts).toEqual({
      reads: 1,
      queries: 0,
      writes: 0,
      deletes: 0,
      signIns: 0,
      telemetry: 0,
    })
  })

  it('keeps special characters of a name within the path', async () => {
    const { arm, sent } = fakeArm(() => ok)
    await inFakeTime(arm.send({ ...read, path: `${sub}/resourceGroups/a?b#c%d é` }))
    expect(sent[0]?.url).toBe(
      `https://management.azure.com${sub}/resourceGroups/a%3Fb%23c%25d%20%C3%A9?api-version=2022-06-01`,
    )
  })

  it('does not leave its path', async () => {
    const { arm, sent } = fakeArm(() => ok)
    for (const path of [`${sub}/../providers/x`, 'subscriptions/x', `${sub}/.\\x`]) {
      expect(await errorOf(inFakeTime(arm.send({ ...read, path })))).toBeInstanceOf(AzureError)
    }
    expect(sent).toEqual([])
  })

  it('follows an absolute URL of the Resource Manager and adds no second api-version', async () => {
    const { arm, sent } = fakeArm(() => ok)
    const path = 'https://management.azure.com/next?api-version=1&$skip=2'
    await inFakeTime(arm.send({ ...read, path }))
    expect(sent[0]?.url).toBe(path)
  })

  it('returns an accepted error as an answer, even if empty', async () => {
    const { arm } = fakeArm(() => ({ status: 404 }))
    const answer = await inFakeTime(arm.send({ ...read, accept: [404] }))
    expect({ status: answer.status, body: answer.body }).toEqual({ status: 404, body: undefined })
  })

  it('fails on an answer that is not JSON', async () => {
    const { arm } = fakeArm(() => ({ status: 200, body: '<html>sign in</html>' }))
    const error = await errorOf(inFakeTime(arm.send(read)))
    expect(error).toMatchObject({
      message: 'Could not read the endpoint dce: Azure answered 200, but not with JSON',
    })
  })

  it('fails with code, status, message and correlation id', async () => {
    const { arm, sent } = fakeArm(() => ({
      status: 409,
      headers: { 'x-ms-correlation-request-id': 'c-1', 'x-ms-request-id': 'r-1' },
      body: { error: { code: 'Conflict', message: 'It is busy.' } },
    }))
    const error = await errorOf(inFakeTime(arm.send(write)))
    expect(error).toBeInstanceOf(AzureError)
    expect(error).toMatchObject({
      message: 'Could not write the endpoint dce: Azure answered 409 Conflict: It is busy.',
      code: 'Conflict',
      status: 409,
      reason: 'azure-error',
      correlationId: 'c-1',
    })
    expect(sent).toHaveLength(1)
  })
})

describe('a run that may not write', () => {
  const forbidden: [string, ArmRequest][] = [
    ['PUT', write],
    ['PATCH', { ...write, method: 'PATCH' }],
    ['DELETE', { ...read, method: 'DELETE' }],
    ['POST to anything else', { ...read, method: 'POST', path: `${dce}/listKeys` }],
    ['POST to a path below Resource Graph', { ...read, method: 'POST', path: `${graph}/x` }],
    ['POST to Resource Graph at another path', { ...read, method: 'POST', path: `${sub}${graph}` }],
  ]
  test.each(forbidden)('never sends %s', async (_, request) => {
    const { arm, sent } = fakeArm(() => ok, { writes: 'refused' })
    const error = await errorOf(inFakeTime(arm.send(request)))
    expect(error).toMatchObject({ code: 'WriteRefused' })
    expect(sent).toEqual([])
    expect(arm.counts.writes + arm.counts.deletes).toBe(0)
  })

  it('sends reads and queries', async () => {
    const { arm, sent } = fakeArm(() => ok, { writes: 'refused' })
    await inFakeTime(arm.send(read))
    await inFakeTime(arm.send({ ...read, method: 'POST', path: graph, body: {} }))
    expect(sent.map((s) => s.method)).toEqual(['GET', 'POST'])
    expect(arm.counts).toMatchObject({ reads: 1, queries: 1 })
  })

  it("restricts the SDK too, even if the SDK's pipeline is emptied", async () => {
    const { arm, sent } = fakeArm(() => ok, { writes: 'refused' })
    const client = arm.monitor('11111111-1111-1111-1111-111111111111')
    const writes = (): Promise<unknown>[] => [
      client.dataCollectionEndpoints.create('rg', 'dce', { body: { location: 'x' } }),
      client.dataCollectionEndpoints.delete('rg', 'dce'),
      client.dataCollectionRuleAssociations.delete(dce, 'configurationAccessEndpoint'),
      Promise.resolve(client.privateLinkScopedResources.delete('rg', 'ampls', 'x')),
    ]
    for (const one of writes())
      expect(asAzureError(await errorOf(inFakeTime(one)), 'x').code).toBe('WriteRefused')
    for (const policy of client.pipeline.getOrderedPolicies())
      client.pipeline.removePolicy({ name: policy.name })
    expect(client.pipeline.getOrderedPolicies()).toEqual([])
    for (const one of writes())
      expect(asAzureError(await errorOf(inFakeTime(one)), 'x').code).toBe('WriteRefused')
    expect(sent).toEqual([])
  })

  it('lets the SDK read, through the same pipeline', async () => {
    const { arm, sent } = fakeArm(
      () => ({ status: 200, body: { id: dce, name: 'dce', location: 'x', properties: {} } }),
      { writes: 'refused' },
    )
    const client = arm.monitor('11111111-1111-1111-1111-111111111111')
    expect(arm.monitor('11111111-1111-1111-1111-111111111111')).toBe(client)
    await inFakeTime(client.dataCollectionEndpoints.get('rg', 'dce'))
    expect(sent[0]?.authorization).toBe('Bearer token-1')
    expect(sent[0]?.userAgent).toMatch(/^azure-monitor-private-link\//)
  })
})

describe('a URL outside the Resource Manager', () => {
  const elsewhere = 'https://evil.example/steal'
  const foreign = {
    code: 'ForeignOrigin',
    message:
      'An answer of https://management.azure.com points to https://evil.example, which is not the Resource Manager that this run signed in to, so nothing was sent there',
  }
  const only = (sent: { url: string }[]) => sent.map((s) => new URL(s.url).host)

  it('is refused as a given URL', async () => {
    const { arm, sent } = fakeArm(() => ok)
    for (const path of [
      elsewhere,
      'https://management.azure.com.evil.example/',
      'http://management.azure.com/',
      'https://management.azure.com:444/',
    ])
      expect(await errorOf(inFakeTime(arm.send({ ...read, path })))).toMatchObject({
        code: 'ForeignOrigin',
      })
    expect(sent).toEqual([])
  })

  test.each([301, 302, 303, 307, 308])('is refused as a redirect with %i', async (status) => {
    const { arm, sent } = fakeArm(() => ({ status, headers: { location: elsewhere } }))
    expect(await errorOf(inFakeTime(arm.send(read)))).toMatchObject(foreign)
    expect(only(sent)).toEqual(['management.azure.com'])
  })

  it("is refused as the SDK's next page", async () => {
    const { arm, sent } = fakeArm(() => ({ status: 200, body: { value: [], nextLink: elsewhere } }))
    const pages = arm.monitor('s').dataCollectionEndpoints.listBySubscription()
    const all = async () => {
      for await (const page of pages) expect(page).toBeDefined()
    }
    expect(asAzureError(await errorOf(inFakeTime(all())), 'list')).toMatchObject(foreign)
    expect(only(sent)).toEqual(['management.azure.com'])
  })

  it('is refused as the URL of a long-running operation', async () => {
    const { arm, sent } = fakeArm(() => ({
      status: 202,
      headers: { 'azure-asyncoperation': elsewhere },
    }))
    const poller = arm.monitor('s').privateLinkScopedResources.delete('rg', 'ampls', 'x')
    expect(asAzureError(await errorOf(inFakeTime(Promise.resolve(poller))), 'x')).toMatchObject(
      foreign,
    )
    expect(only(sent)).toEqual(['management.azure.com'])
  })

  it('differs from a redirect within the Resource Manager, which keeps the token', async () => {
    const { arm, sent } = fakeArm((_, nth) =>
      nth === 1 ? { status: 307, headers: { location: '/moved?api-version=1' } } : ok,
    )
    expect((await inFakeTime(arm.send(read))).status).toBe(200)
    expect(sent.map((s) => [s.url, s.authorization])[1]).toEqual([
      'https://management.azure.com/moved?api-version=1',
      'Bearer token-1',
    ])
  })

  it('and an endless redirect ends', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 302, headers: { location: '/round' } }))
    expect(await errorOf(inFakeTime(arm.send(read)))).toMatchObject({ status: 302 })
    expect(sent).toHaveLength(6)
  })
})

describe('a transient failure', () => {
  const passing: [string, Reply, ArmRequest][] = [
    ['408', { status: 408 }, read],
    ['429 without a wait', { status: 429 }, write],
    ['500', { status: 500 }, write],
    ['502 with a page', { status: 502, body: '<html>Bad Gateway</html>' }, read],
    ['503', { status: 503 }, { ...read, method: 'DELETE' }],
    ['504', { status: 504 }, { ...read, method: 'PATCH' }],
    ['a reset', { breaks: 'ECONNRESET' }, write],
    ['a reset within the answer', { breaks: 'PARSE_ERROR' }, read],
    ['a name that does not resolve', { breaks: 'ENOTFOUND' }, read],
    ['a broken pipe', { breaks: 'EPIPE' }, write],
    ['503 of a query', { status: 503 }, { ...read, method: 'POST', path: graph, body: {} }],
  ]
  test.each(passing)('is retried: %s', async (_, reply, request) => {
    const { arm, sent } = fakeArm((_s, nth) => (nth <= 3 ? reply : ok))
    expect((await inFakeTime(arm.send(request))).status).toBe(200)
    expect(sent).toHaveLength(4)
    const requestIds = new Set(sent.map((s) => s.requestId))
    expect(requestIds.size).toBe(1)
  })

  it('is retried for the SDK too', async () => {
    const { arm, sent } = fakeArm((_s, nth) =>
      nth === 1
        ? { status: 503 }
        : { status: 200, body: { id: dce, name: 'dce', location: 'x', properties: {} } },
    )
    await inFakeTime(arm.monitor('s').dataCollectionEndpoints.get('rg', 'dce'))
    expect(sent).toHaveLength(2)
  })

  it('ends after five tries, as the error says', async () => {
    const { arm, sent } = fakeArm(() => ({
      status: 503,
      body: { error: { code: 'ServerTimeout', message: 'The request timed out.' } },
    }))
    const error = await errorOf(inFakeTime(arm.send(read)))
    expect(sent).toHaveLength(5)
    expect(arm.counts.reads).toBe(5)
    // 0.5 + 1 + 2 + 4 seconds: the jitter of these tests is 0.
    expect(error).toMatchObject({
      message:
        'Could not read the endpoint dce after 5 tries in 8 s: Azure answered 503 ServerTimeout: The request timed out.',
      status: 503,
      reason: 'azure-error',
    })
  })

  it('ends with the cause if there is no answer', async () => {
    const { arm } = fakeArm(() => ({ breaks: 'ECONNREFUSED' }))
    expect(await errorOf(inFakeTime(arm.send(read)))).toMatchObject({
      message:
        'Could not read the endpoint dce after 5 tries in 8 s: the connection to management.azure.com was refused (ECONNREFUSED)',
      remedy:
        'Check that the runner reaches this host: firewall, private DNS, and the variables HTTPS_PROXY and NO_PROXY. Then run the job again.',
      code: 'ECONNREFUSED',
    })
  })

  it('gives the same error for the SDK, whose own message says less', async () => {
    const { arm } = fakeArm(() => ({
      status: 502,
      body: '<html><title>502 Bad Gateway</title></html>',
    }))
    const error = await errorOf(
      inFakeTime(arm.monitor('s').dataCollectionEndpoints.get('rg', 'dce')),
    )
    expect(asAzureError(error, 'read the endpoint dce')).toMatchObject({
      message:
        'Could not read the endpoint dce after 5 tries in 8 s: Azure answered 502 Bad Gateway: 502 Bad Gateway',
      status: 502,
    })
  })

  it('shows errors that the SDK has no model for', async () => {
    const { arm } = fakeArm(() => ({
      status: 409,
      body: { Code: 'Conflict', Message: 'It is busy.' },
    }))
    const error = await errorOf(
      inFakeTime(arm.monitor('s').dataCollectionEndpoints.get('rg', 'dce')),
    )
    expect(asAzureError(error, 'read it').message).toBe(
      'Could not read it: Azure answered 409 Conflict: It is busy.',
    )
  })

  it('waits as long as Azure asks, and logs long waits', async () => {
    const lines: string[] = []
    const { arm, sent } = fakeArm(
      (_s, nth) => (nth === 1 ? { status: 503, headers: { 'Retry-After': '40' } } : ok),
      { log: (line) => lines.push(line) },
    )
    await inFakeTime(arm.send(read))
    expect((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0)).toBe(40_000)
    expect(lines).toEqual([`Azure answered 503 to GET ${dce}: try 2 of at most 5 in 40 s.`])
  })

  it('does not wait longer than five minutes in all', async () => {
    const { arm, sent } = fakeArm(() => ({
      status: 429,
      headers: { 'Retry-After': '324' },
      body: { error: { code: 'ResourceRequestsThrottled', message: 'Please wait.' } },
    }))
    expect(await errorOf(inFakeTime(arm.send(read)))).toMatchObject({
      message:
        'Could not read the endpoint dce after one try, and Azure asked to wait another 324 s, longer than this run may wait: Azure answered 429 ResourceRequestsThrottled: Please wait.',
      status: 429,
    })
    expect(sent).toHaveLength(1)
  })

  it('is not retried if a retry does not help', async () => {
    const replies: Reply[] = [400, 401, 403, 404, 409, 412, 501].map((status) => ({ status }))
    replies.push(
      { breaks: 'CERT_HAS_EXPIRED' },
      { status: 502, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } },
    )
    for (const reply of replies) {
      const { arm, sent } = fakeArm(() => reply)
      await errorOf(inFakeTime(arm.send(read)))
      expect(sent).toHaveLength(1)
    }
  })

  it('is not retried for a POST that may change something', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 503 }))
    await errorOf(inFakeTime(arm.send({ ...read, method: 'POST', path: `${dce}/act` })))
    expect(sent).toHaveLength(1)
  })
})

describe('a hang', () => {
  it('ends each try of a read after a minute', async () => {
    const { arm, sent } = fakeArm((_s, nth) => (nth === 1 ? 'hangs' : ok))
    await inFakeTime(arm.send(read))
    expect((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0)).toBe(60_500)
  })

  it('ends each try of a write after two minutes, and all of them after about five', async () => {
    const { arm, sent } = fakeArm(() => 'hangs')
    expect(await errorOf(inFakeTime(arm.send(write)))).toMatchObject({
      message:
        'Could not write the endpoint dce after 3 tries in 362 s: management.azure.com gave no answer in time (ETIMEDOUT: no answer within 120 s)',
      code: 'ETIMEDOUT',
    })
    expect(sent).toHaveLength(3)
  })
})

describe('a signal', () => {
  it('ends a running request with its AbortError', async () => {
    const { arm } = fakeArm(() => 'hangs')
    const stop = new AbortController()
    const pending = arm.send({ ...read, signal: stop.signal })
    setTimeout(() => stop.abort(), 1000)
    const error = await errorOf(inFakeTime(pending))
    expect(error).toMatchObject({ name: 'AbortError' })
    expect(asAzureError(error, 'read it')).toMatchObject({
      code: 'Aborted',
      message: 'Stopped before it could read it',
    })
  })

  it('ends the wait for the next try', async () => {
    const { arm, sent } = fakeArm(() => ({ status: 503, headers: { 'Retry-After': '60' } }))
    const stop = new AbortController()
    const pending = arm.send({ ...read, signal: stop.signal })
    setTimeout(() => stop.abort(), 1000)
    expect(await errorOf(inFakeTime(pending))).toMatchObject({ name: 'AbortError' })
    expect(sent).toHaveLength(1)
  })
})

describe('a token that Azure refuses', () => {
  const refusal: Reply = {
    status: 401,
    headers: {
      'WWW-Authenticate': 'Bearer authorization_uri="https://login.x/", error="invalid_token"',
    },
    body: { error: { code: 'ExpiredAuthenticationToken', message: 'It has expired.' } },
  }

  it('is replaced once, for all requests', async () => {
    const { arm, sent } = fakeArm((one) => (one.authorization === 'Bearer token-1' ? refusal : ok))
    // In three subscriptions: the first read of each is sent alone, to learn the remaining limit.
    const all = [1, 2, 3].map((n) => arm.send({ ...read, path: dce.replaceAll('1', `${n}`) }))
    await inFakeTime(Promise.all(all))
    expect(new Set(sent.map((s) => s.authorization))).toEqual(
      new Set(['Bearer token-1', 'Bearer token-2']),
    )
    expect(sent).toHaveLength(6)
  })

  it('is an error if the next one is refused too', async () => {
    const { arm, sent } = fakeArm(() => refusal)
    expect(await errorOf(inFakeTime(arm.send(read)))).toMatchObject({
      reason: 'auth-failed',
      status: 401,
      code: 'ExpiredAuthenticationToken',
    })
    expect(sent).toHaveLength(2)
  })

  it('is renewed with the claims that Azure asks for', async () => {
    const asked: unknown[] = []
    const tokens = tokenSource(
      () => ({
        getToken: (_scope, options) => {
          asked.push(options?.claims)
          return Promise.resolve({
            token: `t${asked.length}`,
            expiresOnTimestamp: Date.now() + 3_600_000,
          })
        },
      }),
      systemClock,
    )
    const claims = Buffer.from('{"access_token":{"nbf":1}}').toString('base64')
    const challenge: Reply = {
      status: 401,
      headers: {
        'WWW-Authenticate': `Bearer authorization_uri="https://login.x/", error="insufficient_claims", claims="${claims}"`,
      },
    }
    const { arm, sent } = fakeArm((one) => (one.authorization === 'Bearer t1' ? challenge : ok), {
      tokens,
    })
    await inFakeTime(arm.send(read))
    await inFakeTime(arm.send(read))
    expect(asked).toEqual([undefined, '{"access_token":{"nbf":1}}'])
    expect(sent.map((s) => s.authorization)).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t2'])
  })
})

describe('errors from elsewhere', () => {
  it('are kept', () => {
    const azure = new AzureError('a', { remedy: 'r' })
    expect(asAzureError(azure, 'x')).toBe(azure)
    const input = new InputError('i', 'do it', { reason: 'auth-failed' })
    expect(asAzureError(input, 'x')).toMatchObject({
      message: 'i',
      remedy: 'do it',
      reason: 'auth-failed',
      cause: input,
    })
  })

  const others: [string, Error, object][] = [
    [
      'a failed operation',
      new Error(
        'The long-running operation has failed. Conflict. linked resource already in another scope',
      ),
      {
        message:
          'Could not link it: The long-running operation failed with Conflict: linked resource already in another scope',
        code: 'Conflict',
      },
    ],
    [
      'a failed operation without a message',
      new Error('The long-running operation has failed'),
      {
        message: 'Could not link it: The long-running operation failed and gave no reason',
        code: undefined,
      },
    ],
    [
      'a canceled operation',
      new Error('Operation was canceled'),
      {
        message:
          'Could not link it: The long-running operation failed with Canceled: Azure canceled it.',
        code: 'Canceled',
      },
    ],
    [
      "a slip of the SDK's models",
      new TypeError("Cannot read properties of undefined (reading 'x')"),
      {
        message: "Could not link it: Cannot read properties of undefined (reading 'x')",
        remedy:
          'This is a bug in azure-monitor-private-link: please report it, with the log of this run.',
      },
    ],
  ]
  test.each(others)('%s', (_, error, expected) => {
    expect(asAzureError(error, 'link it')).toMatchObject({ ...expected, cause: error })
  })
})
