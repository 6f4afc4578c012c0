import { existsSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { findWorkspaceFiles, type FoundFiles } from '../job/workspaceFiles.ts'

/**
 * The files that arguments name, relative to the folder that the command line was started in. Unlike in a job
 * they may lie anywhere: who types a path may read it.
 */
export function findNamedFiles(patterns: readonly string[], folder: string): FoundFiles {
  const problems: string[] = []
  const files = new Map<string, string>()
  for (const pattern of patterns) {
    const found = expand(pattern, folder)
    problems.push(...found.problems)
    for (const file of found.files) {
      const real = realpathSync(path.resolve(folder, file))
      if (!files.has(real)) files.set(real, file)
    }
  }
  return { files: [...files.values()], problems: [...new Set(problems)] }
}

function expand(pattern: string, folder: string): FoundFiles {
  if (pattern.includes('\0')) return problem(`${JSON.stringify(pattern)} is no path`)
  const file = path.resolve(folder, pattern)
  // A shell leaves a glob as it is when it matches nothing, or when it is quoted.
  if (!existsSync(file) && /[*?]/.test(pattern)) return findWorkspaceFiles([pattern], folder)
  if (!existsSync(file)) return problem(`there is no file ${pattern}`)
  if (!statSync(file).isFile()) return problem(`${pattern} is a folder, not a file`)
  return { files: [pattern], problems: [] }
}

function problem(words: string): FoundFiles {
  return { files: [], problems: [words] }
}
