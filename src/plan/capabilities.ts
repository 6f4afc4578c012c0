import type { Estate, Rule } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { type HeldRule, heldRuleOf } from '../estate/heldRule.ts'
import { needsEndpoint } from '../estate/streams.ts'
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
  /** Key of the rule that a target's configuration association wrongly holds, by the key of the target. */
  readonly held: ReadonlyMap<string, string>
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
  const held = new Map<string, string>()
  for (const [key, { endpointId, ruleId }] of estate.associations) {
    if (endpointId !== undefined) associations.set(key, idKey(endpointId))
    if (ruleId !== undefined) held.set(key, idKey(ruleId))
  }
  return { endpoints, links: new Set(links), associations, held }
}

/** The state once some changes are made. */
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

/** Something that a target can do only while the state allows it. */
export interface Capability {
  readonly target: ResolvedTarget
  readonly kind: 'configuration' | 'logs' | 'metrics'
  /** Key of the workspace (logs) or the endpoint (metrics) it depends on. */
  readonly through?: string
  /** A rule that needs an endpoint and names none: what it collects has no private path. */
  readonly pathless?: Rule
  /** Key of the rule without which it is none: the configuration association holds that, and nothing else does. */
  readonly heldRule?: string
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
 * through each endpoint, and what has no path (contract section 4, "How promise 3 is judged").
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

/** What only the rule lets a target do that its configuration association wrongly holds. */
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
  const { target, kind, through = '', pathless, heldRule } = capability
  if (pathless !== undefined) return false
  if (heldRule !== undefined && state.held.get(target.key) !== heldRule) return false
  if (kind === 'logs') return state.links.has(through)
  // A link may outlive its endpoint; nobody sends through what is gone (contract section 7).
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
