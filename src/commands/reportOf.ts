import { presentState } from '../plan/capabilities.ts'
import { expectSeconds, scopeWriteSeconds } from '../plan/schedule/expectedSeconds.ts'
import { type Diagnostic, sortDiagnostics } from '../diagnostics.ts'
import type { ReportFacts } from '../report.ts'
import type { Failure } from '../errors.ts'
import { egressFqdns, type EgressTarget } from '../egress/egress.ts'
import { remoteWriteTargets } from '../egress/remoteWrite.ts'
import { idKey } from '../resources/id.ts'
import { duration } from '../render/text/durationText.ts'
import { plural, thousands } from '../render/text/words.ts'
import type { Change, Plan } from '../plan/plan.ts'
import { liveModes } from '../estate/live.ts'
import { writesScope } from '../plan/schedule/schedule.ts'
import type { Topology } from '../topology/topology.ts'
import type { CommandContext } from './context.ts'
import type { Observation } from './observe.ts'

/** What every report of a plan has in common: the plan, what to expect of it, and what goes with it. */
export function reportOf(
  context: CommandContext,
  observation: Observation,
): Omit<ReportFacts, 'command' | 'failure'> & { readonly plan: Plan } {
  const { topology } = context
  const { plan, estate, network } = observation
  const diagnostics = sortDiagnostics([
    ...context.fileDiagnostics,
    ...plan.diagnostics,
    ...explainDuration(observation),
  ])
  return {
    file: topology.file,
    topology: topology.name,
    plan: { ...plan, diagnostics },
    diagnostics,
    expectedSeconds: expectSeconds(plan.changes),
    ...(estate.scope.state === 'found' && {
      ingestion: liveModes(estate.scope.value).ingestion,
    }),
    linked: presentState(estate).links,
    ...(network === undefined ? {} : { network: network.report }),
    egress: egressFqdns(topology, estate, targetsInUse(observation)),
    ...(topology.remoteWrite.length === 0
      ? {}
      : { remoteWrite: remoteWriteTargets(topology, estate) }),
  }
}

/** What each target uses once the plan is applied. */
function targetsInUse({ desired }: Observation): readonly EgressTarget[] {
  const choices = new Map(desired.choices.map((c) => [c.target.key, c.endpointId]))
  return desired.world.targets.map((target) => {
    const configuration = choices.get(target.key)
    const declared = desired.world.logWorkspaces.filter((w) => target.logs.includes(w.alias))
    const through = target.rules.flatMap((r) => (r.endpointId === undefined ? [] : [r.endpointId]))
    return {
      id: target.target.id,
      region: target.target.location,
      endpoints: unique([...(configuration === undefined ? [] : [configuration]), ...through]),
      logWorkspaces: unique([
        ...declared.map((w) => w.workspace.id),
        ...target.rules.flatMap((r) => r.logDestinations),
        ...(target.target.addons ?? []).flatMap((a) => a.workspaceId ?? []),
      ]),
      ...(configuration === undefined ? {} : { configurationEndpoint: configuration }),
    }
  })
}

function unique(ids: readonly string[]): readonly string[] {
  if (ids.length < 2) return ids
  return [...new Map(ids.map((id) => [idKey(id), id])).values()]
}

/** From how many scope writes on a plan says what they cost. */
const manyScopeWrites = 30

/** A long plan says how long and why, and what one endpoint per region would save. */
function explainDuration({ plan, desired }: Observation): readonly Diagnostic[] {
  const writes = plan.changes.filter(writesScope).length
  if (writes < manyScopeWrites) return []
  const { topology } = desired.world
  return [
    {
      severity: 'notice',
      code: 'duration',
      message: `This plan writes ${writes} times to the private link scope, one at a time, about ${scopeWriteSeconds} s each: ${duration(writes * scopeWriteSeconds)}.${sayWhatRegionsSave(plan.changes, topology)}`,
      remedy:
        'Nothing has to be done: an apply that is stopped goes on when the same job is run again.',
      file: topology.file,
      line: topology.endpoints.at.line,
      column: topology.endpoints.at.column,
    },
  ]
}

/** Endpoints of single machines, against one for each region that they are in; empty when nothing is saved. */
function sayWhatRegionsSave(changes: readonly Change[], topology: Topology): string {
  if (topology.endpoints.machineIngestion !== 'perMachine') return ''
  const ours = changes.filter((c) => c.rule === 'machine-ingestion' && c.action === 'create')
  const links = ours.filter((c) => c.kind === 'scopedResource').length
  const regions = new Set(
    ours.map(({ after }) => (after?.kind === 'dataCollectionEndpoint' ? after.location : '')),
  )
  regions.delete('')
  const saved = links - regions.size
  if (regions.size === 0 || saved <= 0) return ''
  return ` ${plural(links, 'link')} of them are to endpoints of single machines: with machineIngestion: perRegion it would be ${thousands(regions.size)}, and about ${duration(saved * scopeWriteSeconds)} less.`
}

/** Why a plan may not go on; `undefined` when nothing blocks it. */
export function findBlock(diagnostics: readonly Diagnostic[]): Failure | undefined {
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const [first] = errors
  if (first === undefined) return undefined
  const onlyLimits = errors.every((d) => d.code === 'limit-exceeded')
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`
  return {
    reason: onlyLimits ? 'limit-exceeded' : 'blocked',
    message: `${first.code}: ${first.message}${more}`,
    remedy: first.remedy,
  }
}
