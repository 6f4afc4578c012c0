export function isTooLong(body: string): boolean {
  return Array.from(body).length > longestBody
}

/** Longest body of a comment or an issue, in characters. */
export const longestBody = 65536
