import type { Absent, Estate, Target } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import type { NetworkVerdict } from '../network/judge.ts'
import type { Change, Plan } from '../plan/plan.ts'
import type { ResourceId } from '../resources/id.ts'
import { idKey } from '../resources/id.ts'
import type { Choice } from '../rules/configEndpoint.ts'
import type { Desired } from '../rules/derive.ts'
import type { DestinationReach, TargetTelemetry } from '../telemetry/telemetry.ts'
import type { Topology } from '../topology/topology.ts'

/** Input for a chain. */
export interface Facts {
  /** The parsed file. */
  readonly topology: Topology
  readonly target: ResourceId
  readonly estate: Estate
  /** The desired state of the file; if the file doesn't name the target, as if it did. */
  readonly desired: Desired
  /** The plan for that desired state. */
  readonly plan: Plan
  /** Absent if the network was not read. */
  readonly network?: NetworkVerdict
  readonly telemetry: TelemetryFacts
}

/** The workspaces' answers about the target, or why they could not be asked. */
export type TelemetryFacts =
  | {
      readonly asked: true
      readonly windowMinutes: number
      readonly rows: readonly TargetTelemetry[]
      readonly destinations: readonly DestinationReach[]
    }
  | { readonly asked: false; readonly why: string; readonly remedy: string }

/** Facts about the target that several links need. */
export interface Subject extends Facts {
  readonly key: string
  readonly place: Place
  /** The live target; absent if it is missing or unreadable. */
  readonly live: Target | undefined
  readonly gone: Absent | undefined
  /** The target as resolved for the plan; absent too if it can't be a target. */
  readonly resolved: ResolvedTarget | undefined
  /** The endpoint that the plan chooses for its configuration access. */
  readonly choice: Choice | undefined
  readonly inFile: boolean
}

/** How the file covers a target. */
export type Place =
  | { readonly how: 'named' | 'selected' | 'excluded'; readonly line: number }
  | { readonly how: 'hidden'; readonly line: number; readonly why: string }
  | { readonly how: 'absent' }

export function subjectOf(facts: Facts): Subject {
  const { topology, target, estate, desired } = facts
  const { key } = target
  const place = placeOf(topology, estate, target)
  const reading = estate.targets.get(key)
  return {
    ...facts,
    key,
    place,
    live: reading?.state === 'found' ? reading.value : undefined,
    gone: reading === undefined || reading.state === 'found' ? undefined : reading,
    resolved: desired.world.targets.find((one) => one.key === key),
    choice: desired.choices.find((one) => one.target.key === key),
    inFile: place.how === 'named' || place.how === 'selected',
  }
}

/** Finds the entry or select of the file that covers a target; an explicit entry wins (contract section 1). */
export function placeOf(
  topology: Pick<Topology, 'targets' | 'selects'>,
  estate: Pick<Estate, 'selected' | 'hiddenSubscriptions'>,
  { key, subscription, type }: Pick<ResourceId, 'key' | 'subscription' | 'type'>,
): Place {
  const named = topology.targets.find(({ id }) => id.key === key)
  if (named !== undefined) return { how: 'named', line: named.at.line }
  const index = estate.selected.findIndex((keys) => keys.includes(key))
  const select = topology.selects[index]
  if (select !== undefined) return { how: 'selected', line: select.at.line }
  const excluding = topology.selects.find(({ exclude }) => exclude.some((id) => id.key === key))
  if (excluding !== undefined) return { how: 'excluded', line: excluding.at.line }
  const hidden = estate.hiddenSubscriptions.get(subscription)
  const unreadable = topology.selects.find(
    ({ subscriptions, types }) => subscriptions.includes(subscription) && types.includes(type),
  )
  if (hidden === undefined || unreadable === undefined) return { how: 'absent' }
  const why = hidden.state === 'unreadable' ? hidden.why : 'The subscription does not exist.'
  return { how: 'hidden', line: unreadable.at.line, why }
}

/** The change of the plan that writes the association of the target. */
export function associationChange({ plan, key }: Subject): Change | undefined {
  return plan.changes.find(
    ({ after }) => after?.kind === 'association' && idKey(after.target) === key,
  )
}

/** The change of the plan that links a resource. */
export function linkChange({ plan }: Subject, linked: string): Change | undefined {
  const key = idKey(linked)
  return plan.changes.find(
    ({ after }) => after?.kind === 'scopedResource' && idKey(after.linkedResourceId) === key,
  )
}

/** The remedy for an object that the plan creates or doesn't create. */
export function applyIt({ inFile, topology }: Subject, change: Change | undefined): string {
  if (!inFile)
    return 'Add the target to the file first, as described above; the plan of the file then fixes this.'
  return change === undefined
    ? `The plan of ${topology.file} does not fix this: see the diagnostics below for the reason, or fix it by hand.`
    : `The plan of ${topology.file} fixes this (${change.action}): apply it.`
}
