import { appendFile } from 'node:fs/promises'
import type { Log } from '../job/log.ts'

/** GitHub takes 1 MiB of summary a step, and shows nothing of a longer one. */
export const mostBytes = 1024 * 1024

const note =
  '\n\n> The rest does not fit here; the file of the output `plan-markdown` holds all of it.'

/**
 * Adds the texts to the step's summary, one under the other, cut to what GitHub takes. Room that one
 * text leaves goes to those after it.
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

/** The texts, a blank line between them, together at most `most` bytes of UTF-8. */
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

/** As many whole lines as fit, closed code blocks and details, and a note on what is left out. */
function cutToBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  // What closes open blocks is short: a fence and some closing tags.
  let room = most - Buffer.byteLength(note) - 200
  const kept: string[] = []
  for (const line of text.split('\n')) {
    room -= Buffer.byteLength(line) + 1
    if (room < 0) break
    kept.push(line)
  }
  return kept.join('\n') + closingsOf(kept) + note
}

/** What a cut has left open. */
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
