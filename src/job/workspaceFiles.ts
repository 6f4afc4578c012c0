import { existsSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import path from 'node:path'
import { compareText } from '../resources/id.ts'

/** The files that paths and globs name, and what is wrong with those that name none. */
export interface FoundFiles {
  /** Relative to the workspace, with `/`, in order, each file once whatever names it goes by. */
  readonly files: readonly string[]
  /** One sentence each, in the order of the patterns. */
  readonly problems: readonly string[]
}

/**
 * Finds the files of the workspace that the patterns name.
 *
 * `*` and `?` stay within one folder, `**` stands for any number of folders; names that begin with a
 * dot are matched like any other, as our own default `.github/…` does, but `.git` is never looked into.
 * A file that lies outside the workspace, also by way of a symbolic link, is a problem and not a
 * match: the topology is what was checked out and reviewed. Nor is one in `.git`, where a checkout keeps
 * its token.
 */
export function findWorkspaceFiles(patterns: readonly string[], workspace: string): FoundFiles {
  if (!existsSync(workspace))
    return { files: [], problems: [`there is no workspace at ${workspace}`] }
  const root = realpathSync(workspace)
  const problems: string[] = []
  const found = new Map<string, string>()
  for (const pattern of patterns) {
    const outcome = tryToExpand(pattern, workspace, root)
    if (typeof outcome === 'string') problems.push(outcome)
    else
      for (const file of outcome) {
        const real = realpathSync(path.join(root, file))
        const known = found.get(real)
        if (!isInside(root, real)) problems.push(`${file} leads outside the workspace`)
        else if (path.relative(root, real).split(path.sep).includes('.git'))
          problems.push(`${file} leads into the folder of Git`)
        else if (known === undefined || compareText(file, known) < 0) found.set(real, file)
      }
  }
  return { files: [...found.values()].sort(compareText), problems: [...new Set(problems)] }
}

/** The paths that match one pattern, or what is wrong with it. */
function tryToExpand(pattern: string, workspace: string, root: string): readonly string[] | string {
  try {
    return expand(pattern, workspace, root)
  } catch (error) {
    return `${pattern} could not be looked up (${error instanceof Error ? error.message : String(error)})`
  }
}

function expand(pattern: string, workspace: string, root: string): readonly string[] | string {
  const relative = relativeTo(pattern, workspace, root)
  if (relative === undefined) return `${pattern} is outside the workspace`
  const segments = relative.split('/')
  if (!segments.some(isGlob)) {
    const kind = kindOf(path.join(root, relative))
    if (kind === 'file') return [relative]
    if (kind === 'folder') return `${pattern} is a folder, not a file`
    return `${pattern} does not exist in the workspace; check the repository out in a step before this one`
  }
  const matches = [...new Set(walk(root, '', segments))]
  return matches.length > 0 ? matches : `${pattern} matches no file of the workspace`
}

/** The pattern relative to the workspace, without `.` and `..`; `undefined` when it leads out. */
export function relativeTo(pattern: string, workspace: string, root: string): string | undefined {
  const slashed = path.sep === '\\' ? pattern.replaceAll('\\', '/') : pattern
  if (slashed.includes('\0')) return undefined
  const bases = [workspace, root].map((base) => base.split(path.sep).join('/').replace(/\/$/, ''))
  const base = bases.find((candidate) => slashed.startsWith(`${candidate}/`))
  if (path.isAbsolute(pattern) && base === undefined) return undefined
  const inner = base === undefined ? slashed : slashed.slice(base.length + 1)
  const normal = path.posix.normalize(inner).replace(/\/$/, '')
  return normal === '..' || normal.startsWith('../') ? undefined : normal
}

function* walk(root: string, folder: string, segments: readonly string[]): Generator<string> {
  const [segment = '', ...rest] = segments
  if (segment === '**') {
    yield* walk(root, folder, rest.length > 0 ? rest : ['*'])
    // Links to folders are not followed here: they may lead in circles.
    for (const entry of list(root, folder))
      if (entry.isDirectory() && entry.name !== '.git')
        yield* walk(root, join(folder, entry.name), segments)
    return
  }
  const matches = toRegExp(segment)
  for (const entry of list(root, folder)) {
    if (!matches.test(entry.name) || entry.name === '.git') continue
    const file = join(folder, entry.name)
    const kind = kindOf(path.join(root, file))
    if (rest.length === 0 && kind === 'file') yield file
    if (rest.length > 0 && kind === 'folder') yield* walk(root, file, rest)
  }
}

function list(root: string, folder: string): readonly Dirent[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
}

function kindOf(file: string): 'file' | 'folder' | 'nothing' {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return 'folder'
  return stats?.isFile() ? 'file' : 'nothing'
}

function isGlob(segment: string): boolean {
  return /[*?]/.test(segment)
}

/** `**` inside a longer segment means the same as `*`, as it does in a shell. */
function toRegExp(segment: string): RegExp {
  const source = segment
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'su')
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

function isInside(root: string, real: string): boolean {
  const relative = path.relative(root, real)
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)
}
