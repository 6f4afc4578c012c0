import type { Diagnostic } from '../diagnostics.ts'
import type { ChangedBy } from '../estate/estate.ts'
import type { Kind, Resource, ResourceOf } from '../resources/resource.ts'
import type { RuleId } from '../rules/ruleIds.ts'

/**
 * The changes that take Azure from the live to the desired state, in order. A plain value,
 * independent of the command (plan, drift, apply) that made it.
 */
export interface Plan {
  readonly topology: string
  /** `sha256:` and 64 hex digits over the digests of all changes; equal fingerprints mean equal plans. */
  readonly fingerprint: string
  /** In dependency order: each change comes after all changes that it depends on. */
  readonly changes: readonly Change[]
  /** Number of managed objects that are already as desired. */
  readonly unchanged: number
  /** Existing objects that concern the topology but aren't ours. */
  readonly unmanaged: readonly Unmanaged[]
  readonly diagnostics: readonly Diagnostic[]
  /** Number of resources that each select of the file matches, in file order. */
  readonly selects?: readonly SelectCount[]
}

/** Number of resources that the select at this position matches. */
export interface SelectCount {
  readonly line: number
  readonly column: number
  readonly matched: number
}

export type Action = 'create' | 'update' | 'replace' | 'delete'

/** The fields that changes of every kind have. */
interface ChangeFacts {
  /** Unique in the plan; `dependsOn` refers to it. */
  readonly key: string
  readonly id: string
  readonly rule: RuleId
  /** One sentence with the facts that require the change. */
  readonly reason: string
  /** Keys of the changes that must be done before this one starts. */
  readonly dependsOn: readonly string[]
  /** sha256 over everything that a reviewer relies on, 64 hex digits. */
  readonly digest: string
  /** Last change of the live object, if Azure reports it. */
  readonly changed?: ChangedBy
}

/** The live object before and the desired object after the change, by action. */
type Sides<R extends Resource> =
  | { readonly action: 'create'; readonly before: null; readonly after: R }
  | { readonly action: 'update'; readonly before: R; readonly after: R }
  | { readonly action: 'replace'; readonly before: R; readonly after: R }
  | { readonly action: 'delete'; readonly before: R; readonly after: null }

/** The possible actions for each kind: only associations are replaced, and modes always exist. */
interface ActionsOf extends Record<Kind, Action> {
  dataCollectionEndpoint: 'create' | 'update' | 'delete'
  scopedResource: 'create' | 'update' | 'delete'
  association: Action
  accessModes: 'update'
}

/** One change of one kind of object. */
export type ChangeOf<K extends Kind> = ChangeFacts & { readonly kind: K } & Extract<
    Sides<ResourceOf<K>>,
    { readonly action: ActionsOf[K] }
  >

/** One change of any kind; a union discriminated by kind and action. */
export type Change = { readonly [K in Kind]: ChangeOf<K> }[Kind]

/** A change without some of its fields. Distributes over the union, so that kind and action still discriminate. */
export type Without<C, F extends keyof ChangeFacts> = C extends unknown ? Omit<C, F> : never

export interface Unmanaged {
  readonly id: string
  readonly kind: Kind
  readonly note: string
}

/** Number of changes by action. */
export type Counts = Readonly<Record<Action, number>>

export function countChanges(changes: readonly Change[]): Counts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0 }
  for (const change of changes) counts[change.action]++
  return counts
}
