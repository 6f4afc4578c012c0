import { getOctokit } from '@actions/github'
import { GitHubError } from '../errors.ts'
import type { Repository } from './event.ts'
import { boundedFetch } from './boundedFetch.ts'
import { at, textAt } from './gitHubJson.ts'
import { describeFailure, readFailure, retryDelay, type CallFailure } from './gitHubFailure.ts'
import { pageWatch, wrongAnswer } from './lists.ts'

/** GitHub's REST and GraphQL API for one repository and one token. */
export interface GitHubClient {
  readonly repository: Repository
  /** One call. `route` is `GET /repos/{owner}/{repo}/…`; owner and repo are filled in. */
  call(route: string, options?: CallOptions): Promise<Answer>
  /** Every page of a list, 100 items a page. */
  list(route: string, options?: CallOptions): Promise<readonly unknown[]>
  /** `data` of a query. Throws on any error in the answer: a partial answer is unreliable. */
  query(text: string, variables: Readonly<Record<string, unknown>>): Promise<unknown>
  /** Waits, for data that GitHub shows only a moment later. */
  pause(milliseconds: number): Promise<void>
}

export interface CallOptions {
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly accept?: string
  /** The purpose of the call, for the error message: "write the plan comment". */
  readonly purpose?: string
  /** The permission that the call needs, for the remedy: `pull-requests: write`. */
  readonly permission?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly data: unknown
  /** The size of the body. */
  readonly bytes: number
}

/** The retry policy. Times are in milliseconds. */
export interface Patience {
  /** Number of calls, including the first. */
  readonly attempts: number
  /** If GitHub asks for a longer wait than this, the call fails instead. */
  readonly longestWait: number
  /** For one attempt; GitHub itself gives up on a request after ten seconds. */
  readonly timeout: number
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly now: () => number
}

const patient: Patience = {
  attempts: 5,
  longestWait: 120_000,
  timeout: 20_000,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  now: Date.now,
}

export interface Connection {
  readonly token: string
  readonly repository: Repository
  /** Default: `GITHUB_API_URL`. */
  readonly apiUrl?: string
  /** Default: `GITHUB_GRAPHQL_URL`, else derived from the API URL. */
  readonly graphqlUrl?: string
  readonly patience?: Partial<Patience>
}

/**
 * Connects to GitHub.
 *
 * Retries server errors, rate limits and broken connections within limits. Retries a write that is not safe to
 * repeat only when GitHub certainly did not carry it out.
 *
 * @throws GitHubError from every call, with its purpose, GitHub's message and a remedy.
 */
export function connectGitHub(connection: Connection): GitHubClient {
  const { token, repository } = connection
  if (!token) throw noToken()
  const patience = { ...patient, ...connection.patience }
  const apiUrl = connection.apiUrl ?? environment('GITHUB_API_URL') ?? 'https://api.github.com'
  const graphqlUrl =
    connection.graphqlUrl ?? environment('GITHUB_GRAPHQL_URL') ?? graphqlUrlOf(apiUrl)
  const octokit = getOctokit(token, { baseUrl: apiUrl.replace(/\/+$/, '') })

  const send = async (route: string, options: CallOptions): Promise<Answer> => {
    let bytes = 0
    const fetch = boundedFetch(fetchOf(octokit), (size) => (bytes = size))
    const answer: Omit<Answer, 'bytes'> = await octokit.request(route, {
      owner: repository.owner,
      repo: repository.repo,
      ...options.parameters,
      headers: {
        accept: options.accept ?? 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
      },
      request: { signal: AbortSignal.timeout(patience.timeout), log: silent, fetch },
    })
    return { ...answer, bytes }
  }
  const call = (route: string, options: CallOptions = {}) =>
    persist(() => send(route, options), isRepeatable(route, graphqlUrl), patience, options)

  return {
    repository,
    call,
    pause: patience.sleep,
    async list(route, options = {}) {
      const items: unknown[] = []
      const purpose = options.purpose ?? 'talk to GitHub'
      const watch = pageWatch(purpose)
      for (let page = 1; ; page++) {
        const parameters = { ...options.parameters, per_page: 100, page }
        const answer = await call(route, { ...options, parameters })
        if (!Array.isArray(answer.data))
          throw wrongAnswer(purpose, 'GitHub answered with success but without a list')
        const entries = answer.data as readonly unknown[]
        items.push(...entries)
        // Only tests for a next page: behind some proxies the URL in the link is wrong.
        if (!/\brel="next"/.test(textAt(answer.headers, 'link') ?? '')) return items
        watch(entries, answer.bytes)
      }
    },
    async query(text, variables) {
      const parameters = { owner: undefined, repo: undefined, query: text, variables }
      const purpose = 'read who wrote and edited the plan comment'
      const answer = await call(`POST ${graphqlUrl}`, { parameters, purpose })
      const data = at(answer.data, 'data')
      if (typeof data === 'object' && data !== null) return data
      throw wrongAnswer(purpose, 'GitHub answered with success but without data')
    },
  }
}

/** The fetch that GitHub's toolkit chose, which respects the runner's proxy. */
function fetchOf(octokit: ReturnType<typeof getOctokit>): typeof globalThis.fetch {
  const chosen: unknown = at(octokit.request.endpoint.DEFAULTS, 'request', 'fetch')
  return typeof chosen === 'function' ? (chosen as typeof globalThis.fetch) : globalThis.fetch
}

/** The workflow passes no token. */
export function noToken(): GitHubError {
  return new GitHubError('There is no GitHub token.', {
    remedy:
      'Remove the input `github-token`, which then defaults to `${{ github.token }}`, or set it to a token.',
  })
}

/** `https://api.github.com/graphql`; for an Enterprise Server's `…/api/v3`, `…/api/graphql`. */
export function graphqlUrlOf(apiUrl: string): string {
  const base = apiUrl.replace(/\/+$/, '')
  return base.endsWith('/api/v3') ? base.replace(/\/v3$/, '/graphql') : `${base}/graphql`
}

/** Retries until the call succeeds or a retry is pointless. */
async function persist(
  send: () => Promise<Answer>,
  repeatable: boolean,
  patience: Patience,
  options: CallOptions,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(send)
    if ('answer' in outcome) return outcome.answer
    const { failure } = outcome
    const delay = retryDelay(failure, attempt, patience.now())
    const mayRepeat = repeatable || failure.refused
    if (delay === undefined || !mayRepeat || attempt >= patience.attempts)
      throw describeFailure(failure, options)
    if (delay > patience.longestWait)
      throw describeFailure({ ...failure, waitSeconds: Math.ceil(delay / 1000) }, options)
    await patience.sleep(delay)
  }
}

async function attemptOnce(
  send: () => Promise<Answer>,
): Promise<{ answer: Answer } | { failure: CallFailure }> {
  try {
    const answer = await send()
    const failure = readFailure(answer)
    return failure ? { failure } : { answer }
  } catch (error) {
    const failure = readFailure(error)
    if (!failure) throw error
    return { failure }
  }
}

/** True when a call may be repeated although the first may have been carried out. */
function isRepeatable(route: string, graphqlUrl: string): boolean {
  return !route.startsWith('POST ') || route === `POST ${graphqlUrl}`
}

function environment(name: string): string | undefined {
  const value = process.env[name]
  return value === '' ? undefined : value
}

/** By default Octokit prints to the console, bypassing our log. */
const silence = () => undefined
const silent = { debug: silence, info: silence, warn: silence, error: silence }
