import { json, problem, type GitHubAnswer } from './answer.ts'
import type { RestContext } from './restContext.ts'

/**
 * The contents API (https://docs.github.com/rest/repos/contents#get-repository-content): a file as JSON
 * or raw, a folder as a list.
 */
export function readContents(
  { state, request }: RestContext,
  encoded = '',
): GitHubAnswer | undefined {
  const ref = request.query.get('ref') ?? state.defaultBranch
  const files = state.files[ref]
  if (!files) return problem(404, `No commit found for the ref ${ref}`)
  const path = encoded
    .split('/')
    .map(decodeURIComponent)
    .join('/')
    .replace(/^\/+|\/+$/g, '')
  const text = files[path]
  if (text === undefined) return folder(files, path)
  if (/\braw\b/.test(request.headers.accept ?? ''))
    return {
      status: 200,
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
      body: text,
    }
  const bytes = Buffer.from(text)
  return json(200, {
    ...entry(path, 'file'),
    size: bytes.length,
    encoding: 'base64',
    // Over 1 MB only the raw media type has the text.
    content: bytes.length > 1024 * 1024 ? '' : bytes.toString('base64'),
  })
}

function folder(files: Readonly<Record<string, string>>, path: string): GitHubAnswer | undefined {
  const prefix = path === '' ? '' : `${path}/`
  const inside = Object.keys(files).filter((file) => file.startsWith(prefix))
  if (inside.length === 0 && path !== '') return undefined
  const names = new Map<string, 'file' | 'dir'>()
  for (const file of inside) {
    const [name = '', ...rest] = file.slice(prefix.length).split('/')
    names.set(name, rest.length > 0 ? 'dir' : 'file')
  }
  return json(
    200,
    [...names].map(([name, type]) => entry(prefix + name, type)),
  )
}

function entry(path: string, type: 'file' | 'dir') {
  return { type, name: path.split('/').at(-1) ?? '', path }
}
