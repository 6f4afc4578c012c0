import { GitHubError } from '../errors.ts'
import { commentMarker } from '../render/carried/commentMarker.ts'
import { findSelf, type Actor } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { readCommentHistory, wasEditedByOthers } from './commentHistory.ts'
import { textAt } from './gitHubJson.ts'
import { type Comment, findComments, firstLine, listOwn, writing } from './ownComments.ts'

export interface CommentRequest {
  readonly pullRequest: number
  /** The name of the topology, or the file's path if it has none: one comment each. */
  readonly topology: string
  /** Markdown; the marker is prepended unless it is already the first line. */
  readonly body: string
  /** False: only updates an existing comment. */
  readonly create: boolean
  /** The key used while the topology's name could not be read: that comment is deleted. */
  readonly formerly?: string
  /** The present comment, if already read; otherwise it is read now. */
  readonly existing?: ExistingComment
}

/** The present comment of a topology on a pull request. */
export interface ExistingComment {
  readonly self: Actor
  /** All our comments on the pull request, for any topology. */
  readonly all: readonly Comment[]
  /** Those of this topology, newest last. */
  readonly found: readonly Comment[]
  /** Its text; absent when there is no comment. */
  readonly before?: string
}

/**
 * Finds the comment of a topology on a pull request.
 *
 * @throws GitHubError when GitHub can't be reached.
 */
export async function findExisting(
  client: GitHubClient,
  { pullRequest, topology }: Pick<CommentRequest, 'pullRequest' | 'topology'>,
): Promise<ExistingComment> {
  const self = await findSelf(client)
  const marker = commentMarker(topology)
  const all = await listOwn(client, pullRequest, self)
  const found = all.filter((comment) => firstLine(comment.body) === marker)
  const before = found.at(-1)?.body
  return { self, all, found, ...(before !== undefined && { before }) }
}

export interface PostedComment {
  readonly url: string
  readonly action: 'created' | 'updated' | 'unchanged'
  /** The previous text; absent when there was no comment. */
  readonly before?: string
}

/** The longest body that GitHub accepts, in characters. */
export const longestBody = 65_536

/**
 * Writes the one comment of a topology on a pull request: updates it in place, leaves it if the text is the same,
 * and creates it when there is none or it was deleted meanwhile. `undefined` when there is none and `create` is
 * false.
 *
 * @throws GitHubError, which the caller reports as a warning: the plan is valid without its comment.
 */
export async function postComment(
  client: GitHubClient,
  request: CommentRequest,
): Promise<PostedComment | undefined> {
  const { self, all, found } = request.existing ?? (await findExisting(client, request))
  const marker = commentMarker(request.topology)
  const ours = found.at(-1)
  const { body: made } = request
  const body = firstLine(made) === marker ? made : `${marker}\n${made}`
  const writer: Writer = { client, request, body, self, known: new Set(found.map(({ id }) => id)) }
  const posted = await write(writer, ours)
  if (posted !== undefined && request.formerly !== undefined) {
    const former = commentMarker(request.formerly)
    for (const old of all) if (firstLine(old.body) === former) await remove(client, old)
  }
  return posted && { ...posted, ...(ours && { before: ours.body }) }
}

async function write(
  writer: Writer,
  ours: Comment | undefined,
): Promise<PostedComment | undefined> {
  const { client, request, body, self } = writer
  if (!ours) return request.create ? create(writer) : undefined
  if (!isSameText(ours.body, body)) return update(writer, ours)
  if (!(await wasTamperedWith(client, ours, self))) return { url: ours.url, action: 'unchanged' }
  // Another account edited the comment and restored its text. Writing the same text would leave that account as
  // the last editor, and the comment untrusted, so a new comment replaces it.
  const posted = await create(writer)
  await remove(client, ours)
  return posted
}

/** The parameters that all write functions share. */
interface Writer {
  readonly client: GitHubClient
  readonly request: CommentRequest
  /** With the marker. */
  readonly body: string
  readonly self: Actor
  /** Ids of our comments from before this write. */
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
 * Creates a comment. When it is unknown whether GitHub created it, looks before retrying, so that a lost answer
 * doesn't leave two.
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
    // The new comment counts, even if the old one remains.
    if (!(error instanceof GitHubError)) throw error
  }
}

function mayHaveBeenWritten(error: unknown): boolean {
  if (!(error instanceof GitHubError)) return false
  const { status } = error
  return status === undefined || status === 408 || status >= 500
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
    // The text is right; the apply checks whether to trust it.
    if (error instanceof GitHubError) return false
    throw error
  }
}

/** GitHub keeps a body as it was sent, but for line ends and blanks at its end. */
function isSameText(a: string, b: string): boolean {
  const tidy = (text: string) => text.replaceAll('\r\n', '\n').trimEnd()
  return tidy(a) === tidy(b)
}
