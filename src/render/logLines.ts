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

/**
 * A plan for the log: a line of counts, then two lines per change. No line can be a workflow
 * command.
 */
export function planLines(plan: Plan): string[] {
  const counts = countChanges(plan.changes)
  const { create, update, replace, delete: remove } = counts
  return [
    `Plan for ${plain(plan.topology)}: ${create} to create, ${update} to update, ${replace} to replace, ${remove} to delete, ${plural(plan.unchanged, 'object')} unchanged.`,
    ...plan.changes.flatMap((change, index) => [
      `${String(index + 1).padStart(4)}. ${describeChange(change)}`,
      `      ${plain(change.reason)} [${change.rule}]`,
    ]),
    `Fingerprint: ${plain(plan.fingerprint)}`,
  ]
}

/** The result of a change, in one line: `✅ done in 12 s: create link dce-weu`. */
export function outcomeLine(outcome: Outcome): string {
  const { change, problem, result } = outcome
  const time = outcome.elapsed > 0 ? ` in ${elapsed(outcome.elapsed)}` : ''
  const line = `${outcomeSigns[result]} ${outcomeWords[result]}${time}: ${describeChange(change)}`
  if (problem === undefined) return line
  const facts = [problem.code, problem.status, problem.correlationId].filter((f) => f !== undefined)
  const detail = facts.length > 0 ? ` (${plain(facts.join(', '))})` : ''
  return `${line} – ${plain(problem.message)}${detail} ${plain(problem.remedy)}`
}

/**
 * The progress of an apply: `412 of 1,020 changes finished, 24 running, 584 left: about 1 h 10
 * min.`
 */
export function progressLine(
  counts: { readonly ended: number; readonly running: number; readonly total: number },
  leftSeconds: number,
): string {
  const { ended, running, total } = counts
  const left = total - ended - running
  return `${thousands(ended)} of ${plural(total, 'change')} finished, ${thousands(running)} running, ${thousands(left)} left: ${roughly(leftSeconds)}.`
}

/** Telemetry for the log: one line per silent or unknown row, then a line of counts. */
export function telemetryLines({ targets, destinations }: Telemetry): string[] {
  const failing = targets.filter(({ state }) => state === 'silent' || state === 'unknown')
  const shown = failing.slice(0, maxTelemetryLines)
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
    ...(failing.length > shown.length
      ? [`… and ${thousands(failing.length - shown.length)} more.`]
      : []),
    describeCounts(targets),
  ]
}

const maxTelemetryLines = 50

/** `create endpoint dce-weu: westeurope, public access Disabled`. */
export function describeChange(change: Change): string {
  const subject = plain(nameOf(subjectOf(change)))
  return `${change.action} ${nouns[change.kind]} ${subject}${describeValues(change)}`
}

const nouns: Record<Change['kind'], string> = {
  dataCollectionEndpoint: 'endpoint',
  association: 'association of',
  scopedResource: 'link to',
  accessModes: 'access modes of',
}

function describeValues({ before, after }: Change): string {
  const [old, wanted] = [before, after].map((resource) => plain(valueOf(resource)))
  if (old === wanted) return ''
  return `: ${[old, wanted].filter((value) => value !== '').join(' → ')}`
}

/** The part of a resource that is worth logging. */
function valueOf(resource: Resource | null): string {
  switch (resource?.kind) {
    case 'dataCollectionEndpoint':
      return `${resource.location}, public access ${resource.publicNetworkAccess}`
    case 'association':
      return nameOf(resource.endpointId ?? resource.ruleId ?? '')
    case 'scopedResource':
      // Its name is derived from the linked resource, which is logged already.
      return ''
    case 'accessModes':
      return `ingestion ${resource.ingestion}, query ${resource.query}`
    case undefined:
      return ''
  }
}
