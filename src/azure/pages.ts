import { AzureError } from '../errors.ts'
import { field, text } from './azureJson.ts'

/** More pages than any real list has: beyond that, the list is endless (contract section 7). */
export const maxPages = 10_000

/**
 * Guards against an endless list of pages.
 *
 * @returns a function to call with the URL or token of each further page
 * @throws AzureError for a repeated page, and for too many pages
 */
export function pageWatch(what: string): (next: string) => void {
  const seen = new Set<string>()
  return (next) => {
    if (seen.has(next)) {
      throw endless(what, `page ${seen.size + 1} leads back to a page that was read already`)
    }
    seen.add(next)
    if (seen.size >= maxPages) {
      throw endless(what, `there are more than ${maxPages.toLocaleString('en')} pages`)
    }
  }
}

/** The entries of a page. An answer without a list is an error, not an empty list. */
export function entriesOf(body: unknown, name: 'value' | 'data', what: string): readonly unknown[] {
  const entries = field(body, name)
  if (Array.isArray(entries)) return entries
  throw hollow(what, `no list ${JSON.stringify(name)}`)
}

/** The resource in an answer; an answer without an id is an error. */
export function resourceOf(body: unknown, what: string): unknown {
  if (text(body, 'id') === undefined) throw hollow(what, 'no resource with an id')
  return body
}

function hollow(what: string, missing: string): AzureError {
  return new AzureError(`Could not ${what}: Azure's successful answer has ${missing}`, {
    code: 'EmptyAnswer',
    remedy:
      'The answer was not used. Run the job again; if it happens again, check whether something between the runner and Azure answers instead (a proxy, a gateway).',
  })
}

function endless(what: string, why: string): AzureError {
  return new AzureError(`Could not ${what}: the list does not end: ${why}`, {
    code: 'EndlessList',
    remedy: 'Run the job again; if it happens again, report it to Azure with the time of this run.',
  })
}
