import type { Diagnostic } from '../diagnostics.ts'
import { groupBy } from '../resources/group.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import type { Verdict } from './judgement.ts'
import {
  type ChainChange,
  type DestinationReach,
  type TargetTelemetry,
  type Telemetry,
  telemetryStates,
} from './telemetry.ts'

/** Sorts the verdicts of all destinations into display order. */
export function assemble(
  found: Pick<Telemetry, 'topology' | 'checkedAt' | 'windowMinutes'> & {
    readonly destinations: readonly DestinationReach[]
    readonly verdicts: readonly Verdict[]
  },
  changesOf: (verdict: Verdict) => readonly ChainChange[],
): Telemetry {
  const { topology, checkedAt, windowMinutes, destinations, verdicts } = found
  return {
    topology,
    checkedAt,
    windowMinutes,
    destinations: destinations.toSorted(byDestination),
    targets: verdicts
      .map(({ expectation, ...verdict }): TargetTelemetry => ({
        id: expectation.target.id,
        destination: expectation.destination.id,
        kind: expectation.destination.kind,
        ...verdict,
        changedSince: verdict.state === 'silent' ? changesOf({ expectation, ...verdict }) : [],
      }))
      .toSorted(byRow),
  }
}

function byDestination(a: DestinationReach, b: DestinationReach): number {
  return compareText(a.kind, b.kind) || compareText(idKey(a.id), idKey(b.id))
}

function byRow(a: TargetTelemetry, b: TargetTelemetry): number {
  return (
    compareText(a.kind, b.kind) ||
    compareText(idKey(a.destination), idKey(b.destination)) ||
    telemetryStates.indexOf(a.state) - telemetryStates.indexOf(b.state) ||
    compareText(idKey(a.id), idKey(b.id))
  )
}

/** The most machines that one warning names. */
const maxNames = 5

/**
 * Warns about machines whose heartbeats arrive from a public address although their workspace is
 * linked. One warning per workspace.
 *
 * @param linked keys of the resources that the scope links
 */
export function warnOfPublicPaths(
  telemetry: Telemetry,
  linked: ReadonlySet<string>,
  file: string,
): readonly Diagnostic[] {
  const isPublic = (row: TargetTelemetry) =>
    row.path === 'public' && linked.has(idKey(row.destination))
  const groups = groupBy(telemetry.targets.filter(isPublic), (row) => idKey(row.destination))
  return [...groups.values()].map((rows): Diagnostic => {
    const [first] = rows
    const named = rows
      .slice(0, maxNames)
      .map(({ id, address }) => (address === undefined ? nameOf(id) : `${nameOf(id)} (${address})`))
    const more = rows.length > maxNames ? ` and ${rows.length - maxNames} more` : ''
    const workspace = nameOf(first?.destination ?? '')
    return {
      severity: 'warning',
      code: 'public-path',
      message: `Workspace "${workspace}" is linked to the scope, and the newest heartbeat of ${named.join(', ')}${more} came from a public address: these logs travel over the public internet.`,
      remedy:
        'Link the virtual network of these machines to the private DNS zones of the scope, and check which DNS server they use. The address is evidence, not proof: see docs/verify.md.',
      ...(first === undefined ? {} : { resource: first.destination }),
      file,
    }
  })
}
