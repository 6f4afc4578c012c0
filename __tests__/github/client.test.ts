import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals'
import { GitHubError } from '../../src/errors.ts'
import { createCertificate } from '../../simulator/tls.ts'
import { connectGitHub, graphqlUrlOf } from '../../src/github/client.ts'
import { describeFailure, readFailure } from '../../src/github/gitHubFailure.ts'
import type { GitHubFault } from '../../simulator/github/github.ts'
import { repository, serveGitHub, type ServedGitHub } from './serve.ts'

let served: ServedGitHub
beforeEach(async () => {
  served = await serveGitHub({ pulls: [{ number: 7 }] })
})
afterEach(() => served.close())

const pull = /\/pulls\/7$/
const read = () =>
  served.client.call('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    parameters: { pull_number: 7 },
    purpose: 'read pull request #7',
    permission: 'pull-requests: read',
  })
const write = () =>
  served.client.call('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    parameters: { issue_number: 7, body: 'text' },
    purpose: 'write the plan comment',
    permission: 'pull-requests: write',
  })

async function failureOf(call: () => Promise<unknown>): Promise<GitHubError> {
  const error: unknown = await call().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof GitHubError)) throw new Error(`not a GitHubError: ${String(error)}`)
  return error
}

const secondary = {
  message:
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
}

describe('a read is retried after', () => {
  it.each<[string, GitHubFault['do'], number]>([
    ['500', { status: 500 }, 1000],
    ['502 with HTML', { status: 502, body: '<html>Unicorn!</html>' }, 1000],
    ['503', { status: 503 }, 1000],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '7' } }, 7000],
    ['408', { status: 408 }, 1000],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '30' } }, 30_000],
    ['429 without', { status: 429 }, 60_000],
    ['a secondary limit without Retry-After', { status: 403, body: secondary }, 60_000],
    ['403 with Retry-After', { status: 403, headers: { 'retry-after': '5' } }, 5000],
    ['a reset', 'reset', 1000],
    [
      'an answer that broke off',
      { status: 200, body: '{"number":', headers: { 'content-type': 'application/json' } },
      1000,
    ],
  ])('%s', async (_, effect, wait) => {
    served.github.addFault({ match: { path: pull }, times: 1, do: effect })
    await expect(read()).resolves.toMatchObject({ data: { number: 7 } })
    expect(served.waits).toEqual([wait])
  })

  it('a spent primary limit that is reset soon', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1030' }
    served.github.addFault({ match: { path: pull }, times: 1, do: { status: 403, headers } })
    const client = served.connect({ now: () => 1_000_000 })
    await client.call('GET /repos/{owner}/{repo}/pulls/7')
    expect(served.waits).toEqual([31_000])
  })

  it('a Retry-After that is a date', async () => {
    const headers = { 'retry-after': 'Thu, 01 Jan 2026 00:00:20 GMT' }
    served.github.addFault({ match: { path: pull }, times: 1, do: { status: 503, headers } })
    const client = served.connect({ now: () => Date.UTC(2026, 0, 1, 0, 0, 5) })
    await client.call('GET /repos/{owner}/{repo}/pulls/7')
    expect(served.waits).toEqual([15_000])
  })

  it('a hang', async () => {
    served.github.addFault({ match: { path: pull }, times: 1, do: 'hang' })
    const client = served.connect({ timeout: 200 })
    await expect(client.call('GET /repos/{owner}/{repo}/pulls/7')).resolves.toBeDefined()
    expect(served.github.requests).toHaveLength(2)
  })
})

