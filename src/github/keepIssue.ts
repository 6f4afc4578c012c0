import type { GitHubError } from '../errors.ts'
import { findSelf, isSameActor, readActor, type Actor } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { at, listAt, numberAt, textAt } from './gitHubJson.ts'

/** The wanted content of the issue; without `open` there is nothing to report. */
export interface IssueRequest {
  /** The first line of the issue, which identifies it: one issue per marker. */
  readonly marker: string
  /** Absent when there is nothing to report. */
  readonly open?: {
    readonly title: string
    /** Markdown; its first line is the marker. */
    readonly body: string
  }
  /** Markdown of the comment written before the issue is closed. */
  readonly farewell: string
}

export interface KeptIssue {
  readonly url: string
  readonly action: 'opened' | 'reopened' | 'updated' | 'unchanged' | 'closed' | 'left closed'
}

/** The label of our issues, which the search filters by. */
export const issueLabel = 'azure-monitor-private-link'

/**
 * Maintains the one issue of a marker: opens it when there is something to report, updates it in place, reopens it
 * if we closed it, and closes it with a comment when nothing is left. `undefined` when there is no issue and none
 * is needed.
 *
 * An issue that a user closed stays closed while the report is the same; a different report gets a new issue.
 *
 * @throws GitHubError, which the caller reports as a warning: the run succeeds without its issue.
 */
export async function keepIssue(
  client: GitHubClient,
  request: IssueRequest,
): Promise<KeptIssue | undefined> {
  const self = await findSelf(client)
  const issues = await findIssues(client, request.marker, self)
  const open = issues.filter((issue) => issue.isOpen)
  const { open: wanted } = request
  if (wanted === undefined) {
    for (const issue of open) await close(client, issue, request.farewell)
    const last = open.at(-1)
    return last && { url: last.url, action: 'closed' }
  }
  const current = open.at(-1)
  if (current !== undefined) return await update(client, current, wanted, 'updated')
  const latest = issues.at(-1)
  if (latest === undefined) return await create(client, wanted)
  const closedBy = await readCloser(client, latest)
  if (closedBy === undefined || isSameActor(closedBy, self)) {
    return await update(client, latest, wanted, 'reopened')
  }
  return isSameText(latest.body, wanted.body)
    ? { url: latest.url, action: 'left closed' }
    : await create(client, wanted)
}

interface Issue {
  readonly number: number
  readonly url: string
  readonly title: string
  readonly body: string
  readonly isOpen: boolean
  readonly labels: readonly string[]
}

const route = '/repos/{owner}/{repo}/issues'
const reading = { purpose: 'search the issues', permission: 'issues: read' }
const writing = { purpose: 'write the issue', permission: 'issues: write' }

/**
 * Our issues on a topology, oldest first, including closed ones. Also searches the open issues without a label
 * filter, so that an issue that lost its label isn't duplicated.
 */
async function findIssues(
  client: GitHubClient,
  marker: string,
  self: Actor,
): Promise<readonly Issue[]> {
  const ours = (items: readonly unknown[]) =>
    items
      .filter((item) => at(item, 'pull_request') === undefined)
      .filter((item) => {
        const author = readActor(at(item, 'user'))
        return author !== undefined && isSameActor(author, self)
      })
      .flatMap((item) => readIssue(item) ?? [])
      .filter(({ body }) => (body.split(/\r?\n/, 1)[0] ?? '') === marker)
      .sort((a, b) => a.number - b.number)
  const labelled = { labels: issueLabel, state: 'all' }
  const found = ours(await client.list(`GET ${route}`, { parameters: labelled, ...reading }))
  if (found.some((issue) => issue.isOpen)) return found
  const open = await client.list(`GET ${route}`, { parameters: { state: 'open' }, ...reading })
  return [...found, ...ours(open)]
}

async function create(
  client: GitHubClient,
  { title, body }: NonNullable<IssueRequest['open']>,
): Promise<KeptIssue> {
  const parameters = { title, body, labels: [issueLabel] }
  const { data } = await client.call(`POST ${route}`, { parameters, ...writing })
  return { url: textAt(data, 'html_url') ?? '', action: 'opened' }
}

async function update(
  client: GitHubClient,
  issue: Issue,
  { title, body }: NonNullable<IssueRequest['open']>,
  action: 'updated' | 'reopened',
): Promise<KeptIssue> {
  const isLabelled = issue.labels.includes(issueLabel)
  const same = issue.title === title && isSameText(issue.body, body) && isLabelled
  if (issue.isOpen && same) return { url: issue.url, action: 'unchanged' }
  await client.call(`PATCH ${route}/{issue_number}`, {
    parameters: {
      issue_number: issue.number,
      title,
      body,
      ...(issue.isOpen ? {} : { state: 'open' }),
      // Setting labels removes those that are not listed.
      ...(isLabelled ? {} : { labels: [...issue.labels, issueLabel] }),
    },
    ...writing,
  })
  return { url: issue.url, action }
}

/** Comments first, so that an issue is never closed without a reason. */
async function close(client: GitHubClient, { number }: Issue, farewell: string): Promise<void> {
  await client.call(`POST ${route}/{issue_number}/comments`, {
    parameters: { issue_number: number, body: farewell },
    ...writing,
  })
  await client.call(`PATCH ${route}/{issue_number}`, {
    parameters: { issue_number: number, state: 'closed', state_reason: 'completed' },
    ...writing,
  })
}

/** The account that closed an issue, which a list of issues doesn't include; `undefined` for a deleted account. */
async function readCloser(client: GitHubClient, { number }: Issue): Promise<Actor | undefined> {
  const parameters = { issue_number: number }
  const { data } = await client.call(`GET ${route}/{issue_number}`, { parameters, ...reading })
  return readActor(at(data, 'closed_by'))
}

function readIssue(item: unknown): Issue | undefined {
  const number = numberAt(item, 'number')
  if (number === undefined) return undefined
  return {
    number,
    url: textAt(item, 'html_url') ?? '',
    title: textAt(item, 'title') ?? '',
    body: textAt(item, 'body') ?? '',
    isOpen: textAt(item, 'state') === 'open',
    labels: listAt(item, 'labels').flatMap((label) => textAt(label, 'name') ?? []),
  }
}

/** GitHub stores a body as sent, apart from line endings and trailing whitespace. */
function isSameText(a: string, b: string): boolean {
  const tidy = (text: string) => text.replaceAll('\r\n', '\n').trimEnd()
  return tidy(a) === tidy(b)
}

/** The warning when the issue could not be written. */
export function explainIssueFailure(error: GitHubError): string {
  if (error.status === 410) {
    return 'Issues are disabled in this repository, so the report is only in the step summary.'
  }
  return `${error.message} ${error.remedy}`
}
