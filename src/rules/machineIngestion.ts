import type { Diagnostic } from '../diagnostics.ts'
import type { Question } from '../estate/question.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import type { ResolvedMonitorWorkspace } from '../estate/resolveWorkspaces.ts'
import { idKey, nameOf, sameId } from '../resources/id.ts'
import { machineEndpointName, regionalIngestionName } from '../resources/names.ts'
import { wantEndpoint } from './wantEndpoint.ts'
import {
  type Derived,
  linkTo,
  metricsWorkspaceOf,
  pointAt,
  type Want,
  type World,
} from './world.ts'

/**
 * Rule `machine-ingestion`: for a machine with `metrics`, an ingestion endpoint in the region of its
 * Azure Monitor workspace is created and linked: one per machine (article, "VM DCE"), or one per
 * region if the file says so.
 */
export function machineIngestion(world: World): Derived {
  const wants: Want[] = []
  const diagnostics: Diagnostic[] = []
  const questions: Question[] = []
  const byName = new Map<string, ResolvedTarget>()
  if (world.topology.endpoints.machineIngestion === 'none') return { wants, diagnostics, questions }
  for (const target of world.targets) {
    const workspace = target.kind === 'machine' ? metricsWorkspaceOf(world, target) : undefined
    if (workspace === undefined) continue
    const name = nameFor(world, target, workspace)
    const earlier = name === undefined ? undefined : byName.get(name.toLowerCase())
    if (earlier !== undefined && name !== undefined && isPerMachine(world)) {
      diagnostics.push(explainDuplicate(world, name, earlier, target))
      continue
    }
    if (name !== undefined) byName.set(name.toLowerCase(), target)
    const wanted = wantEndpoint(world, {
      name,
      location: workspace.workspace.location,
      rule: 'machine-ingestion',
      reason: `${target.target.name} sends metrics to ${workspace.workspace.name} in ${workspace.workspace.location}.`,
      at: target.at,
    })
    diagnostics.push(...wanted.diagnostics)
    questions.push(...wanted.questions)
    if (wanted.want !== undefined) wants.push(wanted.want)
    const { id } = wanted
    if (id === undefined) continue
    wants.push({
      resource: linkTo(world.topology, id),
      rule: 'machine-ingestion',
      reason: `${target.target.name} sends metrics to ${workspace.workspace.name} through it.`,
    })
    if (!sendsThrough(target, id)) diagnostics.push(explainUnused(world, target, id))
  }
  return { wants, diagnostics, questions }
}

function isPerMachine(world: World): boolean {
  return world.topology.endpoints.machineIngestion === 'perMachine'
}

function nameFor(
  world: World,
  target: ResolvedTarget,
  workspace: ResolvedMonitorWorkspace,
): string | undefined {
  const { topology } = world
  const place = { topology: topology.name, region: workspace.workspace.location }
  return isPerMachine(world)
    ? machineEndpointName(topology.endpoints.machineName, {
        ...place,
        machineId: idKey(target.target.id),
      })
    : regionalIngestionName(topology.endpoints.regionalName, place)
}

function sendsThrough(target: ResolvedTarget, endpointId: string): boolean {
  return target.rules.some((r) => r.endpointId !== undefined && sameId(r.endpointId, endpointId))
}

function explainDuplicate(
  world: World,
  name: string,
  first: ResolvedTarget,
  second: ResolvedTarget,
): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-name',
    message: `dataCollectionEndpoints.machineName gives ${first.target.id} and ${second.target.id} the same endpoint name "${name}".`,
    remedy: 'Add {hash} to machineName, as in the default dce-{machine}-{hash}.',
    resource: second.target.id,
    ...pointAt(world.topology, second.at),
  }
}

function explainUnused(world: World, target: ResolvedTarget, endpointId: string): Diagnostic {
  const name = nameOf(endpointId)
  return {
    severity: 'warning',
    code: 'ingestion-endpoint-unused',
    message: `No rule of ${target.target.name} sends through its ingestion endpoint ${name}, so the endpoint receives no metrics yet.`,
    remedy: `Set dataCollectionEndpointId of the metrics rule of ${target.target.name} to ${name}, or set machineIngestion to perRegion or none.`,
    resource: target.target.id,
    ...pointAt(world.topology, target.at),
  }
}
