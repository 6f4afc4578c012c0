import type { Problem } from './problem.ts'
import { mostFindings } from './shape.ts'

/** So many problems of a file are shown: nobody reads on, and a file of a megabyte can hold a quarter of a million. */
export const mostProblems = 200

/** The problems of a file as they are found: the first in the order of the file are kept, all are counted. */
export class Problems {
  count = 0
  #kept: Problem[] = []

  add(problem: Problem): void {
    this.count += 1
    this.#kept.push(problem)
    if (this.#kept.length >= 10 * mostProblems) this.#cut()
  }

  /** At most `mostProblems`, and where there are more, one that says how many. */
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
      remedy: 'Correct these first: many of the others have the same cause.',
    }
  }
}
