import { appendFileSync, readFileSync } from 'node:fs'
import { InputError } from '../errors.ts'
import { plainLine, title } from './log.ts'
import { setAsideBadProxies } from './proxies.ts'

/**
 * Loaded before everything else: what goes wrong while the rest is loaded, or where nobody catches it, still becomes one
 * annotation, a result and exit code 1 (contract section 7). GitHub's toolkit reads the event while it is loaded.
 */

/** Why the event of the job can't be read; its file is set aside, so that loading goes on. */
export const brokenEvent: InputError | undefined = asInputError(setAsideBrokenEvent(process.env))

/** The proxy that nothing can go through, if the runner names one; its variable is set aside. */
export const badProxy: InputError | undefined = setAsideBadProxies(process.env)

process.on('uncaughtException', endWithError)
process.on('unhandledRejection', endWithError)

/** Looks at the event before the toolkit does, and takes one that it would stumble over out of its way. */
export function setAsideBrokenEvent(env: Record<string, string | undefined>): string | undefined {
  const file = env['GITHUB_EVENT_PATH'] ?? ''
  if (file === '') return undefined
  try {
    const event: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof event === 'object' && event !== null) return undefined
    delete env['GITHUB_EVENT_PATH']
    return `GITHUB_EVENT_PATH names a file that holds no event: ${file}`
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    delete env['GITHUB_EVENT_PATH']
    // The toolkit itself goes on without an event where the file isn't there.
    return /ENOENT/.test(why) ? undefined : `The event of this job could not be read: ${why}`
  }
}

function asInputError(broken: string | undefined): InputError | undefined {
  return broken === undefined
    ? undefined
    : new InputError(
        broken,
        'Run this as a step of GitHub Actions, which writes the file; a tool that runs workflows elsewhere must write the event as JSON.',
      )
}

/** Ends the process once all that was written is taken; what still waits is dropped. */
export async function endProcess(): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()))
  }
  process.exit()
}

function endWithError(error: unknown): never {
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const line = plainLine(`This is a bug in the action: ${words}`)
  if (process.argv.length > 2) process.stderr.write(`Error: ${line}\n`)
  else {
    process.stdout.write(`::error title=${title}%3A azure-error::${line.replaceAll('%', '%25')}\n`)
    tellResult()
  }
  process.exit(1)
}

function tellResult(): void {
  const file = process.env['GITHUB_OUTPUT'] ?? ''
  if (file === '') return
  try {
    appendFileSync(file, 'result=failed\nfailure-reason=azure-error\n')
  } catch {
    // Nothing is left to tell it with: the annotation and the exit code have to do.
  }
}
