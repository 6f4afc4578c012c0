import { existsSync, lstatSync, realpathSync } from 'node:fs'
import { constants, copyFile, link, mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../errors.ts'
import { relativeTo } from './workspaceFiles.ts'

/** A file that can be created, or the reason why not. */
export type NewFile = { readonly file: string } | { readonly problem: string }

/**
 * Checks the path of a new file: it must be a plain path inside the folder that does not exist yet and does
 * not leave the folder through a symbolic link.
 */
export function findNewFile(name: string, folder: string): NewFile {
  if (!existsSync(folder)) return { problem: `there is no workspace at ${folder}` }
  const root = realpathSync(folder)
  if (/[*?]/.test(name)) return { problem: `${name} is a pattern; name the one file to write` }
  const file = relativeTo(name, folder, root)
  if (file === undefined || file === '' || file === '.') {
    return { problem: `${name} is outside the workspace` }
  }
  if (file.split('/').includes('.git')) return { problem: `${name} is inside .git` }
  if (isThere(path.join(root, file))) return { problem: describeExisting(name) }
  const parent = nearestFolder(root, file)
  if (parent === undefined) return { problem: `${name} leads outside the workspace` }
  return { file }
}

/**
 * Writes a file that must not exist, whole or not at all: writes a draft beside it and then links the draft
 * under the final name, which fails when that name is taken.
 *
 * @throws InputError when the file exists by now
 */
export async function createFile(folder: string, file: string, text: string): Promise<void> {
  const whole = path.join(folder, file)
  await mkdir(path.dirname(whole), { recursive: true })
  const draft = path.join(path.dirname(whole), `.${path.basename(whole)}.${process.pid}.new`)
  try {
    const handle = await open(draft, 'wx')
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await giveName(draft, whole)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw notWritten(file, error)
    throw new InputError(`topology-file: ${describeExisting(file)}.`, 'Name another file to write.')
  } finally {
    await rm(draft, { force: true })
  }
}

/** Some file systems have no hard links; an exclusive copy also fails when the file exists. */
async function giveName(draft: string, whole: string): Promise<void> {
  try {
    await link(draft, whole)
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw error
    await copyFile(draft, whole, constants.COPYFILE_EXCL)
  }
}

function describeExisting(name: string): string {
  return `${name} already exists, and import never overwrites a file`
}

function notWritten(file: string, cause: unknown): InputError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new InputError(
    `topology-file: ${file} could not be written (${why}).`,
    'Name a file in a folder that this job may write to.',
    { cause },
  )
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** True also for a dangling symbolic link. */
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined
}

/** The nearest existing parent folder, if it is a folder inside the root and outside `.git`. */
function nearestFolder(root: string, file: string): string | undefined {
  let folder = path.dirname(path.join(root, file))
  while (!isThere(folder) && folder !== root) folder = path.dirname(folder)
  if (!existsSync(folder) || !lstatSync(realpathSync(folder)).isDirectory()) return undefined
  const inner = path.relative(root, realpathSync(folder)).split(path.sep)
  return inner[0] === '..' || inner.includes('.git') || path.isAbsolute(inner[0] ?? '')
    ? undefined
    : folder
}
