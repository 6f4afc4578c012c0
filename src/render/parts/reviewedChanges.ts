import type { Section } from '../text/limit.ts'
import type { View } from '../view.ts'

const title = '### What was reviewed'

/** Where a comment of ours shows the changes that were reviewed, the best first. */
const headings = [title, '### Changes', '### What became of each change']

/** A longer text leaves too little room for what is wanted now. */
const mostCharacters = 15_000

/**
 * The changes as a comment shows them, as Markdown; `undefined` when it shows none. Only for a comment
 * that nobody but this action wrote and edited: its text is taken as it is.
 */
export function changesShownIn(body: string): string | undefined {
  const lines = body.split(/\r?\n/)
  const from = headings.map((heading) => lines.indexOf(heading)).find((index) => index >= 0)
  if (from === undefined) return undefined
  const rest = lines.slice(from + 1)
  const end = rest.findIndex((line, index) => isEnd(line, rest[index + 1] ?? ''))
  const text = (end < 0 ? rest : rest.slice(0, end)).join('\n').trim()
  return text === '' ? undefined : text
}

/** The next part of a comment; a folded group of changes has its name in bold. */
function isEnd(line: string, next: string): boolean {
  return (
    line.startsWith('### ') || line === '---' || (line === '<details>' && !next.includes('<b>'))
  )
}

/** Reviewed beside now, second half: what the comment showed before this one took its place. */
export function renderReviewed({ context, situation }: View): Section[] {
  const { reviewedChanges: text } = context
  if (situation !== 'plan-changed' || text === undefined) return []
  const instead = `${title}\n\nThat is too much to be shown a second time; GitHub keeps it among the earlier versions of the plan comment.`
  if (text.length > mostCharacters) return [{ type: 'whole', text: instead }]
  return [{ type: 'optional', text: `${title}\n\n${text}`, instead }]
}
