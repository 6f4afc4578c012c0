import { endGroup, startGroup } from '@actions/core'
import { withoutSecrets } from '../secrets.ts'

/**
 * The log of the run: everything we print that isn't an annotation or an output goes through here.
 *
 * Names and messages from Azure and from the topology file are hostile until shown otherwise, and
 * the runner takes lines of the log as commands; so each text becomes one plain line first.
 */
export interface Log {
  /** Runs `fn` inside a foldable group; a group inside a group is a plain heading. */
  group<T>(name: string, fn: () => Promise<T> | T): Promise<T>
  info(text: string): void
  /** A warning of the run as a whole, as an annotation; what concerns a line of the file is one of `publish`. */
  warning(text: string): void
  /** Like `info`, at most once in five seconds: for work that takes long. */
  progress(text: string): void
}

/** What our annotations are headed with. */
export const title = 'Azure Monitor Private Link'

const progressEvery = 5000

/** The log that writes to the given sink, by default the job's own. */
export function createLog(
  write: (line: string) => void = (line) => process.stdout.write(line),
  now: () => number = Date.now,
): Log {
  let depth = 0
  let lastProgress = -Infinity
  const info = (text: string) => write(`${plainLine(text)}\n`)
  return {
    info,
    warning: (text) =>
      write(`::warning title=${title}::${plainLine(text).replaceAll('%', '%25')}\n`),
    progress(text) {
      if (now() - lastProgress < progressEvery) return
      lastProgress = now()
      info(text)
    },
    async group(name, fn) {
      // The runner has no groups within groups: an inner one would end the outer.
      if (depth > 0) info(name)
      else startGroup(plainLine(name))
      depth++
      try {
        return await fn()
      } finally {
        depth--
        if (depth === 0) endGroup()
      }
    },
  }
}

/**
 * A text as one line that the runner can't take for a command, and a terminal can't obey.
 *
 * The runner knows `::name …::` at the start of a line and `##[name …]` anywhere in it
 * (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs). It compares the
 * way .NET compares text, which skips characters that don't show; so those go first, and a space, not
 * a zero-width character, parts what is left.
 */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s*\n\s*/g, ' ')
}

/** The same for a text that may keep its line breaks, as the message of an annotation may. */
export function plainText(text: string): string {
  return (
    withoutSecrets(text)
      .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
      // Escape sequences of terminals: colors, titles, moves of the cursor.
      .replace(
        /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g,
        '',
      )
      .replace(/\t/g, ' ')
      .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
      .replace(/:(?=:)/g, ': ')
      .replace(/##(?=\[)/g, '## ')
      .replace(/\p{Cs}/gu, '\ufffd')
  )
}
