import type { Document } from './graphqlParser.ts'
import type { GitHubState, StoredComment } from './state.ts'

/** The execution of one query. */
export interface Run {
  readonly state: GitHubState
  readonly document: Document
  readonly variables: Readonly<Record<string, unknown>>
  readonly errors: unknown[]
  /** `Type.field` that this server doesn't know. */
  readonly hiddenFields: readonly string[]
}

export type Path = readonly (string | number)[]
export type Arguments = Readonly<Record<string, unknown>>
type Resolve = (
  run: Run,
  source: Readonly<Record<string, unknown>>,
  args: Arguments,
  path: Path,
) => unknown

export interface Field {
  /** Absent for a scalar. */
  readonly type?: string
  readonly required?: readonly string[]
  /** Default: the field of the same name. */
  readonly resolve?: Resolve
}

// https://docs.github.com/graphql/reference/objects#issuecomment, #user, #bot; queries#viewer, #node, #nodes
const actor: Readonly<Record<string, Field>> = { login: {}, url: {} }
export const schema: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Query: {
    viewer: { type: 'User', resolve: ({ state }) => ({ __typename: 'User', login: state.login }) },
    node: {
      type: 'Node',
      required: ['id'],
      resolve: (run, _, { id }, path) => findNode(run, id, path),
    },
    nodes: {
      type: 'Node',
      required: ['ids'],
      resolve: (run, _, { ids }, path) =>
        Array.isArray(ids) ? ids.map((id, index) => findNode(run, id, [...path, index])) : [],
    },
  },
  Node: { id: {} },
  Actor: actor,
  User: { ...actor, id: {}, name: {} },
  Bot: { ...actor, id: {} },
  IssueComment: {
    id: {},
    databaseId: {},
    fullDatabaseId: {},
    url: {},
    body: {},
    author: { type: 'Actor' },
    editor: { type: 'Actor' },
    createdAt: {},
    updatedAt: {},
    lastEditedAt: {},
    viewerDidAuthor: {},
  },
}

/** The interfaces of a type. */
export const implemented: Readonly<Record<string, readonly string[]>> = {
  IssueComment: ['Node', 'Comment'],
  User: ['Actor', 'Node'],
  Bot: ['Actor', 'Node'],
}

/** The type of an object, if it states it. */
export function typeOf(source: Readonly<Record<string, unknown>>, otherwise: string): string {
  return typeof source.__typename === 'string' ? source.__typename : otherwise
}

function findNode(run: Run, id: unknown, path: Path): unknown {
  const comment = run.state.comments.find(({ nodeId }) => nodeId === id)
  if (comment) return showComment(run.state, comment)
  run.errors.push({
    type: 'NOT_FOUND',
    path,
    message: `Could not resolve to a node with the global id of '${String(id)}'`,
  })
  return null
}

function showComment(state: GitHubState, comment: StoredComment): Record<string, unknown> {
  return {
    __typename: 'IssueComment',
    id: comment.nodeId,
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    url: `https://github.com/${state.owner}/${state.name}/pull/${comment.issue}#issuecomment-${comment.id}`,
    body: comment.body,
    author: showActor(comment.login),
    editor: comment.editor === null ? null : showActor(comment.editor),
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    lastEditedAt: comment.lastEditedAt,
    viewerDidAuthor: comment.login === state.login,
  }
}

/** GraphQL omits the `[bot]` of an app's name; its type shows that it is an app. */
function showActor(login: string): Record<string, unknown> {
  const bare = login.replace(/\[bot\]$/, '')
  return {
    __typename: bare === login ? 'User' : 'Bot',
    login: bare,
    url: `https://github.com/${bare}`,
  }
}
