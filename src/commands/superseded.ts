import type { Diagnostic } from '../diagnostics.ts'
import { GitHubError } from '../errors.ts'
import type { Currency } from '../github/branchFile.ts'
import type { ApplyContext } from './context.ts'

type SupersedeContext = Pick<ApplyContext, 'topology' | 'log' | 'checkCurrency' | 'findReview'>

/** A newer commit holds the file. */
export type Superseded = Extract<Currency, { readonly state: 'superseded' }>

/**
 * Asks whether the branch still holds this file. Where GitHub shows nothing of it, that is told and no more; so is
 * that it can't be asked, where the workflow is its own approval and needs no GitHub otherwise.
 */
export async function findNewer(context: SupersedeContext): Promise<Currency> {
  const currency = await context.checkCurrency().catch((error: unknown): Currency => {
    if (!(error instanceof GitHubError) || context.findReview !== undefined) throw error
    return { state: 'unknown', why: error.message }
  })
  if (currency.state === 'unknown') {
    context.log.info(`Whether the branch still holds this file could not be asked: ${currency.why}`)
  }
  return currency
}

export function isSuperseded(currency: Currency): Superseded | undefined {
  return currency.state === 'superseded' ? currency : undefined
}

/** It is asked again before the first write, and counts then. */
export function ignoreUntilItCounts(error: unknown): undefined {
  if (!(error instanceof GitHubError)) throw error
  return undefined
}

/** The finding that says which run counts. */
export function sayNewer(
  { topology }: SupersedeContext,
  { branch, newer }: Superseded,
): Diagnostic {
  const commit = newer === undefined ? 'a newer commit' : `commit ${newer.slice(0, 7)}`
  return {
    severity: 'warning',
    code: 'superseded',
    message: `This run is of an older commit: ${branch} holds ${topology.file} as ${commit} has it. The run of that commit is the one that counts; this one leaves Azure to it.`,
    remedy: `Nothing has to be done. If the run of ${commit} failed, run that one again.`,
    file: topology.file,
    line: 1,
    column: 1,
  }
}
