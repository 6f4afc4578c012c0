/**
 * Packs hexadecimal digits into few characters: the limit of a comment counts characters, and each
 * can hold 14 bits.
 *
 * Uses the 16,384 Chinese characters from U+4E00 on as digits: they are one block, one UTF-16 unit
 * each, stable under normalization, and without meaning in Markdown and HTML.
 */
export function pack(hex: string): string {
  let bits = 0
  let held = 0
  let packed = ''
  for (const digit of hex) {
    held = held * 16 + Number.parseInt(digit, 16)
    bits += 4
    if (bits < perCharacter) continue
    bits -= perCharacter
    packed += String.fromCharCode(first + Math.floor(held / 2 ** bits))
    held %= 2 ** bits
  }
  return bits === 0
    ? packed
    : packed + String.fromCharCode(first + held * 2 ** (perCharacter - bits))
}

/**
 * Unpacks values of `piece` digits each; `undefined` for a text that `pack` cannot have produced.
 */
export function unpack(packed: string, piece: number): string | undefined {
  const pieces = Math.floor((packed.length * perCharacter) / (piece * 4))
  const length = pieces * piece
  if (Math.ceil((length * 4) / perCharacter) !== packed.length) return undefined
  let hex = ''
  let bits = 0
  let held = 0
  for (let index = 0; index < packed.length; index++) {
    const value = packed.charCodeAt(index) - first
    if (value < 0 || value >= 2 ** perCharacter) return undefined
    held = held * 2 ** perCharacter + value
    bits += perCharacter
    while (bits >= 4 && hex.length < length) {
      bits -= 4
      hex += Math.floor(held / 2 ** bits).toString(16)
      held %= 2 ** bits
    }
  }
  // The remaining bits must be the zeros with which `pack` padded.
  return held === 0 ? hex : undefined
}

const perCharacter = 14
const first = 0x4e00
