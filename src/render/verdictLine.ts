import { countChanges } from '../plan/plan.ts'
import type { Report } from '../report.ts'
import { describeChange } from './logLines.ts'
import { plain } from './text/markdown.ts'
import { listedBy, plural } from './text/words.ts'

/** Where the result of a run can be read. */
export interface Addresses {
  readonly commentUrl?: string
  readonly issueUrl?: string
}

/** The result for one file, as the last line of the log: result, counts, URLs. */
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

/** Why a run that found drift fails: what differs, and where the full list is. */
export function driftLine({ plan, topology, file }: Report, { issueUrl }: Addresses): string {
  const changes = plan?.changes ?? []
  const what = listedBy(changes, describeChange, 5)
  const where = issueUrl === undefined ? 'See the step summary.' : `See ${issueUrl}`
  return `Azure differs from ${plain(topology ?? file)} in ${plural(changes.length, 'place')}. To make it match the file: ${what}. ${where}`
}