describe('retries end', () => {
  it('after five attempts, with increasing waits', async () => {
    served.github.addFault({ match: { path: pull }, do: { status: 503, body: 'busy' } })
    const error = await failureOf(read)
    expect(served.waits).toEqual([1000, 2000, 4000, 8000])
    expect(error).toMatchObject({
      message: 'Could not read pull request #7: GitHub answered 503: busy.',
      remedy: "GitHub has a temporary fault or can't be reached; run the job again.",
      status: 503,
    })
  })

  it('at once when GitHub asks for a longer wait than the limit', async () => {
    const headers = { 'retry-after': '3600' }
    served.github.addFault({ match: { path: pull }, do: { status: 429, body: secondary, headers } })
    const error = await failureOf(read)
    expect(served.waits).toEqual([])
    expect(error.remedy).toBe(
      'GitHub asks to wait 3600 seconds; run the job again after that time.',
    )
  })

  it('at once when a certificate is not trusted', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
    const server = createServer({ cert, key })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const waits: number[] = []
    const patience = { sleep: (time: number) => Promise.resolve(void waits.push(time)) }
    const apiUrl = `https://localhost:${port}`
    const client = connectGitHub({ token: 't', repository, apiUrl, patience })
    const error = await failureOf(() => client.call('GET /user'))
    server.close()
    expect(error.message).toBe(
      'Could not talk to GitHub: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT).',
    )
    expect(error.remedy).toContain('NODE_EXTRA_CA_CERTS')
    expect(waits).toEqual([])
  })

  // A proxy that inspects TLS: its certificates are signed by an authority that the runner doesn't know.
  it('at once when an authority is not trusted, and says what to do', async () => {
    const certificate = await createCertificate()
    const server = createServer(certificate)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const waits: number[] = []
    const patience = { sleep: (time: number) => Promise.resolve(void waits.push(time)) }
    const apiUrl = `https://localhost:${port}`
    const client = connectGitHub({ token: 't', repository, apiUrl, patience })
    const error = await failureOf(() => client.call('GET /user'))
    server.close()
    await certificate.remove()
    expect(error.message).toBe(
      'Could not talk to GitHub: unable to verify the first certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
    )
    expect(error.remedy).toContain('set NODE_EXTRA_CA_CERTS to a file')
    expect(waits).toEqual([])
  })

  it('when nothing listens, with the network error', async () => {
    await served.close()
    const error = await failureOf(read)
    expect(error.message).toMatch(/^Could not read pull request #7: connect ECONNREFUSED /)
    expect(error.status).toBeUndefined()
    expect(served.waits).toHaveLength(4)
    served = await serveGitHub()
  })
})

describe('a write that may not be repeated', () => {
  it.each<[string, GitHubFault['do'], number]>([
    ['is retried after a rate limit', { status: 403, body: secondary }, 2],
    ['is retried after 429', { status: 429 }, 2],
    ['is not retried after 502', { status: 502 }, 1],
    ['is not retried after a reset', 'reset', 1],
    ['is not retried when it was carried out and the answer lost', 'reset-after-commit', 1],
  ])('%s', async (_, effect, requests) => {
    served.github.addFault({ match: { method: 'POST' }, times: 1, do: effect })
    await write().catch(() => undefined)
    expect(served.github.requests).toHaveLength(requests)
    expect(served.github.comments.length).toBeLessThanOrEqual(1)
  })
})

describe('refusals are explained', () => {
  it('a missing permission', async () => {
    served.github.knobs.readOnly = true
    const error = await failureOf(write)
    expect(error).toMatchObject({
      message:
        'Could not write the plan comment: GitHub answered 403: Resource not accessible by integration.',
      remedy:
        'Give the job the permission `pull-requests: write`; pull requests from forks and Dependabot never get it.',
      status: 403,
    })
    expect(served.waits).toEqual([])
  })

  it('a token that is not valid, without showing it', async () => {
    const client = connectGitHub({ token: 'wrong-token', repository, apiUrl: served.url })
    const error = await failureOf(() => client.call('GET /repos/{owner}/{repo}'))
    expect(error.message).toBe('Could not talk to GitHub: GitHub answered 401: Bad credentials.')
    expect(JSON.stringify([error, error.message, error.stack, error.cause])).not.toContain(
      'wrong-token',
    )
  })

  it('a body that is too long, with the reason', async () => {
    const error = await failureOf(() =>
      served.client.call('POST /repos/{owner}/{repo}/issues/7/comments', {
        parameters: { body: 'x'.repeat(70_000) },
      }),
    )
    expect(error.message).toBe(
      'Could not talk to GitHub: GitHub answered 422: Validation Failed; Body is too long (maximum is 65536 characters).',
    )
  })

  it('a message that imitates a workflow command', async () => {
    const body = { message: 'no\n::error::forged ##[set-env]' }
    served.github.addFault({ match: { path: pull }, do: { status: 400, body } })
    expect((await failureOf(read)).message).toBe(
      'Could not read pull request #7: GitHub answered 400: no : :error: :forged ## [set-env].',
    )
  })

  it('no token at all', () => {
    expect(() => connectGitHub({ token: '', repository })).toThrow(GitHubError)
  })
})

