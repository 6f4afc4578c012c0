import { type Diagnostic, sortDiagnostics } from '../../diagnostics.ts'
import type { NetworkVerdict } from '../../network/judge.ts'
import type { Desired } from '../../rules/derive.ts'
import type { Outlook } from '../capabilities.ts'
import type { Comparison } from '../compare.ts'
import type { Change } from '../plan.ts'
import { findBlackouts } from './blackout.ts'
import { inspect } from './inspect.ts'
import { checkLimits, type Limits } from './limits.ts'
import { inspectSelects } from './selects.ts'
import { findTakenNames } from './takenNames.ts'
import { findUnknownMarks } from './unknownMarks.ts'
import { waive } from './waive.ts'

/** Input of the checks. */
export interface Checked {
  readonly desired: Desired
  readonly comparison: Pick<Comparison, 'diagnostics'>
  readonly outlook: Outlook
  /** Changes in dependency order. */
  readonly changes: readonly Change[]
  readonly network: NetworkVerdict | undefined
}

/** All diagnostics of a plan, after waivers: distinct and sorted. */
export function checkPlan(
  { desired, comparison, outlook, changes, network }: Checked,
  options: {
    readonly limits: Limits
    readonly pendingWaivers?: readonly number[]
    readonly otherMarks?: ReadonlySet<string>
  },
): readonly Diagnostic[] {
  const { topology } = desired.world
  const found: readonly Diagnostic[] = [
    ...desired.diagnostics,
    ...comparison.diagnostics,
    ...inspect(desired, changes),
    ...findTakenNames(desired),
    ...inspectSelects(desired, changes),
    ...findBlackouts(desired, outlook, changes),
    ...findUnknownMarks(desired, options.otherMarks ?? new Set()),
    ...checkLimits(topology, changes, options.limits),
    ...(network?.findings.map(({ diagnostic }) => diagnostic) ?? []),
  ]
  return sortDiagnostics(unique(waive(topology, found, options.pendingWaivers ?? [])))
}

/** Removes duplicates: two rules may find the same problem. */
function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter((d) => {
    const key = `${d.code}\n${(d.resource ?? '').toLowerCase()}\n${d.message}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
