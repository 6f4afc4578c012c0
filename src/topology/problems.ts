import type { Problem } from './problem.ts'
import { mostFindings } from './shape.ts'

/** At most this many problems are shown; a file of one megabyte can have a quarter of a million. */
export const mostProblems = 200

/** Collects the problems of a file: counts all, keeps the first in file order. */
export class Problems {
  count = 0
  #kept: Problem[] = []

  add(problem: Problem): void {
    this.count += 1
    this.#kept.push(problem)
    if (this.#kept.length >= 10 * mostProblems) this.#cut()
  }

  /** At most `mostProblems`; if there are more, a last problem states the total. */
  shown(): readonly Problem[] {
    if (this.count <= mostProblems) return this.#kept
    this.#cut()
    return [...this.#kept, this.#more()]
  }

  #cut(): void {
    this.#kept = this.#kept
      .toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
      .slice(0, mostProblems)
  }

  #more(): Problem {
    const last = this.#kept.at(-1)?.at ?? { line: 1, column: 1 }
    return {
      code: 'too-many-problems',
      at: last,
      message: `The file has ${this.count.toLocaleString('en')} problems${this.count < mostFindings ? '' : ' or more'}; the first ${mostProblems} are shown.`,
      remedy: 'Fix these first: many of the others have the same cause.',
    }
  }
}
