import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { GitHubError } from '../../src/errors.ts'
import { AnswerTooLarge, boundedFetch } from '../../src/github/boundedFetch.ts'
import { connectGitHub, type GitHubClient } from '../../src/github/client.ts'
import { mostPages, pageWatch } from '../../src/github/lists.ts'
import { repository } from './serve.ts'

/** Endless answers of GitHub, or of something that answers in its place (contract section 7). */

let server: Server | undefined
let asked = 0
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(answer: (nth: number) => RequestListener): Promise<GitHubClient> {
  asked = 0
  server = createServer((request, response) => {
    asked += 1
    answer(asked)(request, response)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const patience = { sleep: () => Promise.resolve(), timeout: 5000 }
  return connectGitHub({ token: 't', repository, apiUrl, patience })
}

const json = (body: unknown, headers: Record<string, string> = {}): RequestListener => {
  return (_, response) =>
    void response
      .writeHead(200, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))
}
const more = { link: '<https://api.github.com/x?page=2>; rel="next"' }

async function failureOf(call: () => Promise<unknown>): Promise<GitHubError> {
  const error: unknown = await call().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof GitHubError)) throw new Error(`not a GitHubError: ${String(error)}`)
  return error
}

describe('an endless list', () => {
  it('that repeats one page ends with an error', async () => {
    const client = await serve(() => json([{ id: 1 }, { id: 2 }], more))
    const error = await failureOf(() => client.list('GET /x', { purpose: 'read the comments' }))
    expect(error.message).toBe(
      'Could not read the comments: the list does not end: 4 pages in a row had no new entries.',
    )
    expect(error.remedy).toContain('The answer was discarded')
    expect(asked).toBe(5)
  })

  it('of empty pages ends with an error', async () => {
    const client = await serve(() => json([], more))
    expect((await failureOf(() => client.list('GET /x'))).message).toContain('does not end')
    expect(asked).toBe(4)
  })

  it('does not stop at a page that repeats entries because new ones were inserted', async () => {
    const pages = [[{ id: 1 }], [{ id: 1 }], [], [{ id: 2 }]]
    const client = await serve((nth) => json(pages[nth - 1], nth < 4 ? more : {}))
    await expect(client.list('GET /x')).resolves.toHaveLength(3)
  })

  it('of always new pages ends with an error', () => {
    const watch = pageWatch('read the comments')
    for (let page = 1; page < mostPages; page++) watch([{ id: page }], 1)
    expect(() => watch([{ id: 0 }], 1)).toThrow(
      'Could not read the comments: the list does not end: there are more than 1,000 pages.',
    )
  })

  it('of very large pages ends with an error', () => {
    const watch = pageWatch('read the comments')
    for (let page = 1; page <= 8; page++) watch([{ id: page }], 64 * 1024 * 1024)
    expect(() => watch([{ id: 9 }], 1)).toThrow('9 pages hold more than 512 MiB')
  })

  it('distinguishes entries without an id', () => {
    const watch = pageWatch('read')
    for (let page = 0; page < 20; page++) watch([{ sha: `a${page}` }, { name: page }], 1)
  })
})

describe('a success without content is not an empty answer', () => {
  it.each<[string, unknown]>([
    ['an object', {}],
    ['null', null],
    ['a text', 'all is well'],
  ])('%s in place of a list', async (_, body) => {
    const client = await serve(() => json(body))
    const { message } = await failureOf(() => client.list('GET /x', { purpose: 'read comments' }))
    expect(message).toMatch(/without a list|truncated/)
  })

  it.each<[string, unknown]>([
    ['no data', {}],
    ['data that is null', { data: null }],
    ['a list', []],
  ])('%s in place of an answer to a query', async (_, body) => {
    const client = await serve(() => json(body))
    const { message } = await failureOf(() => client.query('query { viewer { login } }', {}))
    expect(message).toBe(
      'Could not read who wrote and edited the plan comment: GitHub answered with success but without data.',
    )
  })
})

describe('an answer that is too large', () => {
  const mebibyte = Buffer.alloc(1024 * 1024, 'x')

  it('is aborted at 64 MiB, without a retry, with an error', async () => {
    let sent = 0
    const client = await serve(() => (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const go = () => {
        while (!response.destroyed && sent < 600) {
          sent += 1
          if (!response.write(mebibyte)) return void response.once('drain', go)
        }
        response.end()
      }
      go()
    })
    const error = await failureOf(() => client.call('GET /x', { purpose: 'read the comments' }))
    expect(error.message).toBe('Could not read the comments: the answer is larger than 64 MiB.')
    expect(error.remedy).toContain('The answer was discarded')
    expect(asked).toBe(1)
    expect(sent).toBeLessThan(200)
  })

  it('is aborted if only its decompressed size is too large', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(100_000)
    const client = await serve(() => (_, response) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
      response.writeHead(200, headers).end(bomb)
    })
    const error = await failureOf(() => client.call('GET /x'))
    expect(error.message).toBe('Could not talk to GitHub: the answer is larger than 64 MiB.')
  })

  it('is also aborted as an error page, and not retried', async () => {
    const client = await serve(() => (_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' })
      for (let n = 0; n < 65; n++) response.write(mebibyte)
      response.end()
    })
    expect((await failureOf(() => client.call('GET /x'))).message).toContain('larger than 64 MiB')
    expect(asked).toBe(1)
  })

  it('passes below the limit, whatever its content', async () => {
    const script = '<script'.repeat(200_000)
    const client = await serve(() => (_, response) => {
      response.writeHead(400, { 'content-type': 'text/html' }).end(script)
    })
    const { message } = await failureOf(() => client.call('GET /x'))
    expect(message.length).toBeLessThan(400)
    expect(asked).toBe(1)
  })
})

describe('a bounded fetch', () => {
  const answering = (...parts: readonly string[]) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part))
        controller.close()
      },
    })
    return () => Promise.resolve(new Response(body, { status: 201, headers: { a: 'b' } }))
  }

  it('returns the answer unchanged', async () => {
    let bytes = 0
    const fetch = boundedFetch(answering('ab', 'c'), (size) => (bytes = size), 3)
    const answer = await fetch('https://x.example')
    expect([answer.status, answer.headers.get('a'), await answer.text()]).toEqual([201, 'b', 'abc'])
    expect(bytes).toBe(3)
  })

  it('aborts at one byte more', async () => {
    const fetch = boundedFetch(answering('ab', 'cd'), () => undefined, 3)
    await expect(fetch('https://x.example')).rejects.toBeInstanceOf(AnswerTooLarge)
  })

  it.each([204, 304])('returns %i, which has no body', async (status) => {
    const fetch = boundedFetch(
      () => Promise.resolve(new Response(null, { status })),
      () => undefined,
    )
    expect((await fetch('https://x.example')).status).toBe(status)
  })
})
