/** The capabilities of the terminal and the user's settings. */
export interface Look {
  /** Maximum columns per line; `Infinity` disables wrapping, for a pipe. */
  readonly width: number
  readonly colors: boolean
}

export type Tone = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Select Graphic Rendition codes that start and end a tone (ECMA-48, 8.3.117). */
const codes: Record<Tone, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

/** The text in a tone, or unchanged without colors. */
export function paint(text: string, tone: Tone | undefined, look: Look): string {
  if (tone === undefined || !look.colors || text === '') return text
  const [begin, end] = codes[tone]
  return `\u001b[${begin}m${text}\u001b[${end}m`
}

/** The number of columns of a text without escape sequences. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let columns = 0
  for (const char of text) columns += columnsOfChar(char)
  return columns
}

function columnsOfChar(char: string): number {
  // The variation selector turns a one-column character into a two-column emoji.
  if (char === '\uFE0F') return 1
  if (/[\p{M}\p{Cf}]/u.test(char)) return 0
  if (/\p{Emoji_Presentation}/u.test(char)) return 2
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/.test(
    char,
  )
    ? 2
    : 1
}
