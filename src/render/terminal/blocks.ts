/** A block of our own Markdown, in document order. Texts are still inline Markdown. */
export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly text: string }
  | { readonly type: 'paragraph'; readonly text: string }
  | {
      readonly type: 'item'
      readonly marker: string
      readonly depth: number
      readonly text: string
    }
  | { readonly type: 'table'; readonly rows: readonly (readonly string[])[] }
  | { readonly type: 'fence'; readonly language: string; readonly lines: readonly string[] }
  | { readonly type: 'alert'; readonly kind: string }
  | { readonly type: 'begin'; readonly summary: string }
  | { readonly type: 'end' }

/**
 * Parses a document that our own rendering wrote: headings, lists, tables, fences, collapsed
 * sections, alerts. Hidden comments, horizontal rules and link definitions are left out.
 */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  const lines = markdown.replace(/<!--[^]*?-->/g, '').split('\n')
  let paragraph: string[] = []
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ type: 'paragraph', text: paragraph.join(' ') })
    paragraph = []
  }
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? '').replace(/^> ?/, '')
    const taken = fenceAt(lines, i) ?? tableAt(lines, i)
    const block = taken?.block ?? blockOf(line)
    if (block !== undefined || isSilent(line)) flush()
    else paragraph.push(line.trim())
    if (block !== undefined) blocks.push(block)
    i += taken === undefined ? 0 : taken.count - 1
  }
  flush()
  return blocks
}

/** The block that a single line forms; `undefined` if it is part of a paragraph, or empty. */
function blockOf(line: string): Block | undefined {
  const heading = /^(#{1,6}) (.*)$/.exec(line)
  if (heading) return { type: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' }
  const item = /^(\s*)([-*]|\d+\.) (.*)$/.exec(line)
  if (item) {
    const depth = Math.floor((item[1]?.length ?? 0) / 2)
    return { type: 'item', depth, marker: item[2] ?? '-', text: item[3] ?? '' }
  }
  const alert = /^\[!([A-Z]+)\]\s*$/.exec(line)
  if (alert) return { type: 'alert', kind: alert[1] ?? '' }
  const summary = /^(?:<details[^>]*>)?\s*<summary>(.*)<\/summary>\s*$/.exec(line)
  if (summary) return { type: 'begin', summary: summary[1] ?? '' }
  return /^<\/details>\s*$/.test(line) ? { type: 'end' } : undefined
}

/** True for lines that display nothing and end a paragraph. */
function isSilent(line: string): boolean {
  return /^\s*(?:-{3,}|<\/?(?:details|pre)[^>]*>|\[[^\]]+\]: \S+(?: "[^"]*")?)?\s*$/.test(line)
}

interface Taken {
  readonly block: Block
  readonly count: number
}

function fenceAt(lines: readonly string[], start: number): Taken | undefined {
  const opened = /^```(\w*)\s*$/.exec(lines[start] ?? '')
  if (!opened) return undefined
  const end = lines.findIndex((line, index) => index > start && /^```\s*$/.test(line))
  const last = end === -1 ? lines.length : end
  const block: Block = {
    type: 'fence',
    language: opened[1] ?? '',
    lines: lines.slice(start + 1, last),
  }
  return { block, count: last - start + 1 }
}

function tableAt(lines: readonly string[], start: number): Taken | undefined {
  let end = start
  while (/^\|.*\|\s*$/.test(lines[end] ?? '')) end++
  if (end - start < 2) return undefined
  const rows = lines
    .slice(start, end)
    .filter((line) => !/^\|[\s:|-]+\|\s*$/.test(line))
    .map((line) =>
      line
        .trim()
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
  return { block: { type: 'table', rows }, count: end - start }
}
