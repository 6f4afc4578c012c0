import type { Section } from '../text/limit.ts'

/** A group of changes, read back from a comment. */
export interface ShownGroup {
  /** The two lines that open a folded group; empty for an open one. */
  readonly head: string
  /** Its lines, verbatim. */
  readonly lines: readonly string[]
  /** The number of further changes that were cut. */
  readonly cut: number
}

/** Hidden lines around the changes that count as reviewed. Titles may change freely. */
const opening = '<!-- azure-monitor-private-link:reviewed -->'
const closing = '<!-- azure-monitor-private-link:reviewed end -->'

/** Marks sections as reviewed or up for review: a later run reads them back. */
export function markReviewed(sections: readonly Section[]): Section[] {
  if (sections.length === 0) return []
  return [{ type: 'whole', text: opening }, ...sections, { type: 'whole', text: closing }]
}

/**
 * Reads the changes that the visible part of a comment shows as reviewed. Returns `undefined` if
 * the comment has markup that this action doesn't write, or unpaired marks: then what a reader sees
 * is unknown.
 */
export function changesIn(body: string): readonly ShownGroup[] | undefined {
  const visible = body.replace(/^```mermaid$[\s\S]*?^```$/gm, '')
  if (!hasOurMarkupOnly(visible)) return undefined
  const lines = visible.split(/\r\n|\r|\n/)
  const groups: Group[] = []
  let isInside = false
  for (const [index, line] of lines.entries()) {
    if (line === opening || line === closing) {
      if (isInside === (line === opening)) return undefined
      isInside = line === opening
      groups.push(begin(''))
    } else if (!isInside) continue
    else if (line === '<details>') groups.push(begin(`${line}\n${lines[index + 1] ?? ''}`))
    else if (line === '</details>') groups.push(begin(''))
    else if (line.startsWith('- ')) groups.at(-1)?.add(line)
  }
  if (isInside) return undefined
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

/** Tags in this action's comments, outside the diagram. */
const ourTags = /<\/?(?:details|summary|b|code)>/g

/** True when the only invisible content is our own hidden lines. */
function hasOurMarkupOnly(visible: string): boolean {
  const shown = visible.replace(/^<!-- azure-monitor-private-link:(?:(?!-->).)*-->[ \t\r]*$/gm, '')
  return !/<[!/?a-z]/i.test(shown.replace(ourTags, ''))
}
