import { GitHubError } from '../errors.ts'
import { commentMarker } from '../render/carried/commentMarker.ts'
import { findSelf, type Actor } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { readCommentHistory, wasEditedByOthers } from './commentHistory.ts'
import { textAt } from './gitHubJson.ts'
import { type Comment, findComments, firstLine, listOwn, writing } from './ownComments.ts'

export interface CommentRequest {
  readonly pullRequest: number
  /** Name of the topology, or the path of a file that has none: one comment each. */
  readonly topology: string
  /** Markdown; the marker is put before it unless it is its first line already. */
  readonly body: string
  /** False: only a comment that is there already is brought up to date. */
  readonly create: boolean
  /** What the topology was called while its name could not be read: that old comment is deleted. */
  readonly formerly?: string
  /** What was found to stand there; without it that is looked for now. */
  readonly standing?: Standing
}

/** What a topology's comment on a pull request is now. */
export interface Standing {
  readonly self: Actor
  /** Ours on the pull request, of whatever topology. */
  readonly all: readonly Comment[]
  /** The topology's, the newest last. */
  readonly found: readonly Comment[]
  /** What it says; absent where there is none. */
  readonly before?: string
}

/**
 * Looks for the comment that a topology has on a pull request.
 *
 * @throws GitHubError when GitHub can't be asked.
 */
export async function findStanding(
  client: GitHubClient,
  { pullRequest, topology }: Pick<CommentRequest, 'pullRequest' | 'topology'>,
): Promise<Standing> {
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
  /** What the comment said before; absent when there was none. */
  readonly before?: string
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
  const { self, all, found } = request.standing ?? (await findStanding(client, request))
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
  // Someone changed it and changed it back. Writing the same again would leave them its last editor
  // and the comment without trust, so it makes room for a new one.
  const posted = await create(writer)
  await remove(client, ours)
  return posted
}

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
    // The text is right; whether it is trusted is for the apply to find out.
    if (error instanceof GitHubError) return false
    throw error
  }
}

/** GitHub keeps a body as it was sent, but for line ends and blanks at its end. */
function isSameText(a: string, b: string): boolean {
  const tidy = (text: string) => text.replaceAll('\r\n', '\n').trimEnd()
  return tidy(a) === tidy(b)
}
