import { GitHubError } from '../errors.ts'
import { commentMarker } from '../render/commentMarker.ts'
import { findSelf, isSameActor, readActor, type Actor } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { readCommentHistory, wasEditedByOthers } from './commentHistory.ts'
import { at, numberAt, textAt } from './json.ts'

/** A comment on a pull request. */
export interface Comment {
  readonly id: number
  readonly nodeId: string
  readonly url: string
  readonly body: string
}

export interface CommentRequest {
  readonly pullRequest: number
  /** Name of the topology, or the path of a file that has none: one comment each. */
  readonly topology: string
  /** Markdown; the marker is put before it unless it is its first line already. */
  readonly body: string
  /** False: only a comment that is there already is brought up to date. */
  readonly create: boolean
}

export interface PostedComment {
  readonly url: string
  readonly action: 'created' | 'updated' | 'unchanged'
}

/** Longest body that GitHub takes, in characters. */
export const longestBody = 65_536

/**
 * Writes the one comment that a topology has on a pull request: updates ours in place, leaves one that
 * says the same, and writes a new one when there is none, or when it was deleted meanwhile.
 * `undefined` when there is none and none is to be created.
 *
 * @throws GitHubError for the caller to warn with: a plan stands without its comment.
 */
export async function postComment(
  client: GitHubClient,
  request: CommentRequest,
): Promise<PostedComment | undefined> {
  const self = await findSelf(client)
  const marker = commentMarker(request.topology)
  const body = firstLine(request.body) === marker ? request.body : `${marker}\n${request.body}`
  const found = await findComments(client, request.pullRequest, request.topology, self)
  const writer: Writer = { client, request, body, self, known: new Set(found.map(({ id }) => id)) }
  const ours = found.at(-1)
  if (!ours) return request.create ? create(writer) : undefined
  if (!isSameText(ours.body, body)) return update(writer, ours)
  if (!(await wasTamperedWith(client, ours, self))) return { url: ours.url, action: 'unchanged' }
  // Someone changed it and changed it back. Writing the same again would leave them its last editor
  // and the comment without trust, so it makes room for a new one.
  const posted = await create(writer)
  await remove(client, ours)
  return posted
}

/**
 * Our comments for a topology, oldest first. Two runs at the same time may have written two; the
 * newest is the one that counts.
 */
export async function findComments(
  client: GitHubClient,
  pullRequest: number,
  topology: string,
  self: Actor,
): Promise<readonly Comment[]> {
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'
  const all = await client.list(route, {
    parameters: { issue_number: pullRequest },
    purpose: `read the comments of pull request #${pullRequest}`,
    permission: 'pull-requests: read',
  })
  const marker = commentMarker(topology)
  return all
    .filter((item) => {
      const author = readActor(at(item, 'user'))
      return author !== undefined && isSameActor(author, self)
    })
    .flatMap((item) => readComment(item) ?? [])
    .filter((comment) => firstLine(comment.body) === marker)
    .sort((a, b) => a.id - b.id)
}

const writing = { purpose: 'write the plan comment', permission: 'pull-requests: write' }

/** What the ways of writing have in common. */
interface Writer {
  readonly client: GitHubClient
  readonly request: CommentRequest
  /** With the marker. */
  readonly body: string
  readonly self: Actor
  /** Comments of ours that were there before we wrote any. */
  readonly known: ReadonlySet<number>
}

async function update(writer: Writer, comment: Comment): Promise<PostedComment | undefined> {
  const { client, request, body } = writer
  try {
    await client.call('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      parameters: { comment_id: comment.id, body },
      ...writing,
    })
    return { url: comment.url, action: 'updated' }
  } catch (error) {
    const gone = error instanceof GitHubError && error.status === 404
    if (!gone) throw error
    return request.create ? create(writer) : undefined
  }
}

/**
 * Writes a new comment. When nobody can tell whether GitHub did it, we look before we try again, so
 * that a lost answer doesn't leave two.
 */
async function create({ client, request, body, self, known }: Writer): Promise<PostedComment> {
  const { pullRequest, topology } = request
  const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
  for (let attempt = 1; ; attempt++) {
    try {
      const parameters = { issue_number: pullRequest, body }
      const { data } = await client.call(route, { parameters, ...writing })
      return { url: textAt(data, 'html_url') ?? '', action: 'created' }
    } catch (error) {
      if (!mayHaveBeenWritten(error)) throw error
      const found = await findComments(client, pullRequest, topology, self)
      const written = found.find(({ id }) => !known.has(id))
      if (written) return { url: written.url, action: 'created' }
      if (attempt >= 3) throw error
    }
  }
}

async function remove(client: GitHubClient, { id }: Comment): Promise<void> {
  try {
    await client.call('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      parameters: { comment_id: id },
      ...writing,
    })
  } catch (error) {
    // The new one counts, with or without the old one beside it.
    if (!(error instanceof GitHubError)) throw error
  }
}

function mayHaveBeenWritten(error: unknown): boolean {
  return error instanceof GitHubError && (error.status === undefined || error.status >= 500)
}

async function wasTamperedWith(
  client: GitHubClient,
  comment: Comment,
  self: Actor,
): Promise<boolean> {
  try {
    const history = await readCommentHistory(client, comment.nodeId)
    return history !== undefined && wasEditedByOthers(history, self)
  } catch (error) {
    // The text is right; whether it is trusted is for the apply to find out.
    if (error instanceof GitHubError) return false
    throw error
  }
}

function readComment(item: unknown): Comment | undefined {
  const id = numberAt(item, 'id')
  const body = textAt(item, 'body')
  if (id === undefined || body === undefined) return undefined
  return {
    id,
    body,
    nodeId: textAt(item, 'node_id') ?? '',
    url: textAt(item, 'html_url') ?? '',
  }
}

/** GitHub keeps a body as it was sent, but for line ends and blanks at its end. */
function isSameText(a: string, b: string): boolean {
  const tidy = (text: string) => text.replaceAll('\r\n', '\n').trimEnd()
  return tidy(a) === tidy(b)
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? ''
}
