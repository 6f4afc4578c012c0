import type { Outcome } from '../plan/schedule/outcome.ts'
import { type Change, countChanges, type Plan } from '../plan/plan.ts'
import { nameOf } from '../resources/id.ts'
import type { Resource } from '../resources/resource.ts'
import { outcomeSigns, outcomeWords } from './parts/outcomeWords.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { describeCounts } from '../telemetry/words.ts'
import { elapsed, roughly } from './text/durationText.ts'
import { plain } from './text/markdown.ts'
import { plural, subjectOf, thousands } from './text/words.ts'

/** A plan for the log: a line of counts, then two lines a change. No line can be a workflow command. */
export function planLines(plan: Plan): string[] {
  const counts = countChanges(plan.changes)
  const { create, update, replace, delete: remove } = counts
  return [
    `Plan for ${plain(plan.topology)}: ${create} to create, ${update} to update, ${replace} to replace, ${remove} to delete, ${plural(plan.unchanged, 'object')} unchanged.`,
    ...plan.changes.flatMap((change, index) => [
      `${String(index + 1).padStart(4)}. ${sayChange(change)}`,
      `      ${plain(change.reason)} [${change.rule}]`,
    ]),
    `Fingerprint: ${plain(plan.fingerprint)}`,
  ]
}

/** What became of a change, in one line: `✅ done in 12 s: create link dce-weu`. */
export function outcomeLine(outcome: Outcome): string {
  const { change, problem, result } = outcome
  const time = outcome.elapsed > 0 ? ` in ${elapsed(outcome.elapsed)}` : ''
  const line = `${outcomeSigns[result]} ${outcomeWords[result]}${time}: ${sayChange(change)}`
  if (problem === undefined) return line
  const facts = [problem.code, problem.status, problem.correlationId].filter((f) => f !== undefined)
  const detail = facts.length > 0 ? ` (${plain(facts.join(', '))})` : ''
  return `${line} – ${plain(problem.message)}${detail} ${plain(problem.remedy)}`
}

/** How far an apply is: `412 of 1,020 changes ended, 24 under way, 584 left: about 1 h 10 min.` */
export function progressLine(
  counts: { readonly ended: number; readonly running: number; readonly total: number },
  leftSeconds: number,
): string {
  const { ended, running, total } = counts
  const left = total - ended - running
  return `${thousands(ended)} of ${plural(total, 'change')} ended, ${thousands(running)} under way, ${thousands(left)} left: ${roughly(leftSeconds)}.`
}

/** What of telemetry is not well, a line each, for the log; how many are, in one. */
export function telemetryLines({ targets, destinations }: Telemetry): string[] {
  const ill = targets.filter(({ state }) => state === 'silent' || state === 'unknown')
  const shown = ill.slice(0, mostTelemetryLines)
  return [
    ...destinations
      .filter(({ reachable }) => reachable !== 'yes')
      .map(({ detail, reachable }) => plain(`${reachable}: ${detail}`)),
    ...shown.map((row) =>
      plain(
        [
          `${row.state}: ${nameOf(row.id)} at ${nameOf(row.destination)}`,
          row.cause ?? (row.lastSeen === undefined ? 'nothing found' : `last seen ${row.lastSeen}`),
          ...row.changedSince.map(
            ({ id, at, by }) => `${nameOf(id)} was changed at ${at} by ${by}`,
          ),
        ].join(', '),
      ),
    ),
    ...(ill.length > shown.length ? [`… and ${thousands(ill.length - shown.length)} more.`] : []),
    describeCounts(targets),
  ]
}

const mostTelemetryLines = 50

/** `create endpoint dce-weu: westeurope, public access Disabled`. */
export function sayChange(change: Change): string {
  const subject = plain(nameOf(subjectOf(change)))
  return `${change.action} ${nouns[change.kind]} ${subject}${sayValues(change)}`
}

const nouns: Record<Change['kind'], string> = {
  dataCollectionEndpoint: 'endpoint',
  association: 'association of',
  scopedResource: 'link to',
  accessModes: 'access modes of',
}

function sayValues({ before, after }: Change): string {
  const [old, wanted] = [before, after].map((resource) => plain(valueOf(resource)))
  if (old === wanted) return ''
  return `: ${[old, wanted].filter((value) => value !== '').join(' → ')}`
}

/** What a reader wants to see of a resource. */
function valueOf(resource: Resource | null): string {
  switch (resource?.kind) {
    case 'dataCollectionEndpoint':
      return `${resource.location}, public access ${resource.publicNetworkAccess}`
    case 'association':
      return nameOf(resource.endpointId ?? resource.ruleId ?? '')
    case 'scopedResource':
      // Its name says nothing that what it links doesn't.
      return ''
    case 'accessModes':
      return `ingestion ${resource.ingestion}, query ${resource.query}`
    case undefined:
      return ''
  }
}
