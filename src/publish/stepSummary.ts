import { appendFile } from 'node:fs/promises'
import type { Log } from '../job/log.ts'

/** GitHub accepts 1 MiB of summary per step, and shows nothing of a longer one. */
export const mostBytes = 1024 * 1024

const note =
  '\n\n> The summary is too long for GitHub; the file named by the output `plan-markdown` has all of it.'

/**
 * Appends the texts to the step summary, cut to GitHub's limit. Space that one text doesn't use goes to the next.
 */
export async function writeSummary(texts: readonly string[], log: Log): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY ?? ''
  if (file === '') return
  try {
    await appendFile(file, joinSummaries(texts, mostBytes))
  } catch (error) {
    log.warning(`The step summary could not be written: ${String(error)}`)
  }
}

/** Joins the texts with blank lines, to at most `most` bytes of UTF-8. */
export function joinSummaries(texts: readonly string[], most: number): string {
  const parts: string[] = []
  let room = most
  texts.forEach((text, index) => {
    const part = `${cutToBytes(text.trimEnd(), Math.floor(room / (texts.length - index)) - 2)}\n\n`
    room -= Buffer.byteLength(part)
    parts.push(part)
  })
  return parts.join('')
}

/** Keeps as many whole lines as fit, closes open code blocks and details, and adds a note on the cut. */
function cutToBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  // Reserves space for closing tags: a fence and some `</details>`.
  let room = most - Buffer.byteLength(note) - 200
  const kept: string[] = []
  for (const line of text.split('\n')) {
    room -= Buffer.byteLength(line) + 1
    if (room < 0) break
    kept.push(line)
  }
  return kept.join('\n') + closingsOf(kept) + note
}

/** Closes the blocks that a cut left open. */
function closingsOf(lines: readonly string[]): string {
  let fence = ''
  let open = 0
  for (const line of lines) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? ''
    if (fence === '') fence = mark
    else if (mark.startsWith(fence) && line.trim() === mark) fence = ''
    if (fence !== '') continue
    open += (line.match(/<details\b/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0)
  }
  return (fence && `\n${fence}`) + '\n</details>'.repeat(Math.min(Math.max(open, 0), 10))
}
