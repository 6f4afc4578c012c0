import { answerGraphql } from './graphql.ts'
import { answerRest } from './rest.ts'
import { problem, type GitHubAnswer, type GitHubRequest } from './answer.ts'
import { createState, type GitHubSeed, type GitHubState, type StoredComment } from './state.ts'
import type { Knobs } from './knobs.ts'

/** A GitHub with one repository. README.md specifies it, with sources. */
export interface GitHubSimulator {
  /**
   * Answers a request of REST (`path` without a prefix: `/repos/…`) or of GraphQL (`/graphql`).
   * Rejects with `ConnectionReset` to cut the connection; never settles for a hang.
   */
  handle(request: GitHubRequest): Promise<GitHubAnswer>
  /** The whole state, which tests may read and change. */
  readonly state: GitHubState
  /** Comments in the order of writing. */
  readonly comments: readonly StoredComment[]
  readonly issues: GitHubState['issues']
  readonly pulls: GitHubState['pulls']
  /** Every request so far, including those with a fault. */
  readonly requests: readonly RecordedRequest[]
  readonly knobs: Knobs
  /** Edits a comment, as in the browser. */
  editComment(id: number, body: string, asLogin: string): void
  deleteComment(id: number): void
  addFault(fault: GitHubFault): void
}

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  /** Absent while it is in progress, and when it was cut off. */
  status?: number
}

export interface GitHubFault {
  readonly match: { readonly method?: string; readonly path?: RegExp }
  /** How many requests it applies to; default: all. */
  times?: number
  readonly do: GitHubFaultEffect
}

export type GitHubFaultEffect =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'reset'
  | 'reset-after-commit'
  | 'hang'

/** Cut the connection without an answer. */
export class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset'
}

/** Creates a GitHub from a seed. */
export function createGitHub(seed: GitHubSeed): GitHubSimulator {
  const state = createState(seed)
  const knobs: Knobs = {
    readOnly: false,
    hidden: false,
    actions: true,
    lateAssociation: 0,
    hiddenFields: [],
    apiUrl: undefined,
  }
  const requests: RecordedRequest[] = []
  const faults: GitHubFault[] = []

  const answer = (request: GitHubRequest): GitHubAnswer =>
    request.path === '/graphql'
      ? answerGraphql(state, request, knobs.hiddenFields)
      : answerRest(state, knobs, request)

  return {
    state,
    knobs,
    requests,
    issues: state.issues,
    pulls: state.pulls,
    get comments() {
      return state.comments
    },
    async handle(request) {
      const { method, path, query, body } = request
      const record: RecordedRequest = { method, path, query: query.toString(), body }
      requests.push(record)
      const effect = strike(faults, request)
      if (effect === 'hang') return new Promise<never>(() => undefined)
      if (effect === 'reset') throw new ConnectionReset(`${method} ${path}`)
      const result =
        typeof effect === 'object'
          ? faulty(effect)
          : (refuse(state, knobs, request) ?? answer(request))
      if (effect === 'reset-after-commit') throw new ConnectionReset(`${method} ${path}`)
      record.status = result.status
      return result
    },
    editComment(id, body, asLogin) {
      state.edit(id, body, asLogin)
    },
    deleteComment(id) {
      state.remove(id)
    },
    addFault(fault) {
      faults.push({ ...fault })
    },
  }
}

/** The checks before any endpoint: user agent, token, body, repository. */
function refuse(
  state: GitHubState,
  knobs: Knobs,
  { method, path, headers }: GitHubRequest,
): GitHubAnswer | undefined {
  if (!headers['user-agent']) {
    const text =
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.'
    return { status: 403, headers: { 'content-type': 'text/html' }, body: text }
  }
  const token = /^(?:token|bearer) (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return problem(401, 'Requires authentication')
  if (token !== state.token) return problem(401, 'Bad credentials')
  if (path === '/graphql') return undefined
  if (knobs.hidden) return problem(404, 'Not Found')
  if (knobs.readOnly && method !== 'GET')
    return problem(403, 'Resource not accessible by integration')
  return undefined
}

function strike(
  faults: readonly GitHubFault[],
  { method, path }: GitHubRequest,
): GitHubFaultEffect | undefined {
  const fault = faults.find(
    ({ match, times }) =>
      times !== 0 &&
      (match.method === undefined || match.method === method) &&
      (match.path === undefined || match.path.test(path)),
  )
  if (fault?.times !== undefined) fault.times--
  return fault?.do
}

function faulty({ status, headers, body }: Exclude<GitHubFaultEffect, string>): GitHubAnswer {
  const type = typeof body === 'string' ? 'text/html' : 'application/json; charset=utf-8'
  return {
    status,
    headers: { 'content-type': type, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body ?? { message: 'Server Error' }),
  }
}
