import type { Estate, Rule } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { Desired } from '../rules/derive.ts'
import type { Draft } from './draft.ts'

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
    .filter((link) => link.provisioningState.toLowerCase() === 'succeeded')
    .map((link) => idKey(link.linkedResourceId))
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
  for (const change of changes) {
    switch (change.kind) {
      case 'dataCollectionEndpoint':
        if (change.action === 'delete') endpoints.delete(idKey(change.before.id))
        else endpoints.set(idKey(change.after.id), change.after.location)
        break
      case 'scopedResource':
        if (change.action === 'delete') links.delete(idKey(change.before.linkedResourceId))
        else links.add(idKey(change.after.linkedResourceId))
        break
      case 'association': {
        const target = idKey((change.after ?? change.before).target)
        const endpoint = change.after?.endpointId
        if (endpoint === undefined) associations.delete(target)
        else associations.set(target, idKey(endpoint))
        break
      }
      case 'accessModes':
        break
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

/** Where changes lead from and to, and who has something to lose on the way. */
export interface Outlook {
  readonly before: NetworkState
  readonly after: NetworkState
  readonly capabilities: readonly Capability[]
}

/** Looks ahead once, for all who judge a plan by it, and only as far as they ask: most plans take nothing away. */
export function foresee(desired: Desired, changes: readonly Draft[]): Outlook {
  const before = once(() => presentState(desired.world.estate))
  const after = once(() => stateAfter(before(), changes))
  const capabilities = once(() => listCapabilities(desired))
  return {
    get before() {
      return before()
    },
    get after() {
      return after()
    },
    get capabilities() {
      return capabilities()
    },
  }
}

function once<T>(workOut: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => (known ??= { value: workOut() }).value
}

/**
 * The capabilities of all targets, in order of target: configuration, logs to each workspace, metrics
 * through each endpoint.
 */
export function listCapabilities({ world }: Desired): readonly Capability[] {
  const known = new Map<Rule, RuleKeys>()
  const keysOf = (rule: Rule): RuleKeys => {
    const keys = known.get(rule) ?? readKeys(rule)
    known.set(rule, keys)
    return keys
  }
  return world.targets.flatMap((target): readonly Capability[] => {
    // Also those that can't be found or read: the target sends there all the same.
    const declared = target.logs.flatMap((alias) => world.logKeys.get(alias) ?? [])
    const rules = target.rules.map(keysOf)
    const logs = unique([...declared, ...rules.flatMap((rule) => rule.logs)])
    const metrics = unique(rules.flatMap((rule) => rule.through))
    return [
      { target, kind: 'configuration' },
      ...logs.map((through) => ({ target, kind: 'logs' as const, through })),
      ...metrics.map((through) => ({ target, kind: 'metrics' as const, through })),
    ]
  })
}

/** Where a rule sends: keys of workspaces, and of the endpoint. Many targets share one rule. */
interface RuleKeys {
  readonly logs: readonly string[]
  readonly through: readonly string[]
}

function readKeys({ logDestinations, endpointId }: Rule): RuleKeys {
  return {
    logs: logDestinations.map(idKey),
    through: endpointId === undefined ? [] : [idKey(endpointId)],
  }
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
  return keys.length < 2 ? keys : [...new Set(keys)].toSorted(compareText)
}
