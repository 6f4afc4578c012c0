import { appendFileSync, readFileSync } from 'node:fs'
import { InputError } from '../errors.ts'
import { plainLine, title } from './log.ts'
import { setAsideBadProxies } from './proxies.ts'

/**
 * Loaded before everything else, so that an error while other modules load, or one that no code catches, still
 * becomes one annotation, a result and exit code 1 (contract section 7). GitHub's toolkit reads the event while it
 * loads.
 */

/** Set when the job's event can't be read; its variable is removed so that the toolkit can load. */
export const brokenEvent: InputError | undefined = asInputError(setAsideBrokenEvent(process.env))

/** Set when the runner names an unusable proxy; its variable is emptied. */
export const badProxy: InputError | undefined = setAsideBadProxies(process.env)

process.on('uncaughtException', endWithError)
process.on('unhandledRejection', endWithError)

/** Removes an event that GitHub's toolkit would fail on. Returns what is wrong with it. */
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
    // The toolkit tolerates a missing file.
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

/** Ends the process once the output is flushed; pending work is dropped. */
export async function endProcess(): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()))
  }
  process.exit()
}

function endWithError(error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const line = plainLine(`This is a bug in the action: ${text}`)
  if (process.argv.length > 2) process.stderr.write(`Error: ${line}\n`)
  else {
    process.stdout.write(`::error title=${title}%3A azure-error::${line.replaceAll('%', '%25')}\n`)
    writeResult()
  }
  process.exit(1)
}

function writeResult(): void {
  const file = process.env['GITHUB_OUTPUT'] ?? ''
  if (file === '') return
  try {
    appendFileSync(file, 'result=failed\nfailure-reason=azure-error\n')
  } catch {
    // No output can be written; the annotation and the exit code remain.
  }
}
