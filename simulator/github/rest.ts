import { invalid, json, page, problem, type GitHubAnswer, type GitHubRequest } from './answer.ts'
import { readContents } from './contents.ts'
import type { Knobs } from './knobs.ts'
import { answerIssues } from './issues.ts'
import { isTooLong, longestBody } from './longest.ts'
import { readRun } from './runs.ts'
import { showComment, showCommit, showPull, showRepository, showUser } from './present.ts'
import type { RestContext } from './restContext.ts'
import type { GitHubState } from './state.ts'

type Endpoint = (context: RestContext, ...parts: string[]) => GitHubAnswer | undefined

const endpoints: readonly (readonly [string, RegExp, Endpoint])[] = [
  ['GET', /^$/, ({ state }) => json(200, showRepository(state))],
  ['GET', /^\/issues\/(\d+)\/comments$/, listComments],
  ['POST', /^\/issues\/(\d+)\/comments$/, createComment],
  ['GET', /^\/issues\/comments\/(\d+)$/, getComment],
  ['PATCH', /^\/issues\/comments\/(\d+)$/, updateComment],
  ['DELETE', /^\/issues\/comments\/(\d+)$/, deleteComment],
  ['GET', /^\/pulls\/(\d+)$/, getPull],
  ['GET', /^\/pulls$/, listPulls],
  ['GET', /^\/commits$/, listCommits],
  ['GET', /^\/commits\/([^/]+)\/pulls$/, listPullsOfCommit],
  ['GET', /^\/actions\/runs\/(\d+)$/, readRun],
  ['GET', /^\/actions\/runs\/(\d+)\/attempts\/(\d+)$/, readRun],
  ['GET', /^\/contents(?:\/(.*))?$/, readContents],
]

/** Answers a REST request; 404 for everything unsupported. */
export function answerRest(state: GitHubState, knobs: Knobs, request: GitHubRequest): GitHubAnswer {
  if (request.path === '/user') return user(state)
  const body = readBody(request.body)
  if (!body) return problem(400, 'Problems parsing JSON')
  const apiUrl = knobs.apiUrl ?? `http://${request.headers.host ?? 'localhost'}`
  const context: RestContext = { state, knobs, request, apiUrl, body }
  const [, owner = '', name = '', rest = ''] =
    /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(request.path) ?? []
  const isOurs = `${owner}/${name}`.toLowerCase() === `${state.owner}/${state.name}`.toLowerCase()
  if (!isOurs) return problem(404, 'Not Found')
  for (const [method, shape, answer] of endpoints) {
    const match = method === request.method ? shape.exec(rest) : null
    if (match) return answer(context, ...match.slice(1)) ?? problem(404, 'Not Found')
  }
  return answerIssues(context, rest) ?? problem(404, 'Not Found')
}

/** True when there is an issue or pull request with that number. */
export function hasIssue(state: GitHubState, number: number): boolean {
  return [...state.issues, ...state.pulls].some((item) => item.number === number)
}

/** Tokens of apps and workflows have no user behind them. */
function user({ login }: GitHubState): GitHubAnswer {
  return login.endsWith('[bot]')
    ? problem(403, 'Resource not accessible by integration')
    : json(200, showUser(login))
}

function listComments(
  { state, request, apiUrl }: RestContext,
  number = '',
): GitHubAnswer | undefined {
  if (!hasIssue(state, Number(number))) return undefined
  const since = request.query.get('since')
  const comments = state.comments
    .filter(({ issue }) => issue === Number(number))
    .filter(({ updatedAt }) => since === null || Date.parse(updatedAt) >= Date.parse(since))
    .map((comment) => showComment(state, comment, apiUrl))
  return page(comments, request, apiUrl)
}

function createComment(
  { state, body, apiUrl }: RestContext,
  number = '',
): GitHubAnswer | undefined {
  if (!hasIssue(state, Number(number))) return undefined
  const text = body.body
  const refused = refuseBody(text)
  if (refused || typeof text !== 'string') return refused
  const comment = state.addComment(Number(number), text, state.login)
  return json(201, showComment(state, comment, apiUrl))
}

