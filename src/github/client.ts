import { getOctokit } from '@actions/github'
import { GitHubError } from '../errors.ts'
import type { Repository } from './event.ts'
import { boundedFetch } from './boundedFetch.ts'
import { at, textAt } from './gitHubJson.ts'
import { describeFailure, readFailure, retryDelay, type CallFailure } from './gitHubFailure.ts'
import { pageWatch, wrongAnswer } from './lists.ts'

/** GitHub's REST and GraphQL API for one repository, as one token sees it. */
export interface GitHubClient {
  readonly repository: Repository
  /** One call. `route` is `GET /repos/{owner}/{repo}/…`; owner and repo are filled in. */
  call(route: string, options?: CallOptions): Promise<Answer>
  /** Every page of a list, 100 items a page. */
  list(route: string, options?: CallOptions): Promise<readonly unknown[]>
  /** `data` of a query. Any error in the answer fails it: half an answer can't be relied on. */
  query(text: string, variables: Readonly<Record<string, unknown>>): Promise<unknown>
  /** Waits so many milliseconds, for what GitHub will only know a moment later. */
  pause(milliseconds: number): Promise<void>
}

export interface CallOptions {
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly accept?: string
  /** What was tried, for the message: "write the plan comment". */
  readonly purpose?: string
  /** Permission that the call needs, for the remedy: `pull-requests: write`. */
  readonly permission?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly data: unknown
  /** How long its body was. */
  readonly bytes: number
}

/** How patient the client is. Times are in milliseconds. */
export interface Patience {
  /** Calls in all, the first included. */
  readonly attempts: number
  /** A longer wait than this, asked for by GitHub, is not begun. */
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
  /** By default `GITHUB_API_URL`. */
  readonly apiUrl?: string
  /** By default `GITHUB_GRAPHQL_URL`, else derived from the API's. */
  readonly graphqlUrl?: string
  readonly patience?: Partial<Patience>
}

/**
 * Connects to GitHub.
 *
 * Server errors, rate limits and broken connections are ridden out within bounds; a write that is
 * not safe to repeat only where GitHub certainly did not do it.
 *
 * @throws GitHubError from every call: what was tried, GitHub's words, what to do.
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
          throw wrongAnswer(purpose, 'GitHub answered as if all was well, with no list in it')
        const entries = answer.data as readonly unknown[]
        items.push(...entries)
        // Only whether there is a next page: behind some proxies its address is not ours.
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
      throw wrongAnswer(purpose, 'GitHub answered as if all was well, with no data in it')
    },
  }
}

/** GitHub's toolkit chose it by the proxy that the runner names. */
function fetchOf(octokit: ReturnType<typeof getOctokit>): typeof globalThis.fetch {
  const chosen: unknown = at(octokit.request.endpoint.DEFAULTS, 'request', 'fetch')
  return typeof chosen === 'function' ? (chosen as typeof globalThis.fetch) : globalThis.fetch
}

/** The workflow passes none. */
export function noToken(): GitHubError {
  return new GitHubError('There is no token to talk to GitHub with.', {
    remedy: 'Leave `github-token` out, so that it is `${{ github.token }}`, or give one.',
  })
}

/** `https://api.github.com/graphql`, and `…/api/graphql` for an Enterprise server's `…/api/v3`. */
export function graphqlUrlOf(apiUrl: string): string {
  const base = apiUrl.replace(/\/+$/, '')
  return base.endsWith('/api/v3') ? base.replace(/\/v3$/, '/graphql') : `${base}/graphql`
}

/** Sends until it is answered, or until trying on is no use. */
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

/** Whether a call may be made again when nobody knows if the first was carried out. */
function isRepeatable(route: string, graphqlUrl: string): boolean {
  return !route.startsWith('POST ') || route === `POST ${graphqlUrl}`
}

function environment(name: string): string | undefined {
  const value = process.env[name]
  return value === '' ? undefined : value
}

/** Octokit prints to the console otherwise, past our log. */
const silence = () => undefined
const silent = { debug: silence, info: silence, warn: silence, error: silence }
