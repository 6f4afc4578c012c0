import { GitHubError } from '../errors.ts'
import type { GitHubClient } from './client.ts'

/** A topology file on the base branch. */
export type BaseFile =
  | { readonly state: 'found'; readonly text: string }
  /** The pull request adds the file. */
  | { readonly state: 'absent' }
  /** GitHub did not answer; `why` is one sentence. */
  | { readonly state: 'unknown'; readonly why: string; readonly error?: GitHubError }

/**
 * Reads a file of the repository at a commit of the base branch, to distinguish what a pull request adds from
 * what was there before.
 *
 * GitHub also answers 404 when the token may not read. The file is known to be absent only when the root of the
 * repository can be listed at the same commit.
 */
export async function readBaseFile(
  client: GitHubClient,
  path: string,
  commit: string,
): Promise<BaseFile> {
  if (commit === '') return { state: 'unknown', why: 'The event names no base commit.' }
  const file = await readContents(client, path, commit)
  if (!(file instanceof GitHubError)) return asFile(file, path)
  if (file.status !== 404) return { state: 'unknown', why: file.message, error: file }
  const root = await readContents(client, '', commit)
  return root instanceof GitHubError
    ? { state: 'unknown', why: `${root.message} ${root.remedy}`, error: root }
    : { state: 'absent' }
}

async function readContents(client: GitHubClient, path: string, commit: string): Promise<unknown> {
  const segments = path.split('/').map(encodeURIComponent).join('/')
  try {
    const route = `GET /repos/{owner}/{repo}/contents/${segments.replace(/[{}]/g, encodeURIComponent)}`
    const { data } = await client.call(route, {
      parameters: { ref: commit },
      // Without `raw`, GitHub omits the text of files over 1 MB.
      accept: path === '' ? 'application/vnd.github+json' : 'application/vnd.github.raw+json',
      purpose: `read ${path === '' ? 'the repository' : path} at ${commit.slice(0, 7)}`,
      permission: 'contents: read',
    })
    return data
  } catch (error) {
    if (error instanceof GitHubError) return error
    throw error
  }
}

function asFile(data: unknown, path: string): BaseFile {
  if (typeof data === 'string') return { state: 'found', text: data }
  if (data instanceof ArrayBuffer) return { state: 'found', text: new TextDecoder().decode(data) }
  return { state: 'unknown', why: `${path} is not a file there.` }
}
