import { existsSync, readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import path from 'node:path'
import { compareText } from '../resources/id.ts'

/** The files that match the patterns, and the problems of patterns that match none. */
export interface FoundFiles {
  /** Relative to the workspace, with `/`, sorted; a file reached by several names is listed once. */
  readonly files: readonly string[]
  /** One sentence each, in the order of the patterns. */
  readonly problems: readonly string[]
}

/**
 * Finds the files of the workspace that match the patterns.
 *
 * `*` and `?` match within one folder, `**` matches any number of folders. Names that begin with a dot are
 * matched like any other, because our default is in `.github`; `.git` is never searched, because a checkout
 * keeps its token there. A file outside the workspace, also through a symbolic link, is a problem and not a
 * match: the topology must be what was checked out and reviewed.
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
          problems.push(`${file} is inside .git`)
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
    return `${pattern} could not be expanded (${error instanceof Error ? error.message : String(error)})`
  }
}

function expand(pattern: string, workspace: string, root: string): readonly string[] | string {
  const relative = relativeTo(pattern, workspace, root)
  if (relative === undefined) return `${pattern} is outside the workspace`
  // Consecutive `**` mean the same as one, and each would cost a walk of all folders.
  const segments = relative.split('/').filter((s, i, all) => s !== '**' || all[i - 1] !== '**')
  if (!segments.some(isGlob)) {
    const kind = kindOf(path.join(root, relative))
    if (kind === 'file') return [relative]
    if (kind === 'folder') return `${pattern} is a folder, not a file`
    return `${pattern} does not exist in the workspace; check out the repository in an earlier step`
  }
  const matches = [...new Set(walk(root, '', segments, new Set()))]
  return matches.length > 0 ? matches : `${pattern} matches no file of the workspace`
}

/** The pattern relative to the workspace, without `.` and `..`; `undefined` when it leads outside. */
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

/** `done` holds the pairs of folder and remaining pattern already walked: `**` reaches a folder in many ways. */
function* walk(
  root: string,
  folder: string,
  segments: readonly string[],
  done: Set<string>,
): Generator<string> {
  const key = JSON.stringify([folder, ...segments])
  if (done.has(key)) return
  done.add(key)
  const [segment = '', ...rest] = segments
  if (segment === '**') {
    yield* walk(root, folder, rest.length > 0 ? rest : ['*'], done)
    // Links to folders are not followed here: they may form a cycle.
    for (const entry of list(root, folder))
      if (entry.isDirectory() && entry.name !== '.git')
        yield* walk(root, join(folder, entry.name), segments, done)
    return
  }
  const matches = matcher(segment)
  for (const entry of list(root, folder)) {
    if (!matches(entry.name) || entry.name === '.git') continue
    const file = join(folder, entry.name)
    const kind = kindOf(path.join(root, file))
    if (rest.length === 0 && kind === 'file') yield file
    if (rest.length > 0 && kind === 'folder') yield* walk(root, file, rest, done)
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

/**
 * Matches a name against a pattern of `*` and `?`; `**` inside a longer segment means the same as `*`, as in a
 * shell. Backtracks to the last star only, so that no pattern takes long.
 */
function matcher(segment: string): (name: string) => boolean {
  const pattern = Array.from(segment.replace(/\*+/g, '*'))
  return (text) => {
    const name = Array.from(text)
    let [p, n] = [0, 0]
    let [star, mark] = [-1, 0]
    while (n < name.length) {
      if (pattern[p] === '*') {
        ;[star, mark] = [p, n]
        p += 1
      } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
        p += 1
        n += 1
      } else if (star !== -1) {
        p = star + 1
        mark += 1
        n = mark
      } else return false
    }
    while (pattern[p] === '*') p += 1
    return p === pattern.length
  }
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

function isInside(root: string, real: string): boolean {
  const relative = path.relative(root, real)
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)
}
