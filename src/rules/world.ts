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

/** The input of every derivation rule. */
export interface World {
  readonly topology: Topology
  readonly estate: Estate
  /** Existing targets, sorted by key. */
  readonly targets: readonly ResolvedTarget[]
  readonly monitorWorkspaces: readonly ResolvedMonitorWorkspace[]
  readonly logWorkspaces: readonly ResolvedLogWorkspace[]
  /** Keys of all Log Analytics workspaces of the file by alias, including unreadable ones. */
  readonly logKeys: ReadonlyMap<string, string>
}

/** A resource that a rule calls for, and why. */
export interface Want {
  readonly resource: Resource
  readonly rule: RuleId
  /** One sentence with the facts. */
  readonly reason: string
}

/** The result of a rule. */
export interface Derived {
  readonly wants: readonly Want[]
  readonly diagnostics: readonly Diagnostic[]
  /** What must be read from a resource provider before the rule can be sure. */
  readonly questions: readonly Question[]
}

/** The Azure Monitor workspace of a target's `metrics`, if it exists. */
export function metricsWorkspaceOf(
  world: World,
  target: { readonly metrics?: string },
): ResolvedMonitorWorkspace | undefined {
  return target.metrics === undefined
    ? undefined
    : world.monitorWorkspaces.find((w) => w.alias === target.metrics)
}

/** The link that we create for an endpoint or a workspace. */
export function linkTo(topology: Topology, linkedId: string): ScopedResource {
  return {
    kind: 'scopedResource',
    id: `${topology.privateLinkScope.id.text}/scopedResources/${linkName(topology.name, linkedId)}`,
    linkedResourceId: linkedId,
  }
}

/** A short list of names: `a`, `a and b`, `a, b and 3 more`. */
export function listNames(ids: readonly string[], most = 2): string {
  const names = ids.slice(0, most).map(nameOf)
  const more = ids.length - most
  if (more > 0) return `${names.join(', ')} and ${more} more`
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

/** The fields of a diagnostic that point into the topology file. */
export function pointAt(
  topology: Topology,
  at: Position,
): { readonly file: string; readonly line: number; readonly column: number } {
  return { file: topology.file, line: at.line, column: at.column }
}
