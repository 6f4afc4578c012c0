import { type Block, blocksOf } from './blocks.ts'
import { inlineSpans } from './inline.ts'
import { type Look, paint, type Tone } from './look.ts'
import { layOutTable } from './tables.ts'
import { wrapSpans } from './wrap.ts'

/**
 * Lays out our own Markdown for a terminal: the same words without markup. Diagrams are left out,
 * and collapsed sections are open. No line can be a workflow command.
 */
export function layOut(markdown: string, look: Look): string {
  const lines: string[] = []
  let indent = ''
  let previous: Block['type'] | undefined
  // Control characters are removed again here, because a terminal obeys them.
  for (const block of blocksOf(
    markdown.replace(/(?!\n)[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, ''),
  )) {
    if (block.type === 'fence' && block.language === 'mermaid') continue
    if (block.type === 'end') {
      indent = indent.slice(2)
      previous = undefined
      continue
    }
    const isOneList = block.type === 'item' && previous === 'item'
    if (lines.length > 0 && !isOneList && lines.at(-1) !== '') lines.push('')
    lines.push(...layOutBlock(block, indent, look))
    if (block.type === 'begin') indent += '  '
    previous = block.type
  }
  return lines.map((line) => `${harmless(line)}\n`).join('')
}

function layOutBlock(
  block: Exclude<Block, { type: 'end' }>,
  indent: string,
  look: Look,
): readonly string[] {
  switch (block.type) {
    case 'heading':
      return heading(block.text, indent, look)
    case 'paragraph':
      return wrapSpans(inlineSpans(block.text), look, { first: indent })
    case 'item':
      return item(block, indent, look)
    case 'table':
      return layOutTable(block.rows, indent, look)
    case 'fence':
      return block.lines.map((line) => `${indent}  ${line}`.trimEnd())
    case 'alert':
      return [`${indent}${paint(block.kind, alertTones[block.kind] ?? 'bold', look)}`]
    case 'begin':
      return wrapSpans([{ text: strip(block.summary), tone: 'bold' }], look, { first: indent })
  }
}

const alertTones: Readonly<Record<string, Tone>> = { WARNING: 'yellow', CAUTION: 'red' }

/** A heading in the color of its sign, else bold. */
function heading(text: string, indent: string, look: Look): readonly string[] {
  const words = strip(text)
  const tone: Tone = /^[⛔❌]/u.test(words)
    ? 'red'
    : /^[✅☑]/u.test(words)
      ? 'green'
      : /^⚠/u.test(words)
        ? 'yellow'
        : 'bold'
  return wrapSpans([{ text: words, tone }], look, { first: indent })
}

function item(
  { marker, depth, text }: Extract<Block, { type: 'item' }>,
  indent: string,
  look: Look,
): readonly string[] {
  const sign = /^\d/.test(marker) ? marker : '•'
  const first = `${indent}${'  '.repeat(depth + 1)}${sign} `
  return wrapSpans(inlineSpans(text), look, { first, rest: ' '.repeat(first.length) })
}

/** Inline Markdown as plain text. */
function strip(markdown: string): string {
  return inlineSpans(markdown)
    .map(({ text }) => text)
    .join('')
}

/**
 * Prevents a line, also a wrapped one, from being a workflow command: the command line may run in a
 * workflow step, and the runner interprets `::name` at the start of a line and `##[name]` anywhere.
 */
export function harmless(line: string): string {
  return line
    .replace(/^((?:\s|\u001b\[\d+m)*):(?=:)/, '$1: ')
    .replace(/##((?:\u001b\[\d+m)*)(?=\[)/g, '## $1')
}
