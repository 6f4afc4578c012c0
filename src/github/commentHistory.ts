import { isSameActor, readActor, type Actor } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { at, textAt } from './gitHubJson.ts'

/** A comment's text with its author and last editor, read in one query. */
export interface CommentHistory {
  /** Absent when GitHub doesn't return the text. */
  readonly body?: string
  readonly author?: Actor
  /** Absent when the comment was never edited, or when GitHub no longer knows the editor. */
  readonly editor?: Actor
  /** `unknown`: GitHub did not say. */
  readonly edited: 'never' | 'yes' | 'unknown'
  /** When the present text was written, if GitHub says; ISO 8601. */
  readonly lastEdit?: string
  /** Whether our token's account wrote it, if GitHub says. */
  readonly isOwn?: boolean
}

// REST shows neither the editor of a comment nor whether its text was changed.
// https://docs.github.com/graphql/reference/objects#issuecomment
const question = `query ($id: ID!) {
  node(id: $id) {
    ... on IssueComment {
      body
      author { __typename login }
      editor { __typename login }
      createdAt
      lastEditedAt
      viewerDidAuthor
    }
  }
}`

/** Reads the history of a comment by its node id; `undefined` when there is no such comment. */
export async function readCommentHistory(
  client: GitHubClient,
  nodeId: string,
): Promise<CommentHistory | undefined> {
  const data = await client.query(question, { id: nodeId })
  const node = at(data, 'node')
  if (node === null || node === undefined) return undefined
  const body = textAt(node, 'body')
  const author = readActor(at(node, 'author'))
  const editor = readActor(at(node, 'editor'))
  const lastEdited = at(node, 'lastEditedAt')
  const isOwn = at(node, 'viewerDidAuthor')
  return {
    ...(body !== undefined && { body }),
    ...(author && { author }),
    ...(editor && { editor }),
    edited: lastEdited === null ? 'never' : typeof lastEdited === 'string' ? 'yes' : 'unknown',
    ...lastEditOf(node),
    ...(typeof isOwn === 'boolean' && { isOwn }),
  }
}

function lastEditOf(node: unknown): { readonly lastEdit?: string } {
  const lastEdit = textAt(node, 'lastEditedAt') ?? textAt(node, 'createdAt')
  return lastEdit === undefined ? {} : { lastEdit }
}

/** True unless the text is certainly what `self` wrote last; an unknown editor counts as another account. */
export function wasEditedByOthers({ edited, editor }: CommentHistory, self: Actor): boolean {
  if (edited === 'never') return false
  return edited === 'unknown' || editor === undefined || !isSameActor(editor, self)
}

/** True when the account `self` wrote the comment. */
export function wasWrittenBy({ author, isOwn }: CommentHistory, self: Actor): boolean {
  return isOwn ?? (author !== undefined && isSameActor(author, self))
}
