import { commentMarker } from '../render/carried/commentMarker.ts'
import { findSelf, isSameActor, readActor, type Actor } from './actor.ts'
import type { GitHubClient } from './client.ts'
import { at, numberAt, textAt } from './gitHubJson.ts'

/** A comment on a pull request. */
export interface Comment {
  readonly id: number
  readonly nodeId: string
  readonly url: string
  readonly body: string
  /** ISO 8601. */
  readonly createdAt?: string
}

/**
 * Our comments for a topology, oldest first. Two concurrent runs may have written two; the newest counts.
 */
export async function findComments(
  client: GitHubClient,
  pullRequest: number,
  topology: string,
  self: Actor,
): Promise<readonly Comment[]> {
  const marker = commentMarker(topology)
  const all = await listOwn(client, pullRequest, self)
  return all.filter((comment) => firstLine(comment.body) === marker)
}

/** Other authors of comments with the topology's marker. */
export async function findStrangers(
  client: GitHubClient,
  pullRequest: number,
  topology: string,
  self: Actor,
): Promise<readonly Actor[]> {
  const marker = commentMarker(topology)
  const all = await listAll(client, pullRequest)
  return all.flatMap((item) => {
    const author = readActor(at(item, 'user'))
    const isOurs = author !== undefined && isSameActor(author, self)
    const hasMarker = firstLine(textAt(item, 'body') ?? '') === marker
    return author === undefined || isOurs || !hasMarker ? [] : [author]
  })
}

/**
 * Writes a separate comment unless this account already wrote one with the same first line. Returns `true` when
 * it wrote one.
 *
 * @throws GitHubError, which the caller reports as a warning.
 */
export async function postOnce(
  client: GitHubClient,
  pullRequest: number,
  body: string,
): Promise<boolean> {
  const all = await listOwn(client, pullRequest, await findSelf(client))
  if (all.some((comment) => firstLine(comment.body) === firstLine(body))) return false
  await client.call('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    parameters: { issue_number: pullRequest, body },
    ...writing,
  })
  return true
}

/** Every comment of this account on a pull request, oldest first. */
export async function listOwn(
  client: GitHubClient,
  pullRequest: number,
  self: Actor,
): Promise<readonly Comment[]> {
  const all = await listAll(client, pullRequest)
  return all
    .filter((item) => {
      const author = readActor(at(item, 'user'))
      return author !== undefined && isSameActor(author, self)
    })
    .flatMap((item) => readComment(item) ?? [])
    .sort((a, b) => a.id - b.id)
}

async function listAll(client: GitHubClient, pullRequest: number): Promise<readonly unknown[]> {
  return await client.list('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    parameters: { issue_number: pullRequest },
    purpose: `read the comments of pull request #${pullRequest}`,
    permission: 'pull-requests: read',
  })
}

/** The purpose and permission of calls that write a comment. */
export const writing = { purpose: 'write the plan comment', permission: 'pull-requests: write' }

function readComment(item: unknown): Comment | undefined {
  const id = numberAt(item, 'id')
  const body = textAt(item, 'body')
  if (id === undefined || body === undefined) return undefined
  return {
    id,
    body,
    nodeId: textAt(item, 'node_id') ?? '',
    url: textAt(item, 'html_url') ?? '',
    ...createdAtOf(item),
  }
}

function createdAtOf(item: unknown): { readonly createdAt?: string } {
  const createdAt = textAt(item, 'created_at')
  return createdAt === undefined ? {} : { createdAt }
}

/** The first line of a text; in a comment, its marker. */
export function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? ''
}
