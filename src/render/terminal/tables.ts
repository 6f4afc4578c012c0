import { inlineSpans, type Span } from './inline.ts'
import { columnsOf, type Look } from './look.ts'
import { wrapSpans } from './wrap.ts'

const gap = '  '
/** The minimum column width. */
const narrowest = 10

/** Lays out a table in aligned columns. If it is too wide, the widest columns are wrapped. */
export function layOutTable(
  rows: readonly (readonly string[])[],
  indent: string,
  look: Look,
): readonly string[] {
  const cells = rows.map((row, index) => row.map((cell) => cellOf(cell, index === 0)))
  const count = Math.max(0, ...cells.map((row) => row.length))
  const natural = Array.from({ length: count }, (_, column) =>
    Math.max(1, ...cells.map((row) => widthOf(row[column] ?? []))),
  )
  const widths = fitWidths(natural, look.width - columnsOf(indent) - gap.length * count)
  return cells.flatMap((row) => layOutRow(row, widths, `${indent}${gap}`, look))
}

function cellOf(markdown: string, isHead: boolean): readonly Span[] {
  const spans = inlineSpans(markdown)
  return isHead ? spans.map(({ text }) => ({ text, tone: 'bold' })) : spans
}

function widthOf(spans: readonly Span[]): number {
  return spans.reduce((total, { text }) => total + columnsOf(text), 0)
}

/** Shrinks the widest column until the row fits. */
function fitWidths(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural]
  for (let over = sumOf(widths) - room; over > 0;) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= narrowest) break
    const rival = Math.max(narrowest, ...widths.filter((other) => other < width))
    const taken = Math.max(1, Math.min(over, width - rival))
    widths[widest] = width - taken
    over -= taken
  }
  return widths
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function layOutRow(
  row: readonly (readonly Span[])[],
  widths: readonly number[],
  indent: string,
  look: Look,
): readonly string[] {
  const columns = widths.map((width, column) => wrapSpans(row[column] ?? [], { ...look, width }))
  const height = Math.max(1, ...columns.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map((lines, column) => pad(lines[line] ?? '', widths[column] ?? 0))
    return `${indent}${parts.join(gap)}`.trimEnd()
  })
}

function pad(text: string, width: number): string {
  const shown = columnsOf(text.replace(/\u001b\[\d+m/g, ''))
  return text + ' '.repeat(Math.max(0, width - shown))
}
