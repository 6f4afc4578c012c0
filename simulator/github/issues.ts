import { invalid, json, page, type GitHubAnswer } from './answer.ts'
import { showIssue, showPullAsIssue } from './present.ts'
import { type RestContext } from './restContext.ts'
import { isTooLong, longestBody } from './longest.ts'

/** The issues API (https://docs.github.com/rest/issues/issues), in which pull requests are issues too. */
export function answerIssues(context: RestContext, rest: string): GitHubAnswer | undefined {
  const { request } = context
  const number = /^\/issues\/(\d+)$/.exec(rest)?.[1]
  if (rest === '/issues' && request.method === 'GET') return listIssues(context)
  if (rest === '/issues' && request.method === 'POST') return createIssue(context)
  if (number !== undefined && request.method === 'GET') return getIssue(context, Number(number))
  if (number !== undefined && request.method === 'PATCH')
    return updateIssue(context, Number(number))
  return undefined
}

function listIssues({ state, request, apiUrl }: RestContext): GitHubAnswer {
  const { query } = request
  const wanted = query.get('state') ?? 'open'
  const creator = query.get('creator')
  const labels = (query.get('labels') ?? '').split(',').filter((label) => label !== '')
  const meets = (item: { state: string; author: string; labels?: readonly string[] }) =>
    (wanted === 'all' || item.state === wanted) &&
    (creator === null || item.author === creator) &&
    labels.every((label) => item.labels?.includes(label))
  const found = [
    ...state.issues
      .filter(meets)
      .map((issue) => ({ number: issue.number, shown: showIssue(state, issue) })),
    ...state.pulls
      .filter(meets)
      .map((pull) => ({ number: pull.number, shown: showPullAsIssue(state, pull) })),
  ]
  // Newest first unless asked otherwise.
  const order = query.get('direction') === 'asc' ? 1 : -1
  const sorted = found.toSorted((a, b) => order * (a.number - b.number))
  return page(
    sorted.map(({ shown }) => shown),
    request,
    apiUrl,
  )
}

function createIssue({ state, body }: RestContext): GitHubAnswer {
  const { title, body: text = '', labels = [] } = body
  if (typeof title !== 'string' || title.trim() === '')
    return invalid('Issue', 'title', 'missing_field')
  if (typeof text !== 'string') return invalid('Issue', 'body', 'invalid')
  if (isTooLong(text)) return tooLong()
  const issue = state.addIssue(title, text, textsOf(labels), state.login)
  return json(201, showIssue(state, issue))
}

function getIssue({ state }: RestContext, number: number): GitHubAnswer | undefined {
  const issue = state.issues.find((candidate) => candidate.number === number)
  if (issue) return json(200, showIssue(state, issue))
  const pull = state.pulls.find((candidate) => candidate.number === number)
  return pull && json(200, showPullAsIssue(state, pull))
}

function updateIssue({ state, body }: RestContext, number: number): GitHubAnswer | undefined {
  const issue = state.issues.find((candidate) => candidate.number === number)
  if (!issue) return undefined
  // A body that is too long is ignored with 200, as observed; the rest of the request is applied.
  if (typeof body.body === 'string' && !isTooLong(body.body)) issue.body = body.body
  if (typeof body.title === 'string') issue.title = body.title
  if (Array.isArray(body.labels)) issue.labels = textsOf(body.labels)
  issue.updatedAt = state.now()
  const { state: to, state_reason: reason } = body
  if (to === 'open' || to === 'closed')
    state.turnIssue(number, to, state.login, typeof reason === 'string' ? reason : undefined)
  return json(200, showIssue(state, issue))
}

function tooLong(): GitHubAnswer {
  return invalid(
    'Issue',
    'body',
    'custom',
    `body is too long (maximum is ${longestBody} characters)`,
  )
}

function textsOf(values: unknown): string[] {
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
}
