import type { Estate, Rule } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { type HeldRule, heldRuleOf } from '../estate/heldRule.ts'
import { needsEndpoint } from '../estate/streams.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { Desired } from '../rules/derive.ts'
import type { Draft } from './draft.ts'

/**
 * The part of Azure's state that matters to promise 3 (contract section 4, "How promise 3 is judged"):
 * existing endpoints, links, and the configuration endpoint of each target.
 */
export interface NetworkState {
  /** Location of each endpoint, by key. */
  readonly endpoints: ReadonlyMap<string, string>
  /** Keys of the resources whose link is `Succeeded`. */
  readonly links: ReadonlySet<string>
  /** Key of each target's endpoint, by the key of the target. */
  readonly associations: ReadonlyMap<string, string>
  /** Key of the rule that a target's configuration association holds by mistake, by the key of the target. */
  readonly held: ReadonlyMap<string, string>
}

/** The current state, from the estate. */
export function presentState(estate: Estate): NetworkState {
  const endpoints = new Map<string, string>()
  for (const [key, reading] of estate.endpoints) {
    if (reading.state === 'found') endpoints.set(key, reading.value.location)
  }
  const links = estate.links
    .filter((link) => link.provisioningState.toLowerCase() === 'succeeded')
    .map((link) => idKey(link.linkedResourceId))
  const associations = new Map<string, string>()
  const held = new Map<string, string>()
  for (const [key, { endpointId, ruleId }] of estate.associations) {
    if (endpointId !== undefined) associations.set(key, idKey(endpointId))
    if (ruleId !== undefined) held.set(key, idKey(ruleId))
  }
  return { endpoints, links: new Set(links), associations, held }
}

/** The state after some changes. */
export function stateAfter(state: NetworkState, changes: readonly Draft[]): NetworkState {
  const endpoints = new Map(state.endpoints)
  const links = new Set(state.links)
  const associations = new Map(state.associations)
  const held = new Map(state.held)
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
        held.delete(target)
        if (endpoint === undefined) associations.delete(target)
        else associations.set(target, idKey(endpoint))
        break
      }
      case 'accessModes':
        break
      default:
        change satisfies never
    }
  }
  return { endpoints, links, associations, held }
}

/** Something that a target can do in some states and not in others. */
export interface Capability {
  readonly target: ResolvedTarget
  readonly kind: 'configuration' | 'logs' | 'metrics'
  /** Key of the workspace (logs) or the endpoint (metrics) it depends on. */
  readonly through?: string
  /** A rule that needs an endpoint but names none: its data has no private path. */
  readonly pathless?: Rule
  /** Key of the rule that provides this capability, if the target has that rule only through its configuration association. */
  readonly heldRule?: string
}

/** The states before and after a list of changes, and the capabilities of all targets. */
export interface Outlook {
  readonly before: NetworkState
  readonly after: NetworkState
  readonly capabilities: readonly Capability[]
}

/** Computes the outlook lazily and once for all checks: most plans remove nothing, so the checks need little of it. */
export function makeOutlook(desired: Desired, changes: readonly Draft[]): Outlook {
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
 * The capabilities of all targets, in the order of targets: configuration, logs to each workspace,
 * metrics through each endpoint, and rules without a path (contract section 4, "How promise 3 is
 * judged").
 */
export function listCapabilities({ world }: Desired): readonly Capability[] {
  const known = new Map<Rule, RuleKeys>()
  const keysOf = (rule: Rule): RuleKeys => {
    const keys = known.get(rule) ?? readKeys(rule)
    known.set(rule, keys)
    return keys
  }
  return world.targets.flatMap((target): readonly Capability[] => {
    const rules = target.rules.map(keysOf)
    const addons = (target.target.addons ?? []).flatMap((addon) =>
      addon.workspaceId === undefined ? [] : [idKey(addon.workspaceId)],
    )
    const logs = unique([...addons, ...rules.flatMap((rule) => rule.logs)])
    const metrics = unique(rules.flatMap((rule) => rule.through))
    const held = heldRuleOf(target, world.estate)
    return [
      { target, kind: 'configuration' },
      ...logs.map((through) => ({ target, kind: 'logs' as const, through })),
      ...metrics.map((through) => ({ target, kind: 'metrics' as const, through })),
      ...target.rules
        .filter(needsEndpoint)
        .map((pathless) => ({ target, kind: 'metrics' as const, pathless })),
      ...(held === undefined ? [] : heldCapabilities(target, held, { logs, metrics })),
    ]
  })
}

/** The capabilities that a target has only through the rule that its configuration association holds by mistake. */
function heldCapabilities(
  target: ResolvedTarget,
  held: HeldRule,
  others: { readonly logs: readonly string[]; readonly metrics: readonly string[] },
): readonly Capability[] {
  if (held.rule === undefined) return []
  const { logs, through } = readKeys(held.rule)
  const only = { target, heldRule: held.key }
  return [
    ...unique(logs)
      .filter((key) => !others.logs.includes(key))
      .map((key) => ({ ...only, kind: 'logs' as const, through: key })),
    ...through
      .filter((key) => !others.metrics.includes(key))
      .map((key) => ({ ...only, kind: 'metrics' as const, through: key })),
  ]
}

/** Keys of a rule's workspaces and endpoint. Computed once per rule, since many targets share one. */
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

/** True if the target has the capability in this state. */
export function holds(capability: Capability, state: NetworkState): boolean {
  const { target, kind, through = '', pathless, heldRule } = capability
  if (pathless !== undefined) return false
  if (heldRule !== undefined && state.held.get(target.key) !== heldRule) return false
  if (kind === 'logs') return state.links.has(through)
  // A link may outlive its endpoint, which then serves no one (contract section 7).
  if (kind === 'metrics') return state.links.has(through) && state.endpoints.has(through)
  const endpoint = state.associations.get(target.key)
  return (
    endpoint !== undefined &&
    state.endpoints.get(endpoint) === target.target.location &&
    state.links.has(endpoint)
  )
}

function unique(keys: readonly string[]): readonly string[] {
  return keys.length < 2 ? keys : [...new Set(keys)].toSorted(compareText)
}
