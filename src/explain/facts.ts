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

/** All that a chain is told from. */
export interface Facts {
  /** The file as it is. */
  readonly topology: Topology
  readonly target: ResourceId
  readonly estate: Estate
  /** What is derived from the file; where it does not name the target, as if it did. */
  readonly desired: Desired
  /** The plan of the same. */
  readonly plan: Plan
  /** Absent where the network was not looked at. */
  readonly network?: NetworkVerdict
  readonly telemetry: TelemetryFacts
}

/** What the workspaces said of the target, or why they could not be asked. */
export type TelemetryFacts =
  | {
      readonly asked: true
      readonly windowMinutes: number
      readonly rows: readonly TargetTelemetry[]
      readonly destinations: readonly DestinationReach[]
    }
  | { readonly asked: false; readonly why: string; readonly remedy: string }

/** What each link looks at first: the target as far as it is known. */
export interface Subject extends Facts {
  readonly key: string
  readonly place: Place
  /** What Azure has of the target; absent where it isn't there, or may not be read. */
  readonly live: Target | undefined
  readonly gone: Absent | undefined
  /** As the plan sees it; absent as well for what can't be a target. */
  readonly resolved: ResolvedTarget | undefined
  /** Where the plan has it get its configuration from. */
  readonly choice: Choice | undefined
  readonly inFile: boolean
}

/** Where the file speaks of a target. */
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

/** Where the file names a target, or has it by a select; an explicit entry wins (contract section 1). */
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
  const blind = topology.selects.find(
    ({ subscriptions, types }) => subscriptions.includes(subscription) && types.includes(type),
  )
  if (hidden === undefined || blind === undefined) return { how: 'absent' }
  const why = hidden.state === 'unreadable' ? hidden.why : 'Azure knows no such subscription.'
  return { how: 'hidden', line: blind.at.line, why }
}

/** The change of the plan that makes the association of the target. */
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

/** What to do about what the plan makes, or does not make. */
export function applyIt({ inFile, topology }: Subject, change: Change | undefined): string {
  if (!inFile)
    return 'Bring it into the file first, as said above: the plan of the file then says how it is made.'
  return change === undefined
    ? `The plan of ${topology.file} does not make it: the diagnostics below say what keeps it from that, or a person must.`
    : `The plan of ${topology.file} fixes this (${change.action}): apply it.`
}
