import { GitHubError } from '../errors.ts'
import { numberAt, textAt } from './gitHubJson.ts'

/** More pages than GitHub gives anybody: GITHUB_TOKEN may ask a thousand times an hour. */
export const mostPages = 1000

/** Of a list that goes on and on without a page that brings anything new. */
const mostBarrenPages = 3

/** All pages of one list together: ten times what a pull request's comments can come to. */
const mostListBytes = 512 * 1024 * 1024

const remedy =
  'Nothing was concluded from it. Run the job again; if it stays so, look whether something between here and GitHub answers in its place (a proxy, a gateway).'

/** What is wrong with a list that GitHub gave. */
export function wrongAnswer(purpose: string, why: string): GitHubError {
  return new GitHubError(`Could not ${purpose}: ${why}.`, { remedy })
}

/**
 * Watches that a list of pages ends (contract section 7).
 *
 * @returns to be called with the entries of each page that has another one after it, and its bytes
 * @throws GitHubError for a list that doesn't end
 */
export function pageWatch(purpose: string): (page: readonly unknown[], bytes: number) => void {
  const seen = new Set<string>()
  let pages = 0
  let barren = 0
  let total = 0
  return (page, bytes) => {
    pages += 1
    total += bytes
    const before = seen.size
    for (const entry of page) seen.add(identityOf(entry))
    barren = seen.size === before ? barren + 1 : 0
    if (barren > mostBarrenPages)
      throw endless(purpose, `${barren} pages in a row brought nothing new, and there are more`)
    if (pages >= mostPages)
      throw endless(purpose, `there are more than ${mostPages.toLocaleString('en')} pages`)
    if (total > mostListBytes)
      throw endless(purpose, `${pages} pages hold more than ${mostListBytes / 1024 / 1024} MiB`)
  }
}

/** What tells entries of a list apart: comments, issues and pull requests have a number of their own. */
function identityOf(entry: unknown): string {
  const id = numberAt(entry, 'id')
  return id === undefined ? (textAt(entry, 'sha') ?? JSON.stringify(entry)) : String(id)
}

function endless(purpose: string, why: string): GitHubError {
  return wrongAnswer(purpose, `the list has no end, ${why}`)
}
