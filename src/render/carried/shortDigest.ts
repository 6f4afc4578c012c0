const digestLength = 12

/**
 * The first 72 bits of a sha256 (64 hex digits) as 12 characters of standard base64: enough to
 * recognize something seen before. It approves nothing.
 */
export function shortDigest(hex: string): string {
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    throw new TypeError(`a digest is 64 hexadecimal digits, not ${JSON.stringify(hex)}`)
  }
  return Buffer.from(hex.slice(0, (digestLength / 4) * 3 * 2), 'hex').toString('base64')
}
