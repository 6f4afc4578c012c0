import { guid } from '../fields.ts'

/**
 * Prints a text as a YAML scalar that every parser reads back as this text, including YAML 1.1
 * parsers, which read `on` as a boolean and `1e3` as a number. Plain if that is safe, otherwise
 * quoted.
 */
export function scalar(text: string): string {
  if (isPlain(text)) return text
  return isShown(text) ? `'${text.replaceAll("'", "''")}'` : `"${escaped(text)}"`
}

/** Words that some YAML versions don't read as text. */
const words = /^(?:null|true|false|yes|no|on|off|y|n)$/i

const plain = /^\p{L}[\p{L}\p{N}_.()-]*$/u

/** A reference: the slash in it rules out a number, a date or a reserved word. */
const plainReference = /^\/?[\p{L}\p{N}_][\p{L}\p{N}_.()-]*(?:\/[\p{L}\p{N}_.()-]+)+$/u

/** A GUID is safe too: its eight digits before the first dash rule out a number or a date. */
function isPlain(text: string): boolean {
  if (text !== text.normalize('NFC')) return false
  return guid.test(text) || plainReference.test(text) || (plain.test(text) && !words.test(text))
}

/** True if all characters are visible and none changes the text direction. */
function isShown(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(text)
}

function escaped(text: string): string {
  return Array.from(text)
    .map((char) => {
      if (char === '"' || char === '\\') return `\\${char}`
      if (isShown(char)) return char
      const hex = (char.codePointAt(0) ?? 0).toString(16)
      return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
    })
    .join('')
}

/** Maximum width of a comment line, without indentation. */
const widest = 100

/** Longer remarks are cut: Azure's error messages can be very long. */
const longest = 600

/**
 * Prints a remark as comment lines. Line breaks, invisible characters and characters that change the
 * text direction become spaces, so that no part of the text can leave the comment.
 */
export function comment(text: string): readonly string[] {
  const words = text
    .replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]+/gu, ' ')
    .slice(0, longest)
    .split(/ +/)
    .filter((word) => word !== '')
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    const joined = `${last ?? ''} ${word}`
    if (last === undefined || joined.length > widest) lines.push(word)
    else lines[lines.length - 1] = joined
  }
  return lines.map((line) => `# ${line}`)
}