function getComment({ state, apiUrl }: RestContext, id = ''): GitHubAnswer | undefined {
  const comment = state.comments.find((candidate) => candidate.id === Number(id))
  return comment && json(200, showComment(state, comment, apiUrl))
}

function updateComment({ state, body, apiUrl }: RestContext, id = ''): GitHubAnswer | undefined {
  if (!state.comments.some((candidate) => candidate.id === Number(id))) return undefined
  const text = body.body
  const refused = refuseBody(text)
  if (refused || typeof text !== 'string') return refused
  const comment = state.edit(Number(id), text, state.login)
  return comment && json(200, showComment(state, comment, apiUrl))
}

function deleteComment({ state }: RestContext, id = ''): GitHubAnswer | undefined {
  return state.remove(Number(id)) ? { status: 204, headers: {}, body: '' } : undefined
}

function refuseBody(text: unknown): GitHubAnswer | undefined {
  if (typeof text !== 'string' || text.trim() === '')
    return invalid('IssueComment', 'body', 'missing_field')
  if (!isTooLong(text)) return undefined
  const message = `Body is too long (maximum is ${longestBody} characters)`
  return invalid('IssueComment', 'data', 'unprocessable', message)
}

function getPull({ state }: RestContext, number = ''): GitHubAnswer | undefined {
  const pull = state.pulls.find((candidate) => candidate.number === Number(number))
  return pull && json(200, { ...showPull(state, pull), merged: pull.mergedAt !== null })
}

function listPulls({ state, request, apiUrl }: RestContext): GitHubAnswer {
  const wanted = request.query.get('state') ?? 'open'
  const base = request.query.get('base')
  const pulls = state.pulls
    .filter((pull) => wanted === 'all' || pull.state === wanted)
    .filter((pull) => base === null || pull.base.ref === base)
    .toSorted((a, b) => b.number - a.number)
  return page(
    pulls.map((pull) => showPull(state, pull)),
    request,
    apiUrl,
  )
}

/** Commits from `sha` back that change `path`, newest first. */
function listCommits({ state, request, apiUrl }: RestContext): GitHubAnswer | undefined {
  const { query } = request
  const from = query.get('sha') ?? state.defaultBranch
  const last =
    from === state.defaultBranch
      ? state.commits.length
      : state.commits.findIndex(({ sha }) => sha === from) + 1
  if (last === 0 && from !== state.defaultBranch) return undefined
  const path = query.get('path')
  const found = state.commits
    .slice(0, last)
    .filter(({ paths }) => path === null || paths.includes(path))
    .toReversed()
  return page(
    found.map((commit) => showCommit(state, commit)),
    request,
    apiUrl,
  )
}

/** For an unknown commit GitHub answers 422, not 404. */
function listPullsOfCommit(
  { state, knobs, request, apiUrl }: RestContext,
  encoded = '',
): GitHubAnswer {
  const sha = decodeURIComponent(encoded)
  if (knobs.lateAssociation > 0) {
    knobs.lateAssociation -= 1
    return json(200, [])
  }
  const associated = state.commitPulls[sha]
  const pulls = state.pulls.filter((pull) =>
    associated
      ? associated.includes(pull.number)
      : [pull.mergeCommitSha, pull.head.sha].includes(sha),
  )
  const isKnown = state.files[sha] !== undefined || state.commits.some((c) => c.sha === sha)
  if (!associated && !isKnown && pulls.length === 0)
    return problem(422, `No commit found for SHA: ${sha}`)
  return page(
    pulls.map((pull) => showPull(state, pull)),
    request,
    apiUrl,
  )
}

function readBody(text: string): Record<string, unknown> | undefined {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    // Answered as GitHub does: 400.
    return undefined
  }
}
