import type { Estate } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/targets.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { Desired } from '../rules/derive.ts'
import type { Draft } from './compare.ts'

/**
 * A state of Azure as promise 3 sees it (contract section 4, "How promise 3 is judged"): which
 * endpoints exist, what is linked, where each target gets its configuration.
 */
export interface NetworkState {
  /** Location by the key of the endpoint. */
  readonly endpoints: ReadonlyMap<string, string>
  /** Keys of linked resources whose link has succeeded. */
  readonly links: ReadonlySet<string>
  /** Key of the endpoint by the key of the target. */
  readonly associations: ReadonlyMap<string, string>
}

/** The present state, as the estate has it. */
export function presentState(estate: Estate): NetworkState {
  const endpoints = new Map<string, string>()
  for (const [key, reading] of estate.endpoints) {
    if (reading.state === 'found') endpoints.set(key, reading.value.location)
  }
  const links = estate.links
    .filter(link => link.provisioningState.toLowerCase() === 'succeeded')
    .map(link => idKey(link.linkedResourceId))
  const associations = new Map<string, string>()
  for (const [key, { endpointId }] of estate.associations) {
    if (endpointId !== undefined) associations.set(key, idKey(endpointId))
  }
  return { endpoints, links: new Set(links), associations }
}

/** The state once some changes are made. */
export function stateAfter(state: NetworkState, changes: readonly Draft[]): NetworkState {
  const endpoints = new Map(state.endpoints)
  const links = new Set(state.links)
  const associations = new Map(state.associations)
  for (const { before, after, action } of changes) {
    const object = after ?? before
    if (object?.kind === 'dataCollectionEndpoint') {
      if (action === 'delete') endpoints.delete(idKey(object.id))
      else endpoints.set(idKey(object.id), object.location)
    } else if (object?.kind === 'scopedResource') {
      if (action === 'delete') links.delete(idKey(object.linkedResourceId))
      else links.add(idKey(object.linkedResourceId))
    } else if (object?.kind === 'association') {
      const target = idKey(object.target)
      if (after?.kind === 'association' && after.endpointId !== undefined) {
        associations.set(target, idKey(after.endpointId))
      } else associations.delete(target)
    }
  }
  return { endpoints, links, associations }
}

/** Something that a target can do only while the state allows it. */
export interface Capability {
  readonly target: ResolvedTarget
  readonly kind: 'configuration' | 'logs' | 'metrics'
  /** Key of the workspace (logs) or the endpoint (metrics) it depends on. */
  readonly through?: string
}

/** The capabilities of a target: configuration, logs to each workspace, metrics through each endpoint. */
export function capabilitiesOf(desired: Desired, target: ResolvedTarget): readonly Capability[] {
  // Also those that can't be found or read: the target sends there all the same.
  const declared = target.logs.flatMap(alias => desired.world.logKeys.get(alias) ?? [])
  const sent = target.rules.flatMap(rule => rule.logDestinations.map(idKey))
  const through = target.rules.flatMap(r => (r.endpointId === undefined ? [] : [idKey(r.endpointId)]))
  return [
    { target, kind: 'configuration' },
    ...unique([...declared, ...sent]).map(key => ({ target, kind: 'logs' as const, through: key })),
    ...unique(through).map(key => ({ target, kind: 'metrics' as const, through: key })),
  ]
}

/** True when the target can do it in that state. */
export function holds(capability: Capability, state: NetworkState): boolean {
  const through = capability.through ?? ''
  if (capability.kind === 'logs') return state.links.has(through)
  // A link may outlive its endpoint; nobody sends through what is gone (contract section 7).
  if (capability.kind === 'metrics') return state.links.has(through) && state.endpoints.has(through)
  const endpoint = state.associations.get(capability.target.key)
  return (
    endpoint !== undefined &&
    state.endpoints.get(endpoint) === capability.target.target.location &&
    state.links.has(endpoint)
  )
}

function unique(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)].toSorted(compareText)
}
