import { type Node, Parser } from 'commonmark'

/** Tags of our own markup. Any other tag came from outside. */
const ownTags = /<\/?(?:details|summary|code|b)>|<br\/?>/g

const ownMarkers = {
  first: /^<!-- azure-monitor-private-link:(?:comment|drift) topology="[A-Za-z0-9._/%~-]*" -->$/,
  shown: /^<!-- azure-monitor-private-link:shown \{[^<>]*\} -->$/,
  plan: /^<!-- azure-monitor-private-link:plan \{[^<>]*\} -->$/,
  reviewed: /^<!-- azure-monitor-private-link:reviewed(?: end)? -->$/,
} as const

/** Whether a hidden line may be at this place of a comment: first, last, or second to last. */
function isOwnMarker(line: string, index: number, lines: readonly string[]): boolean {
  if (index === 0) return ownMarkers.first.test(line)
  if (ownMarkers.reviewed.test(line)) return true
  if (index === lines.length - 1) return ownMarkers.plan.test(line) || ownMarkers.shown.test(line)
  return index === lines.length - 3 && ownMarkers.shown.test(line)
}

/** URLs of our own links. */
const ownAddresses = /^https:\/\/(?:portal\.azure\.com|github\.com)\//

const ownLanguages = ['mermaid', 'json', 'bash', 'text']

/** Finds what in a rendered comment or summary could do harm; empty if nothing. */
export function harmIn(markdown: string): string[] {
  return [
    ...forgedMarkers(markdown),
    ...unpairedMarks(markdown),
    ...foreignMarkup(markdown),
    ...unbalanced(markdown),
    ...brokenTables(markdown),
    ...harmInTree(new Parser().parse(markdown)),
  ]
}

/** True when everything opened is closed. */
export function unbalanced(markdown: string): string[] {
  const count = (pattern: RegExp) => (markdown.match(pattern) ?? []).length
  const found: string[] = []
  if (count(/<details>/g) !== count(/<\/details>/g)) found.push('details are not balanced')
  if (count(/<summary>/g) !== count(/<\/summary>/g)) found.push('summaries are not balanced')
  if (count(/<code>/g) !== count(/<\/code>/g)) found.push('code is not balanced')
  if (count(/^```/gm) % 2 !== 0) found.push('fences are not balanced')
  return found
}

function forgedMarkers(markdown: string): string[] {
  const lines = markdown.trimEnd().split('\n')
  return lines.flatMap((line, index) => {
    if (!line.includes('<!--') && !line.includes('-->')) return []
    const isEdge = /^ *n?\d* *[=.-]*-->/.test(line) || /^ {2}n\d+ (?:-->|==>)/.test(line)
    return isOwnMarker(line, index, lines) || isEdge ? [] : [`a comment in line ${index}: ${line}`]
  })
}

/** Opening and closing review marks must alternate; an injected one would break the sequence. */
function unpairedMarks(markdown: string): string[] {
  const marks = markdown.split('\n').filter((line) => ownMarkers.reviewed.test(line))
  const wrong = marks.some((mark, index) => mark.includes(' end ') !== (index % 2 === 1))
  return wrong || marks.length % 2 === 1 || marks.length > 4
    ? ['marks of reviews that do not pair']
    : []
}

function foreignMarkup(markdown: string): string[] {
  const all = markdown.trimEnd().split('\n')
  const lines = all.filter((line, index) => !isOwnMarker(line, index, all))
  return lines.flatMap((line) => {
    const rest = line.replace(ownTags, '')
    const found = [...(rest.includes('<') ? [`a foreign tag: ${line}`] : [])]

    if (/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/.test(line)) {
      found.push(`an invisible character: ${JSON.stringify(line)}`)
    }
    return found
  })
}

function brokenTables(markdown: string): string[] {
  let columns: number | undefined
  return markdown.split('\n').flatMap((line) => {
    if (!line.startsWith('|')) {
      columns = undefined
      return []
    }
    const count = line.split('|').length
    columns ??= count
    return count === columns ? [] : [`a row with ${count} pipes instead of ${columns}: ${line}`]
  })
}

function harmInTree(document: Node): string[] {
  const found: string[] = []
  const walker = document.walker()
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { entering, node } = event
    if (!entering) continue
    if (node.type === 'image') found.push(`an image: ${node.destination ?? ''}`)
    if (node.type === 'link' && !ownAddresses.test(node.destination ?? '')) {
      found.push(`a link to ${node.destination ?? ''}`)
    }
    if (node.type === 'code_block' && !ownLanguages.includes(node.info ?? '')) {
      found.push(`a code block: ${node.literal ?? ''}`)
    }
    if (node.type === 'code') found.push(`a code span: ${node.literal ?? ''}`)
    if (node.type === 'text' && node.parent?.firstChild === node) {
      found.push(...harmInText(textOf(node)))
    }
    if (node.type === 'html_block') found.push(...harmInText(decoded(node.literal ?? '')))
  }
  return found
}

/** The text that GitHub's own filters read: adjacent texts joined, without `<code>`. */
function textOf(first: Node): string {
  let [text, inCode] = ['', false]
  for (let node: Node | null = first; node !== null; node = node.next) {
    if (node.type === 'html_inline') inCode = node.literal === '<code>'
    text += node.type === 'text' && !inCode ? (node.literal ?? '') : ' '
  }
  return text
}

/** The text of a block of HTML, as GitHub's filters read it. */
function decoded(html: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' }
  return html
    .replace(ownTags, ' ')
    .replace(/&(?:#(\d+)|(amp|lt|gt));/g, (_, digits?: string, name?: string) =>
      digits === undefined ? (named[name ?? ''] ?? '') : String.fromCodePoint(Number(digits)),
    )
}

const links: Readonly<Record<string, RegExp>> = {
  mention: /(?:^|[^\w`])@[\w-]/,
  'mail address': /[\w.+-]@[\w-]+\./,
  issue: /#\d/,
  'GH issue': /\bGH-\d/i,
  address: /[a-z]:\/\/\w/i,
  host: /\bwww\.\w/i,
  // A GUID is no commit, and must stay copyable.
  commit: /(?:^|[\s([{@])[0-9a-f]{7,40}\b(?!-[0-9a-f]{4}-)/i,
  emoji: /:[a-z0-9_+-]+:/i,
}

function harmInText(text: string): string[] {
  if (text.startsWith('<!-- azure-monitor-private-link:')) return []
  return Object.entries(links).flatMap(([name, pattern]) => {
    const match = pattern.exec(text)
    return match ? [`a live ${name}, “${match[0]}”, in: ${text}`] : []
  })
}
