import type { Diagnostic } from '../diagnostics.ts'
import type { Question } from '../estate/question.ts'
import type { Estate } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import type { ResolvedLogWorkspace, ResolvedMonitorWorkspace } from '../estate/resolveWorkspaces.ts'
import type { RuleId } from './ruleIds.ts'
import { nameOf } from '../resources/id.ts'
import { linkName } from '../resources/names.ts'
import type { Resource, ScopedResource } from '../resources/resource.ts'
import type { Position, Topology } from '../topology/topology.ts'

/** All that a derivation rule may look at. */
export interface World {
  readonly topology: Topology
  readonly estate: Estate
  /** Targets that exist, in order of key. */
  readonly targets: readonly ResolvedTarget[]
  readonly monitorWorkspaces: readonly ResolvedMonitorWorkspace[]
  readonly logWorkspaces: readonly ResolvedLogWorkspace[]
  /** Keys of all Log Analytics workspaces of the file by alias, also of those that can't be read. */
  readonly logKeys: ReadonlyMap<string, string>
}

/** What a rule wants to be there, and why. */
export interface Want {
  readonly resource: Resource
  readonly rule: RuleId
  /** One sentence naming the facts. */
  readonly reason: string
}

/** What a rule comes to. */
export interface Derived {
  readonly wants: readonly Want[]
  readonly diagnostics: readonly Diagnostic[]
  /** What has to be read exactly before the rule can be sure. */
  readonly questions: readonly Question[]
}

/** The Azure Monitor workspace that a target sends its metrics to, when it exists. */
export function metricsWorkspaceOf(
  world: World,
  target: { readonly metrics?: string },
): ResolvedMonitorWorkspace | undefined {
  return target.metrics === undefined
    ? undefined
    : world.monitorWorkspaces.find((w) => w.alias === target.metrics)
}

/** The link that we would make for an endpoint or a workspace. */
export function linkTo(topology: Topology, linkedId: string): ScopedResource {
  return {
    kind: 'scopedResource',
    id: `${topology.privateLinkScope.id.text}/scopedResources/${linkName(topology.name, linkedId)}`,
    linkedResourceId: linkedId,
  }
}

/** `a`, `a and b`, `a, b and 3 more`: names of things, few enough to read. */
export function listNames(ids: readonly string[], most = 2): string {
  const names = ids.slice(0, most).map(nameOf)
  const more = ids.length - most
  if (more > 0) return `${names.join(', ')} and ${more} more`
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

/** The part of a diagnostic that points into the topology file. */
export function pointAt(
  topology: Topology,
  at: Position,
): { readonly file: string; readonly line: number; readonly column: number } {
  return { file: topology.file, line: at.line, column: at.column }
}
