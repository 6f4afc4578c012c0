import type { Diagnostic } from '../diagnostics.ts'
import { GitHubError } from '../errors.ts'
import type { Currency } from '../github/branchFile.ts'
import type { Run } from '../run.ts'
import type { ApplyContext } from './context.ts'

type SupersedeContext = Pick<
  ApplyContext,
  'topology' | 'run' | 'log' | 'checkCurrency' | 'findReview'
>

/** The branch has a newer version of the file. */
export type Superseded = Extract<Currency, { readonly state: 'superseded' }>

/**
 * Checks whether the branch still has this version of the file. An unknown answer is logged and doesn't stop the
 * run; neither does an error of GitHub when the workflow is its own approval and needs GitHub for nothing else.
 */
export async function findNewer(context: SupersedeContext): Promise<Currency> {
  const currency = await context.checkCurrency().catch((error: unknown): Currency => {
    if (!(error instanceof GitHubError) || context.findReview !== undefined) throw error
    return { state: 'unknown', why: error.message }
  })
  if (currency.state === 'unknown') {
    if (!reported.has(context.run))
      context.log.info(`Could not check for a newer commit: ${currency.why}`)
    reported.add(context.run)
  }
  return currency
}

/** Runs that have logged a failed check: it is repeated before each write, but logged once. */
const reported = new WeakSet<Run>()

export function isSuperseded(currency: Currency): Superseded | undefined {
  return currency.state === 'superseded' ? currency : undefined
}

/** Ignores an error of the early check: it is repeated before the first write, and counts there. */
export function ignoreGitHubError(error: unknown): undefined {
  if (!(error instanceof GitHubError)) throw error
  return undefined
}

/** The warning that names the commit whose run counts. */
export function describeNewer(
  { topology }: SupersedeContext,
  { branch, newer }: Superseded,
): Diagnostic {
  const commit = newer === undefined ? 'a newer commit' : `commit ${newer.slice(0, 7)}`
  return {
    severity: 'warning',
    code: 'superseded',
    message: `This run belongs to an older commit: on ${branch}, ${commit} has changed ${topology.file}. The run of that commit applies the file; this one changes nothing more.`,
    remedy: `Nothing to do. If the run of ${commit} failed, run that one again.`,
    file: topology.file,
    line: 1,
    column: 1,
  }
}
