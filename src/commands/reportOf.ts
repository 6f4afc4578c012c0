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

/** The common part of every report on a plan: the plan, its expected duration, egress and network. */
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

/** The endpoints and workspaces that each target uses once the plan is applied. */
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

/** A plan with at least this many scope writes says how long they take. */
const manyScopeWrites = 30

/** Says how long a long plan takes and why, and what one endpoint per region would save. */
function explainDuration({ plan, desired }: Observation): readonly Diagnostic[] {
  const writes = plan.changes.filter(writesScope).length
  if (writes < manyScopeWrites) return []
  const { topology } = desired.world
  return [
    {
      severity: 'notice',
      code: 'duration',
      message: `This plan writes ${writes} times to the private link scope, one at a time, about ${scopeWriteSeconds} s each: ${duration(writes * scopeWriteSeconds)}.${describeRegionalSaving(plan.changes, topology)}`,
      remedy:
        'Nothing to do: if the apply is interrupted, running the same job again continues it.',
      file: topology.file,
      line: topology.endpoints.at.line,
      column: topology.endpoints.at.column,
    },
  ]
}

/** Compares one endpoint per machine with one per region; empty when that would save nothing. */
function describeRegionalSaving(changes: readonly Change[], topology: Topology): string {
  if (topology.endpoints.machineIngestion !== 'perMachine') return ''
  const ours = changes.filter((c) => c.rule === 'machine-ingestion' && c.action === 'create')
  const links = ours.filter((c) => c.kind === 'scopedResource').length
  const regions = new Set(
    ours.map(({ after }) => (after?.kind === 'dataCollectionEndpoint' ? after.location : '')),
  )
  regions.delete('')
  const saved = links - regions.size
  if (regions.size === 0 || saved <= 0) return ''
  return ` ${plural(links, 'link')} of them are for endpoints of single machines; machineIngestion: perRegion would need ${thousands(regions.size)} and save about ${duration(saved * scopeWriteSeconds)}.`
}

/** The reason why a plan is blocked; `undefined` when it isn't. */
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
