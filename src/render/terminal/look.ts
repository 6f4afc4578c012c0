/** What the terminal can show, and what its user wants of it. */
export interface Look {
  /** Columns a line may take; `Infinity` leaves lines as long as they are, as a pipe wants them. */
  readonly width: number
  readonly colors: boolean
}

export type Tone = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Select Graphic Rendition: what begins a tone, and what ends it (ECMA-48, 8.3.117). */
const codes: Record<Tone, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

/** The text in a tone where colors are wanted; else as it is. */
export function paint(text: string, tone: Tone | undefined, look: Look): string {
  if (tone === undefined || !look.colors || text === '') return text
  const [begin, end] = codes[tone]
  return `\u001b[${begin}m${text}\u001b[${end}m`
}

/** How many columns a text without escape sequences takes. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let columns = 0
  for (const char of text) columns += columnsOfChar(char)
  return columns
}

function columnsOfChar(char: string): number {
  // The selector turns the sign before it, which is one column wide, into a picture of two.
  if (char === '\uFE0F') return 1
  if (/[\p{M}\p{Cf}]/u.test(char)) return 0
  if (/\p{Emoji_Presentation}/u.test(char)) return 2
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/.test(
    char,
  )
    ? 2
    : 1
}
