import type { Log } from '../job/log.ts'
import { plainLine } from '../job/log.ts'
import { harmless } from '../render/terminal/layOut.ts'
import { columnsOf, type Look, paint } from '../render/terminal/look.ts'

/** Standard output and standard error of the command line. */
export interface Screen {
  /** How reports are laid out on standard output. */
  readonly look: Look
  /** Writes to standard output, and waits until it is taken. */
  print(text: string): Promise<void>
  /** A line on standard error. */
  tell(line: string): void
  /** An error on standard error: what is wrong, and what to do. */
  complain(message: string, remedy: string): void
  /** Where commands tell how far they are: one line that changes, on a terminal only. */
  readonly log: Log
  /** Takes the progress line away. */
  clear(): void
}

type Stream = NodeJS.WriteStream

/** A screen that is as wide as the terminal is, and no wider than can be read. */
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
  const tell = (line: string) => {
    clear()
    stderr.write(`${harmless(line)}\n`)
  }
  return {
    look,
    tell,
    clear,
    complain(message, remedy) {
      const [first = '', ...others] = message.split('\n')
      tell(`${paint('Error:', 'red', errors)} ${plainLine(first)}`)
      for (const line of others) tell(`       ${plainLine(line)}`)
      if (remedy !== '') tell(`${paint('What to do:', 'bold', errors)} ${plainLine(remedy)}`)
    },
    log: progressLog(stderr, tell),
    print: (text) =>
      new Promise((resolve, reject) => {
        clear()
        stdout.write(text, (error) => (error ? reject(error) : resolve()))
      }),
  }
}

/** Says what is being done, in one line that is written over; in a pipe, nothing but warnings. */
function progressLog(stderr: Stream, tell: (line: string) => void): Log {
  const show = (text: string) => {
    if (!stderr.isTTY) return
    stderr.write(`\r\u001b[K${cut(plainLine(text), (stderr.columns || 80) - 1)}`)
  }
  return {
    info: show,
    progress: show,
    warning: (text) => tell(`Warning: ${plainLine(text)}`),
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

/** Colors on a terminal, unless NO_COLOR is set (https://no-color.org); FORCE_COLOR makes them elsewhere. */
function lookOf(stream: Stream, env: Readonly<Record<string, string | undefined>>): Look {
  const isSet = (name: string) => (env[name] ?? '') !== ''
  const isTerminal = stream.isTTY && env['TERM'] !== 'dumb'
  const forced = isSet('FORCE_COLOR') && env['FORCE_COLOR'] !== '0'
  const asked = Number(env['COLUMNS'])
  const columns = stream.isTTY ? stream.columns || 80 : forced && asked > 0 ? asked : Infinity
  return {
    colors: (isTerminal || forced) && !isSet('NO_COLOR'),
    width: columns === Infinity ? columns : Math.max(40, Math.min(columns, widest)),
  }
}
