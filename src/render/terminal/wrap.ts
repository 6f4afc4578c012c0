import { columnsOf, type Look, paint, type Tone } from './look.ts'
import type { Span } from './inline.ts'

interface Word {
  readonly pieces: readonly Span[]
  readonly columns: number
}

/** Spans as lines that fit: the first begins with `first`, the others with `rest`. */
export function wrapSpans(
  spans: readonly Span[],
  look: Look,
  { first = '', rest = first }: { readonly first?: string; readonly rest?: string } = {},
): readonly string[] {
  const lines: string[] = []
  let current = first
  let used = columnsOf(first)
  let isEmpty = true
  for (const word of wordsOf(spans)) {
    if (!isEmpty && used + 1 + word.columns > look.width) {
      lines.push(current)
      current = rest
      used = columnsOf(rest)
      isEmpty = true
    }
    const text = word.pieces.map((piece) => paint(piece.text, piece.tone, look)).join('')
    current += isEmpty ? text : ` ${text}`
    used += word.columns + (isEmpty ? 0 : 1)
    isEmpty = false
  }
  return [...lines, current].map((line) => line.trimEnd())
}

/** Words as spaces part them; a word may change its tone in the middle. */
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
