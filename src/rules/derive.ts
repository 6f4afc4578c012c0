import type { Diagnostic } from '../diagnostics.ts'
import type { Question } from '../estate/question.ts'
import type { Estate } from '../estate/estate.ts'
import { keepHeldRules } from '../estate/targetRules.ts'
import { resolveTargets } from '../estate/resolveTargets.ts'
import { resolveWorkspaces } from '../estate/resolveWorkspaces.ts'
import { isOurEndpoint } from '../estate/ownership.ts'
import type { Topology } from '../topology/topology.ts'
import { accessModes } from './accessModes.ts'
import { clusterIngestion } from './clusterIngestion.ts'
import { configAssociation } from './configAssociation.ts'
import { type Choice, configEndpoint } from './configEndpoint.ts'
import { logAnalytics } from './logAnalytics.ts'
import { machineIngestion } from './machineIngestion.ts'
import { nothingSends } from './nothingSends.ts'
import { regionalEndpoint } from './regionalEndpoint.ts'
import { ruleEndpoint } from './ruleEndpoint.ts'
import { endpointToCreate } from './wantEndpoint.ts'
import { workspaceEndpoint } from './workspaceEndpoint.ts'
import { type RuleId, rules } from './ruleIds.ts'
import { type Derived, type Want, type World } from './world.ts'
import { foundEndpoint } from '../estate/live.ts'
import { resourceKey } from '../resources/key.ts'

/** The desired state, with the diagnostics and questions of its derivation. */
export interface Desired {
  readonly world: World
  /** Keys of everything that the file names or selects, including targets that can't be used. */
  readonly named: ReadonlySet<string>
  /** Desired resources by `resourceKey`, in the order of the rules. */
  readonly wants: ReadonlyMap<string, Want>
  readonly choices: readonly Choice[]
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}

/** Derives the desired state from topology and estate, by the nine rules of contract section 2. */
export function derive(topology: Topology, estate: Estate): Desired {
  const targets = resolveTargets(topology, estate)
  const workspaces = resolveWorkspaces(topology, estate)
  const found: World = {
    topology,
    estate,
    targets: targets.targets,
    monitorWorkspaces: workspaces.monitor,
    logWorkspaces: workspaces.logs,
    logKeys: new Map(topology.logAnalyticsWorkspaces.map((w) => [w.alias, w.id.key])),
  }
  const config = configEndpoint(found)
  const chosen = new Set(config.choices.map((choice) => choice.target.key))
  const settled = keepHeldRules(found.targets, chosen, found)
  const world: World = { ...found, targets: settled.targets }
  const byRule: Readonly<Record<RuleId, Derived>> = {
    'config-endpoint': config,
    'config-association': configAssociation(world, config.choices),
    'workspace-endpoint': workspaceEndpoint(world),
    'regional-endpoint': regionalEndpoint(world, config.choices),
    'cluster-ingestion': clusterIngestion(world),
    'machine-ingestion': machineIngestion(world),
    'rule-endpoint': ruleEndpoint(world),
    'log-analytics': logAnalytics(world),
    'access-modes': accessModes(world),
  }
  const derived = rules.map((rule) => byRule[rule])
  const parts = [targets, settled, workspaces, ...derived, nothingSends(world)]
  const wants = collectWants(derived.flatMap((d) => d.wants))
  const clash = wants.diagnostics(topology)
  return {
    world,
    named: targets.named,
    wants: keepOurs(world, wants.wants),
    choices: config.choices,
    diagnostics: [...parts.flatMap((p) => p.diagnostics), ...clash],
    questions: parts.flatMap((p) => p.questions),
  }
}

/** Merges the wants: the first rule that calls for an object claims it. Different wants for one endpoint are an error. */
function collectWants(all: readonly Want[]): {
  wants: Map<string, Want>
  diagnostics: (topology: Topology) => Diagnostic[]
} {
  const wants = new Map<string, Want>()
  const clashes: { first: Want; second: Want }[] = []
  for (const want of all) {
    const key = resourceKey(want.resource)
    const first = wants.get(key)
    if (first === undefined) wants.set(key, want)
    else if (isClash(first, want)) clashes.push({ first, second: want })
  }
  return { wants, diagnostics: (topology) => clashes.map((c) => explainClash(topology, c)) }
}

function isClash(first: Want, second: Want): boolean {
  return (
    first.resource.kind === 'dataCollectionEndpoint' &&
    second.resource.kind === 'dataCollectionEndpoint' &&
    (first.resource.location !== second.resource.location || first.rule !== second.rule)
  )
}

function explainClash(
  topology: Topology,
  { first, second }: { first: Want; second: Want },
): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-name',
    message: `The name templates give two endpoints the same name: ${first.resource.id}. One: ${first.reason} The other: ${second.reason}`,
    remedy: 'Use {region} in regionalName, and {machine} and {hash} in machineName.',
    resource: first.resource.id,
    file: topology.file,
    line: topology.endpoints.at.line,
    column: topology.endpoints.at.column,
  }
}

/**
 * Adds the wants for our own endpoints that any rule still calls for, even through adoption: their
 * settings stay as the file says (contract section 7).
 */
function keepOurs(world: World, wants: ReadonlyMap<string, Want>): ReadonlyMap<string, Want> {
  const kept = new Map(wants)
  for (const want of wants.values()) {
    if (want.resource.kind !== 'scopedResource') continue
    const endpoint = foundEndpoint(world.estate, want.resource.linkedResourceId)
    if (endpoint === undefined || !isOurEndpoint(endpoint, world.topology)) continue
    const resource = endpointToCreate(world.topology, endpoint.id, endpoint.location)
    const key = resourceKey(resource)
    if (kept.has(key)) continue
    const rule = want.rule === 'regional-endpoint' ? 'config-endpoint' : want.rule
    const reason = `${endpoint.name} is ours and still needed: ${want.reason}`
    kept.set(key, { resource, rule, reason })
  }
  return kept
}
