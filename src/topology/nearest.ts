/** A file can have thousands of aliases and thousands of mistakes, so the search is bounded. */
const mostWords = 50
const longestWord = 64

/**
 * Finds the known word closest to a misspelt one.
 *
 * The distance is Damerau-Levenshtein (insertion, deletion, substitution and swap of neighbors cost
 * one each), ignoring case. A word is close if at most a third of it differs.
 *
 * @returns the first of equally close words; `undefined` if none is close
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined
  const wanted = word.toLowerCase()
  let best: string | undefined
  let least = Infinity
  for (const candidate of known.slice(0, mostWords)) {
    const length = Math.max(wanted.length, candidate.length)
    const allowed = Math.max(1, Math.floor(length / 3))
    if (Math.abs(wanted.length - candidate.length) > allowed) continue
    const apart = distance(wanted, candidate.toLowerCase())
    if (apart <= allowed && apart < Math.min(least, length)) {
      best = candidate
      least = apart
    }
  }
  return best
}

/** A remedy that names the closest known word, or lists the known words if none is close. */
export function suggest(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  if (near !== undefined) return `Did you mean ${near}?`
  return `Allowed here: ${known.slice(0, 15).join(', ')}${known.length > 15 ? ', …' : ''}.`
}

/** Optimal string alignment distance: Damerau-Levenshtein that edits no substring twice. */
function distance(a: string, b: string): number {
  let twoBack = new Uint16Array(b.length + 1)
  let oneBack = Uint16Array.from({ length: b.length + 1 }, (_, index) => index)
  let row = new Uint16Array(b.length + 1)
  for (let i = 1; i <= a.length; i++) {
    row[0] = i
    for (let j = 1; j <= b.length; j++) {
      const here = a[i - 1] === b[j - 1] ? 0 : 1
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (oneBack[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (oneBack[j - 1] ?? 0) + here,
        swap ? (twoBack[j - 2] ?? 0) + 1 : Infinity,
      )
    }
    ;[twoBack, oneBack, row] = [oneBack, row, twoBack]
  }
  return oneBack[b.length] ?? 0
}
