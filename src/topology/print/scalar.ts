import { guid } from '../fields.ts'

/**
 * A text as a YAML scalar that every reader takes for just this text, also one of YAML 1.1, to which
 * `on` is a boolean and `1e3` a number. Plain where nothing can go wrong, in quotes otherwise.
 */
export function scalar(text: string): string {
  if (isPlain(text)) return text
  return isShown(text) ? `'${text.replaceAll("'", "''")}'` : `"${escaped(text)}"`
}

/** What a reader of some version may take for something else than text. */
const words = /^(?:null|true|false|yes|no|on|off|y|n)$/i

const plain = /^\p{L}[\p{L}\p{N}_.()-]*$/u

/** A reference: with a slash inside it is no number, no date and no word, whatever it begins with. */
const plainReference = /^\/?[\p{L}\p{N}_][\p{L}\p{N}_.()-]*(?:\/[\p{L}\p{N}_.()-]+)+$/u

/** Letters, digits and dashes only: the eight before the first dash keep it from being a number or a date. */
function isPlain(text: string): boolean {
  if (text !== text.normalize('NFC')) return false
  return guid.test(text) || plainReference.test(text) || (plain.test(text) && !words.test(text))
}

/** All of it can be seen, and none of it turns the order in which the rest is read. */
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

/** Longest line of a comment, indentation aside. */
const widest = 100

/** Longest text that a remark may be: what Azure says of a refusal can be very long. */
const longest = 600

/**
 * A remark as lines of comment. Whatever it holds stays in them: line breaks, invisible characters and
 * those that turn the order of reading become spaces.
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
