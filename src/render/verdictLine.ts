import { countChanges } from '../plan/plan.ts'
import type { Report } from '../report.ts'
import { sayChange } from './logLines.ts'
import { plain } from './text/markdown.ts'
import { listedBy, plural } from './text/words.ts'

/** Where what a run came to can be read. */
export interface Addresses {
  readonly commentUrl?: string
  readonly issueUrl?: string
}

/** What the run of one file came to, as the last line of the log: result, counts, addresses. */
export function verdictLine(report: Report, { commentUrl, issueUrl }: Addresses): string {
  const { topology, file, result, failure, plan } = report
  const counts = plan === undefined ? [] : [describeCounts(report)]
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error').length
  const facts = [
    ...(failure === undefined ? [] : [failure.reason]),
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...counts,
  ]
  const at = [
    ...(commentUrl === undefined ? [] : [` Comment: ${commentUrl}`]),
    ...(issueUrl === undefined ? [] : [` Issue: ${issueUrl}`]),
  ]
  const detail = facts.length > 0 ? ` (${facts.join('; ')})` : ''
  return plain(`${topology ?? file}: ${result}${detail}.${at.join('')}`)
}

function describeCounts({ plan }: Report): string {
  const { create, update, replace, delete: remove } = countChanges(plan?.changes ?? [])
  return `${create} to create, ${update} to update, ${replace} to replace, ${remove} to delete`
}

/** Why a run that found drift fails: what differs, and where the whole of it is. */
export function driftLine({ plan, topology, file }: Report, { issueUrl }: Addresses): string {
  const changes = plan?.changes ?? []
  const what = listedBy(changes, sayChange, 5)
  const where = issueUrl === undefined ? 'See the step summary.' : `See ${issueUrl}`
  return `Azure differs from ${plain(topology ?? file)} in ${plural(changes.length, 'place')}. To make it as the file says: ${what}. ${where}`
}
