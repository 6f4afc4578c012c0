import type { Tone } from './look.ts'

/** A run of text in one tone. */
export interface Span {
  readonly text: string
  readonly tone?: Tone
}

/**
 * Converts one line of our own Markdown for a terminal: bold stays, links become their labels,
 * entities are decoded. Markup is parsed before entities are decoded, so a name can't inject any.
 */
export function inlineSpans(markdown: string): readonly Span[] {
  const source = markdown
    .replace(/<!--.*?-->/g, '')
    .replace(/\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
    .replace(/<br\s*\/?>/g, ' ')
  const spans: Span[] = []
  let bold = false
  let code = false
  for (const part of source.split(marks)) {
    if (part === '**' || part === '<b>' || part === '</b>')
      bold = part === '**' ? !bold : part === '<b>'
    else if (part === '`' || part === '<code>' || part === '</code>')
      code = part === '`' ? !code : part === '<code>'
    else if (part !== '' && !/^(?:\*|<\/?(?:i|kbd|sub|sup|em|strong)>)$/.test(part)) {
      spans.push(spanOf(part, bold, code))
    }
  }
  return spans
}

/** All inline markup that our Markdown uses, and references to rules. */
const marks = /(\*\*|\*|`|<\/?(?:b|code|i|kbd|sub|sup|em|strong)>|\[[a-z-]+\])/

function spanOf(part: string, bold: boolean, code: boolean): Span {
  const text = decode(part)
  if (bold) return { text, tone: 'bold' }
  if (code) return { text, tone: 'cyan' }
  return /^\[[a-z-]+\]$/.test(part) ? { text, tone: 'dim' } : { text }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

/** Undoes our escaping, including the zero-width spaces that break mentions and links. */
function decode(text: string): string {
  return text
    .replace(/&#8203;|\u200B/g, '')
    .replace(/&(?:#(\d{1,7})|([a-z]+));/g, (all, code: string | undefined, name: string) =>
      code === undefined ? (named[name] ?? all) : visible(Number(code)),
    )
}

/**
 * The character of an entity; a replacement character if it would be invisible or move the cursor.
 */
function visible(code: number): string {
  if (code > 0x10ffff) return '\uFFFD'
  const char = String.fromCodePoint(code)
  return /[\p{C}]/u.test(char) ? '\uFFFD' : char
}
