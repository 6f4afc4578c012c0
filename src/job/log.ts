import { endGroup, startGroup } from '@actions/core'
import { withoutSecrets } from '../secrets.ts'

/**
 * The log of the run. Everything we print, other than annotations and outputs, goes through here.
 *
 * Names and messages from Azure and from the topology file are untrusted, and the runner interprets log
 * lines as commands; so each text is reduced to one plain line first.
 */
export interface Log {
  /** Runs `fn` inside a foldable group; a nested group becomes a plain heading. */
  group<T>(name: string, fn: () => Promise<T> | T): Promise<T>
  info(text: string): void
  /** A warning about the run as a whole, as an annotation; `publish` writes those about a line of the file. */
  warning(text: string): void
  /** Like `info`, but at most once every five seconds: for long work. */
  progress(text: string): void
}

/** The title of our annotations. */
export const title = 'Azure Monitor Private Link'

const progressEvery = 5000

/** A log that writes to the given sink; by default the job's own. */
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
      // The runner has no nested groups: an inner one would end the outer one.
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
 * Turns a text into one line that neither the runner nor a terminal interprets as a command.
 *
 * The runner knows `::name …::` at the start of a line and `##[name …]` anywhere in it
 * (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs). It compares text the
 * way .NET does, which ignores invisible characters; so those are removed first, and the separator inserted
 * is a space, not a zero-width character.
 */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s*\n\s*/g, ' ')
}

/** Like `plainLine`, but keeps line breaks, as the message of an annotation may. */
export function plainText(text: string): string {
  return (
    withoutSecrets(text)
      .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
      // Terminal escape sequences: colors, titles, cursor movement.
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
