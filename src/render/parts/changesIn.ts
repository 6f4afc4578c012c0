/** Some of the changes that a comment shows, read back from it. */
export interface ShownGroup {
  /** The two lines that head it where it is folded; empty where it is open. */
  readonly head: string
  /** Its lines, as they are written. */
  readonly lines: readonly string[]
  /** How many changes it has beside those, when it was cut. */
  readonly cut: number
}

/** Heads the changes that were reviewed where a comment has come to tell of others. */
export const reviewedTitle = 'What was reviewed'

/** Parts of a comment whose lines were reviewed or approved by a review; what else it lists was not. */
const reviewedParts = ['### Changes', '### What became of each change', `### ${reviewedTitle}`]
const foldedPart = `<summary>${reviewedTitle}</summary>`

/**
 * The changes that the visible part of a comment shows as reviewed; `undefined` when it has markup that this
 * action doesn't write, since then nobody knows what of it people see.
 */
export function changesIn(body: string): readonly ShownGroup[] | undefined {
  const visible = withoutHidden(body)
  if (visible === undefined) return undefined
  const lines = visible.split(/\r\n|\r|\n/)
  const open = lines.includes(`### ${reviewedTitle}`) ? [`### ${reviewedTitle}`] : reviewedParts
  const groups: Group[] = []
  let isInside = false
  lines.forEach((line, index) => {
    const next = lines[index + 1] ?? ''
    if (open.includes(line) || line === foldedPart) isInside = true
    else if (isEnd(line, next)) isInside = false
    if (!isInside) return
    if (line === '<details>' && next.includes('<b>')) groups.push(begin(`${line}\n${next}`))
    else if (line === '</details>') groups.push(begin(''))
    else if (line.startsWith('- ')) {
      if (groups.length === 0) groups.push(begin(''))
      groups.at(-1)?.add(line)
    }
  })
  return groups
    .map(({ head, lines: shown, cut }) => ({ head, lines: shown, cut }))
    .filter(({ lines: shown, cut }) => shown.length > 0 || cut > 0)
}

interface Group extends ShownGroup {
  add(line: string): void
}

function begin(head: string): Group {
  const lines: string[] = []
  let cut = 0
  return {
    head,
    lines,
    get cut() {
      return cut
    },
    add(line) {
      const more = /^- … and ([\d,]+) more: see /.exec(line)?.[1]
      if (more === undefined) lines.push(line)
      else cut += Number(more.replaceAll(',', ''))
    },
  }
}

/** Tags that comments of this action hold, outside of their picture. */
const ourTags = /<\/?(?:details|summary|b|code)>/g

/** Without what is never shown: hidden lines of ours, and the picture. */
function withoutHidden(body: string): string | undefined {
  const shown = body
    .replace(/^```mermaid$[\s\S]*?^```$/gm, '')
    .replace(/^<!-- azure-monitor-private-link:(?:(?!-->).)*-->[ \t\r]*$/gm, '')
  return /<[!/?a-z]/i.test(shown.replace(ourTags, '')) ? undefined : shown
}

/** The next part of a comment; a folded group of changes has its name in bold. */
function isEnd(line: string, next: string): boolean {
  return (
    line.startsWith('### ') ||
    line === '---' ||
    (line === '<details>' && !next.includes('<b>') && next !== foldedPart)
  )
}
