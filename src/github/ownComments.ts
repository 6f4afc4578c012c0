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
 * Our comments for a topology, oldest first. Two runs at the same time may have written two; the
 * newest is the one that counts.
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

/** Who else wrote a comment that bears the marker of the topology. */
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
    const bears = firstLine(textAt(item, 'body') ?? '') === marker
    return author === undefined || isOurs || !bears ? [] : [author]
  })
}

/**
 * Writes a comment of its own unless this account wrote one with the same first line before. `true`
 * when it was written.
 *
 * @throws GitHubError for the caller to warn with.
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

/** What writing a comment is for, and what it takes. */
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

/** The first line of a text: where a comment has its marker. */
export function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? ''
}
