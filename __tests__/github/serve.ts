import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connectGitHub, type GitHubClient, type Patience } from '../../src/github/client.ts'
import {
  ConnectionReset,
  createGitHub,
  type GitHubSimulator,
} from '../../simulator/github/github.ts'
import type { GitHubSeed } from '../../simulator/github/state.ts'

/** A simulated GitHub on loopback with our client, and the durations of its sleeps. */
export interface ServedGitHub {
  readonly github: GitHubSimulator
  readonly client: GitHubClient
  readonly url: string
  /** Milliseconds of each wait between attempts; the waits are not real. */
  readonly waits: readonly number[]
  connect(patience?: Partial<Patience>): GitHubClient
  close(): Promise<void>
}

export const token = 'ghs_0123456789'
export const repository = { owner: 'octo-org', repo: 'octo-repo', defaultBranch: 'main' }

export async function serveGitHub(seed: Partial<GitHubSeed> = {}): Promise<ServedGitHub> {
  const github = createGitHub({
    repository: { owner: 'octo-org', name: 'octo-repo', defaultBranch: 'main' },
    token,
    ...seed,
  })
  const server = listen(github)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const waits: number[] = []
  const connect = (patience: Partial<Patience> = {}) =>
    connectGitHub({
      token,
      repository,
      apiUrl: url,
      graphqlUrl: `${url}/graphql`,
      patience: {
        sleep: (milliseconds) => {
          waits.push(milliseconds)
          return Promise.resolve()
        },
        ...patience,
      },
    })
  return {
    github,
    url,
    waits,
    connect,
    client: connect(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

function listen(github: GitHubSimulator): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://localhost')
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      github
        .handle({
          method: request.method ?? '',
          path: url.pathname,
          query: url.searchParams,
          headers,
          body: Buffer.concat(chunks).toString(),
        })
        .then(
          (answer) => response.writeHead(answer.status, answer.headers).end(answer.body),
          (error: unknown) => {
            if (!(error instanceof ConnectionReset)) response.writeHead(500).end(String(error))
            else request.socket.resetAndDestroy()
          },
        )
    })
  })
}
