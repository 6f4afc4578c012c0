import type { Action } from '../../plan/plan.ts'
import type { Kind } from '../../resources/resource.ts'

/** Changes as a comment shows them, read back from it. */
export interface ShownGroup {
  readonly kind: Kind
  readonly action: Action
  /** The line that heads it, as it is written; two for a folded one. */
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
  let group: Group | undefined
  lines.forEach((line, index) => {
    const next = lines[index + 1] ?? ''
    if (open.includes(line) || line === foldedPart) isInside = true
    else if (isEnd(line, next)) isInside = false
    if (!isInside) return
    const heading = readHeading(line)
    if (heading !== undefined) {
      const isFolded = line.startsWith('<summary>')
      group = { ...heading, head: isFolded ? `<details>\n${line}` : line, lines: [], cut: 0 }
      groups.push(group)
    } else if (group !== undefined && line.startsWith('- ')) {
      const more = /^- … and ([\d,]+) more: see /.exec(line)?.[1]
      if (more === undefined) group.lines.push(line)
      else group.cut = Number(more.replaceAll(',', ''))
    }
  })
  return groups
}

interface Group extends ShownGroup {
  readonly lines: string[]
  cut: number
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
    (line === '<details>' && !next.startsWith('<summary><b>') && next !== foldedPart)
  )
}

/** What `headings` of changes.ts writes, by kind and action; a test holds that each is read back. */
const shapes: readonly (readonly [RegExp, Kind, Action])[] = [
  [/^Create [\d,]+ data collection endpoints?$/, 'dataCollectionEndpoint', 'create'],
  [/^Update [\d,]+ data collection endpoints?$/, 'dataCollectionEndpoint', 'update'],
  [/^Replace [\d,]+ data collection endpoints?$/, 'dataCollectionEndpoint', 'replace'],
  [/^Delete [\d,]+ data collection endpoints?$/, 'dataCollectionEndpoint', 'delete'],
  [/^Link [\d,]+ resources? to scope /, 'scopedResource', 'create'],
  [/^Link again [\d,]+ resources? to scope /, 'scopedResource', 'update'],
  [/^Link anew [\d,]+ resources? to scope /, 'scopedResource', 'replace'],
  [/^Unlink [\d,]+ resources? from scope /, 'scopedResource', 'delete'],
  [/^Associate [\d,]+ targets? with an endpoint$/, 'association', 'create'],
  [/^Update the association of [\d,]+ targets?$/, 'association', 'update'],
  [/^Move [\d,]+ targets? to another endpoint$/, 'association', 'replace'],
  [/^Delete the association of [\d,]+ targets?$/, 'association', 'delete'],
  [/^Set the access modes of the scope$/, 'accessModes', 'update'],
]

function readHeading(line: string): Pick<ShownGroup, 'kind' | 'action'> | undefined {
  const words =
    /^\*\*(.+)\*\*$/.exec(line)?.[1] ?? /^<summary><b>(.+?)<\/b>.*<\/summary>$/.exec(line)?.[1]
  const found = words === undefined ? undefined : shapes.find(([shape]) => shape.test(words))
  return found && { kind: found[1], action: found[2] }
}