describe('lists', () => {
  it('are read to the last page, a hundred at a time', async () => {
    for (let n = 0; n < 250; n++) served.github.state.addComment(7, `comment ${n}`, 'octocat')
    const found = await served.client.list('GET /repos/{owner}/{repo}/issues/7/comments')
    expect(found).toHaveLength(250)
    expect(served.github.requests.map(({ query }) => query)).toEqual([
      'per_page=100&page=1',
      'per_page=100&page=2',
      'per_page=100&page=3',
    ])
  })
})

test('a proxy that refuses user and password is not reported as a fault of GitHub', () => {
  // As undici reports it, through fetch and Octokit.
  const aborted = Object.assign(new Error('Proxy response (407) !== 200 when HTTP Tunneling'), {
    code: 'UND_ERR_ABORTED',
  })
  const cancelled = new Error('Request was cancelled.', { cause: aborted })
  const failed = new TypeError('fetch failed', { cause: cancelled })
  const error = Object.assign(new Error('Request was cancelled.', { cause: failed }), {
    status: 500,
  })
  const failure = readFailure(error)
  expect(failure).toMatchObject({ transient: false })
  expect(failure && describeFailure(failure, {})).toMatchObject({
    message: expect.stringContaining('requires a user and password'),
    remedy: expect.stringContaining('the variable HTTPS_PROXY'),
  })
})

describe('GraphQL', () => {
  const viewer = () => served.client.query('query { viewer { login } }', {})

  it('answers', async () => {
    await expect(viewer()).resolves.toEqual({ viewer: { login: 'github-actions[bot]' } })
  })

  it('is retried after a fault, because it only reads', async () => {
    served.github.addFault({ match: { path: /graphql/ }, times: 2, do: 'reset' })
    await expect(viewer()).resolves.toBeDefined()
  })

  it('is retried after its own rate limit', async () => {
    const body = { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }
    served.github.addFault({ match: { path: /graphql/ }, times: 1, do: { status: 200, body } })
    await expect(viewer()).resolves.toBeDefined()
    expect(served.waits).toEqual([60_000])
  })

  it('fails as a whole when a part failed', async () => {
    const body = { data: { viewer: null }, errors: [{ type: 'FORBIDDEN', message: 'No access' }] }
    served.github.addFault({ match: { path: /graphql/ }, do: { status: 200, body } })
    expect((await failureOf(viewer)).message).toBe(
      'Could not read who wrote and edited the plan comment: No access.',
    )
  })

  it('names the required version if the server lacks a field', async () => {
    const message = "Field 'viewerDidAuthor' doesn't exist on type 'IssueComment'"
    const body = { errors: [{ message, extensions: { code: 'undefinedField' } }] }
    served.github.addFault({ match: { path: /graphql/ }, do: { status: 200, body } })
    const error = await failureOf(viewer)
    expect(error.message).toContain(message)
    expect(error.remedy).toContain('GitHub Enterprise Server 3.9 or newer')
    expect(served.waits).toEqual([])
  })

  it.each([
    ['https://api.github.com', 'https://api.github.com/graphql'],
    ['https://ghe.example/api/v3', 'https://ghe.example/api/graphql'],
    ['https://ghe.example/api/v3/', 'https://ghe.example/api/graphql'],
    ['https://api.tenant.ghe.com', 'https://api.tenant.ghe.com/graphql'],
  ])('is beside %s', (api, graphql) => {
    expect(graphqlUrlOf(api)).toBe(graphql)
  })
})
