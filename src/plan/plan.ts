import type { Diagnostic } from '../diagnostics.ts'
import type { ChangedBy } from '../estate/estate.ts'
import type { Kind, Resource, ResourceOf } from '../resources/resource.ts'
import type { RuleId } from '../rules/ruleIds.ts'

/**
 * What takes Azure from live to desired, in the order in which it is made. A value: how it came to
 * be (plan, drift, apply) is not in it.
 */
export interface Plan {
  readonly topology: string
  /** `sha256:` and 64 hex digits over the digests of all changes: equal plans mean the same. */
  readonly fingerprint: string
  /** In an order that can be followed one by one; each comes after all it depends on. */
  readonly changes: readonly Change[]
  /** How many managed objects are as they should be. */
  readonly unchanged: number
  /** What is there, touches the topology, and isn't ours. */
  readonly unmanaged: readonly Unmanaged[]
  readonly diagnostics: readonly Diagnostic[]
  /** How many resources each select of the file matches, in file order. */
  readonly selects?: readonly SelectCount[]
}

/** A select by its place in the file, and how many resources it matches. */
export interface SelectCount {
  readonly line: number
  readonly column: number
  readonly matched: number
}

export type Action = 'create' | 'update' | 'replace' | 'delete'

/** What every change has, whatever it is made to. */
interface ChangeFacts {
  /** Unique in the plan; what `dependsOn` refers to inside the program. */
  readonly key: string
  readonly id: string
  readonly rule: RuleId
  /** One sentence naming the facts that call for it. */
  readonly reason: string
  /** Keys of the changes that must be done before this one is begun. */
  readonly dependsOn: readonly string[]
  /** sha256 over what a reviewer relied on, 64 hex digits. */
  readonly digest: string
  /** Who changed the live object last, where Azure says. */
  readonly changed?: ChangedBy
}

/** The live object before and the wanted one after, by action: each is there exactly where it exists. */
type Sides<R extends Resource> =
  | { readonly action: 'create'; readonly before: null; readonly after: R }
  | { readonly action: 'update'; readonly before: R; readonly after: R }
  | { readonly action: 'replace'; readonly before: R; readonly after: R }
  | { readonly action: 'delete'; readonly before: R; readonly after: null }

/** What can be done to each kind: only an association is taken from somewhere else, and modes are always there. */
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

/** One change: by kind and by action. */
export type Change = { readonly [K in Kind]: ChangeOf<K> }[Kind]

/** The change without some of its facts; distributes, so that kind and action keep telling its sides apart. */
export type Without<C, F extends keyof ChangeFacts> = C extends unknown ? Omit<C, F> : never

export interface Unmanaged {
  readonly id: string
  readonly kind: Kind
  readonly note: string
}

/** Numbers of changes by action. */
export type Counts = Readonly<Record<Action, number>>

export function countChanges(changes: readonly Change[]): Counts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0 }
  for (const change of changes) counts[change.action]++
  return counts
}
