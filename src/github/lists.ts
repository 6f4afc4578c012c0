import { GitHubError } from '../errors.ts'
import { numberAt, textAt } from './gitHubJson.ts'

/** More pages than any real list: GITHUB_TOKEN is limited to a thousand requests an hour. */
export const mostPages = 1000

/** The number of consecutive pages without new entries that is tolerated. */
const mostBarrenPages = 3

/** The limit for all pages of one list: ten times the maximum of a pull request's comments. */
const mostListBytes = 512 * 1024 * 1024

const remedy =
  'The answer was discarded. Run the job again; if this repeats, check whether something between the runner and GitHub answers in its place (a proxy, a gateway).'

/** The error for an unusable answer. */
export function wrongAnswer(purpose: string, why: string): GitHubError {
  return new GitHubError(`Could not ${purpose}: ${why}.`, { remedy })
}

/**
 * Guards against a paged list that never ends (contract section 7).
 *
 * @returns a function to call for every page except the last, with its entries and its size
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
      throw endless(purpose, `${barren} pages in a row had no new entries`)
    if (pages >= mostPages)
      throw endless(purpose, `there are more than ${mostPages.toLocaleString('en')} pages`)
    if (total > mostListBytes)
      throw endless(purpose, `${pages} pages hold more than ${mostListBytes / 1024 / 1024} MiB`)
  }
}

/** Identifies an entry of a list: comments, issues and pull requests have an id. */
function identityOf(entry: unknown): string {
  const id = numberAt(entry, 'id')
  return id === undefined ? (textAt(entry, 'sha') ?? JSON.stringify(entry)) : String(id)
}

function endless(purpose: string, why: string): GitHubError {
  return wrongAnswer(purpose, `the list does not end: ${why}`)
}
