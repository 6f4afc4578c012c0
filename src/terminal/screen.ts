import type { Log } from '../job/log.ts'
import { plainLine } from '../job/log.ts'
import { harmless } from '../render/terminal/layOut.ts'
import { columnsOf, type Look, paint } from '../render/terminal/look.ts'

/** Standard output and standard error of the command line. */
export interface Screen {
  /** The layout of reports on standard output. */
  readonly look: Look
  /** Writes to standard output and waits until the text is flushed. */
  print(text: string): Promise<void>
  /** Prints a line on standard error. */
  printLine(line: string): void
  /** Prints an error and its remedy on standard error. */
  printError(message: string, remedy: string): void
  /** The progress of commands: one line that is overwritten, on a terminal only. */
  readonly log: Log
  /** Clears the progress line. */
  clear(): void
}

type Stream = NodeJS.WriteStream

/** The maximum width of a report, so that it stays readable. */
const widest = 120

export function openScreen(
  { stdout, stderr }: { readonly stdout: Stream; readonly stderr: Stream },
  env: Readonly<Record<string, string | undefined>>,
): Screen {
  const look = lookOf(stdout, env)
  const errors = lookOf(stderr, env)
  const clear = () => {
    if (stderr.isTTY) stderr.write('\r\u001b[K')
  }
  const printLine = (line: string) => {
    clear()
    stderr.write(`${harmless(line)}\n`)
  }
  return {
    look,
    printLine,
    clear,
    printError(message, remedy) {
      const [first = '', ...others] = message.split('\n')
      printLine(`${paint('Error:', 'red', errors)} ${plainLine(first)}`)
      for (const line of others) printLine(`       ${plainLine(line)}`)
      if (remedy !== '') printLine(`${paint('What to do:', 'bold', errors)} ${plainLine(remedy)}`)
    },
    log: progressLog(stderr, printLine),
    print: (text) =>
      new Promise((resolve, reject) => {
        clear()
        stdout.write(text, (error) => (error ? reject(error) : resolve()))
      }),
  }
}

/** Shows progress in one line that is overwritten; in a pipe it prints only warnings. */
function progressLog(stderr: Stream, printLine: (line: string) => void): Log {
  const show = (text: string) => {
    if (!stderr.isTTY) return
    stderr.write(`\r\u001b[K${cut(plainLine(text), (stderr.columns || 80) - 1)}`)
  }
  return {
    info: show,
    progress: show,
    warning: (text) => printLine(`Warning: ${plainLine(text)}`),
    group: async (name, work) => {
      show(`${name} …`)
      return await work()
    },
  }
}

function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  let kept = ''
  for (const char of text) {
    if (columnsOf(kept + char) >= columns) break
    kept += char
  }
  return `${kept}…`
}

/** Colors on a terminal, unless NO_COLOR is set (https://no-color.org); FORCE_COLOR turns them on elsewhere. */
function lookOf(stream: Stream, env: Readonly<Record<string, string | undefined>>): Look {
  const isSet = (name: string) => (env[name] ?? '') !== ''
  const isTerminal = stream.isTTY && env['TERM'] !== 'dumb'
  const forced = isSet('FORCE_COLOR') && env['FORCE_COLOR'] !== '0'
  const requested = Number(env['COLUMNS'])
  const columns = stream.isTTY
    ? stream.columns || 80
    : forced && requested > 0
      ? requested
      : Infinity
  return {
    colors: (isTerminal || forced) && !isSet('NO_COLOR'),
    width: columns === Infinity ? columns : Math.max(40, Math.min(columns, widest)),
  }
}
