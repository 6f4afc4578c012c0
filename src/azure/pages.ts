import { AzureError } from '../errors.ts'
import { field, text } from './azureJson.ts'

/** More pages than any list that can be meant: a list without an end is one (contract section 7). */
export const mostPages = 10_000

/**
 * Watches that a list of pages ends.
 *
 * @returns to be called with the address or token of each further page
 * @throws AzureError for one that came before, and for too many
 */
export function pageWatch(what: string): (next: string) => void {
  const seen = new Set<string>()
  return (next) => {
    if (seen.has(next)) {
      throw endless(what, `page ${seen.size + 1} leads back to one that was read already`)
    }
    seen.add(next)
    if (seen.size >= mostPages) {
      throw endless(what, `there are more than ${mostPages.toLocaleString('en')} pages`)
    }
  }
}

/** The entries of a page: an answer without a list is no empty list, and nothing is concluded from it. */
export function entriesOf(body: unknown, name: 'value' | 'data', what: string): readonly unknown[] {
  const entries = field(body, name)
  if (Array.isArray(entries)) return entries
  throw hollow(what, `no list ${JSON.stringify(name)}`)
}

/** A resource as it was answered; one without an id is none. */
export function resourceOf(body: unknown, what: string): unknown {
  if (text(body, 'id') === undefined) throw hollow(what, 'no resource with an id')
  return body
}

function hollow(what: string, missing: string): AzureError {
  return new AzureError(
    `Could not ${what}: Azure answered as if all was well, with ${missing} in it`,
    {
      code: 'EmptyAnswer',
      remedy:
        'Nothing was concluded from it. Run the job again; if it stays so, look whether something between here and Azure answers in its place (a proxy, a gateway).',
    },
  )
}

function endless(what: string, why: string): AzureError {
  return new AzureError(`Could not ${what}: the list has no end, ${why}`, {
    code: 'EndlessList',
    remedy: 'Run the job again; if it stays so, report it to Azure with the time of this run.',
  })
}
