import { columnsOf, type Look, paint, type Tone } from './look.ts'
import type { Span } from './inline.ts'

interface Word {
  readonly pieces: readonly Span[]
  readonly columns: number
}

/** Wraps spans into lines that fit: the first starts with `first`, the others with `rest`. */
export function wrapSpans(
  spans: readonly Span[],
  look: Look,
  { first = '', rest = first }: { readonly first?: string; readonly rest?: string } = {},
): readonly string[] {
  const lines: string[] = []
  let begin = first
  let line: readonly Span[] = []
  let used = columnsOf(first)
  for (const word of wordsOf(spans)) {
    if (line.length > 0 && used + 1 + word.columns > look.width) {
      lines.push(begin + paintAll(line, look))
      begin = rest
      line = []
      used = columnsOf(rest)
    }
    used += word.columns + (line.length > 0 ? 1 : 0)
    line = line.length > 0 ? [...line, { text: ' ' }, ...word.pieces] : word.pieces
  }
  return [...lines, begin + paintAll(line, look)].map((text) => text.trimEnd())
}

/**
 * Paints a line with as few tone changes as possible: a space between two words of one tone has
 * that tone too.
 */
function paintAll(line: readonly Span[], look: Look): string {
  const runs: { text: string; tone?: Tone }[] = []
  for (const [index, { text, tone }] of line.entries()) {
    const wanted = text === ' ' ? sameTone(line[index - 1], line[index + 1]) : tone
    const last = runs.at(-1)
    if (last !== undefined && last.tone === wanted) last.text += text
    else runs.push({ text, ...(wanted && { tone: wanted }) })
  }
  return runs.map(({ text, tone }) => paint(text, tone, look)).join('')
}

function sameTone(before: Span | undefined, after: Span | undefined): Tone | undefined {
  return before?.tone === after?.tone ? before?.tone : undefined
}

/** Splits spans into words at spaces; a word may change its tone in the middle. */
function wordsOf(spans: readonly Span[]): readonly Word[] {
  const words: Word[] = []
  let pieces: { text: string; tone?: Tone }[] = []
  const end = () => {
    if (pieces.length > 0) words.push({ pieces, columns: columnsIn(pieces) })
    pieces = []
  }
  for (const { text, tone } of spans) {
    for (const [index, part] of text.split(/ +/).entries()) {
      if (index > 0) end()
      if (part !== '') pieces.push({ text: part, ...(tone && { tone }) })
    }
  }
  end()
  return words
}

function columnsIn(pieces: readonly Span[]): number {
  return pieces.reduce((total, piece) => total + columnsOf(piece.text), 0)
}
