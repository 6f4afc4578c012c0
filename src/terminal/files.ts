import { existsSync, realpathSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../errors.ts'
import { createFile, findNewFile, type NewFile } from '../job/newFile.ts'
import { findWorkspaceFiles, type FoundFiles } from '../job/workspaceFiles.ts'

/**
 * Finds the files that arguments name, relative to the current folder. Unlike in a job they may be anywhere: the
 * user who types a path may read it.
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
  if (pattern.includes('\0')) return problem(`${JSON.stringify(pattern)} is not a path`)
  const file = path.resolve(folder, pattern)
  // A shell passes a glob on when it matches nothing or is quoted.
  if (!existsSync(file) && /[*?]/.test(pattern)) return findWorkspaceFiles([pattern], folder)
  if (!existsSync(file)) return problem(`there is no file ${pattern}`)
  if (!statSync(file).isFile()) return problem(`${pattern} is a folder, not a file`)
  return { files: [pattern], problems: [] }
}

/** Checks the path of a new file, which may be outside the current folder. */
export function findNewNamedFile(name: string, folder: string): NewFile {
  const relative = path.relative(folder, path.resolve(folder, name))
  const isWithin = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
  if (isWithin) return findNewFile(relative, folder)
  const whole = path.resolve(folder, name)
  const found = findNewFile(path.basename(whole), path.dirname(whole))
  return 'file' in found ? { file: name } : found
}

/** Creates a file; relative paths start at `folder`. */
export async function createIn(folder: string, file: string, text: string): Promise<void> {
  const whole = path.resolve(folder, file)
  await createFile(path.dirname(whole), path.basename(whole), text)
}

/** Reads a file; relative paths start at `folder`. */
export async function readIn(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path.resolve(folder, file))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new InputError(
      `${file} could not be read: ${why}`,
      'Check the path and the permissions of the file.',
      {
        cause,
      },
    )
  }
}

function problem(words: string): FoundFiles {
  return { files: [], problems: [words] }
}
