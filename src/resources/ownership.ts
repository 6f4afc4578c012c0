import { idKey, sha256Hex } from './id.ts'

/**
 * What is ours can be told from Azure alone (contract section 2, "Ownership"): an endpoint by its
 * tag, an association by its description or its endpoint, a link by its name. No state file.
 */
export const ownershipTag = 'azure-monitor-private-link'

/** Who owns what: the parts of a topology from which its marks are made. */
export interface Owner {
  readonly name: string
  /** Names or whole marks that it had before; what carries them is taken over. */
  readonly formerNames: readonly string[]
  readonly privateLinkScope: { readonly id: { readonly key: string } }
}

/** The mark of a topology: its name and eight digits that tell its scope, since two repositories may use one name. */
export function markOf(name: string, scopeKey: string): string {
  return `${name}/${scopeHash(scopeKey)}`
}

/** The description that marks an association as written for a topology. */
export function ownershipDescription(mark: string): string {
  return `Managed by azure-monitor-private-link (${mark})`
}

/** Marks of one owner, made once. */
export interface Marks {
  /** What is written. */
  readonly own: string
  /** Taken over and written anew as `own`. */
  readonly former: ReadonlySet<string>
  /** Names by which links of the scope are told to be ours: the present one first. */
  readonly names: readonly string[]
  /**
   * Former names as the first version wrote them, without a scope. They tell no scope, so they count
   * only on what is bound to this one.
   */
  readonly unscoped: ReadonlySet<string>
}

const known = new WeakMap<Owner, Marks>()

export function marksOf(owner: Owner): Marks {
  const marks = known.get(owner) ?? makeMarks(owner)
  known.set(owner, marks)
  return marks
}

function makeMarks({ name, formerNames, privateLinkScope }: Owner): Marks {
  const scope = privateLinkScope.id.key
  const own = markOf(name, scope)
  const bare = formerNames.filter((former) => !former.includes('/'))
  const whole = formerNames.filter((former) => former.includes('/'))
  const former = new Set([...bare.map((one) => markOf(one, scope)), ...whole])
  former.delete(own)
  // A mark of another scope says nothing of the links of this one.
  const here = whole.filter((mark) => mark === markOf(nameIn(mark), scope)).map(nameIn)
  return {
    own,
    former,
    names: [...new Set([name, ...bare, ...here])],
    unscoped: new Set(bare),
  }
}

/** `production` of `production/a50ff3dd`, and of what the first version wrote. */
export function nameIn(mark: string): string {
  return mark.split('/')[0] ?? mark
}

/** True for a mark of the form that tells its scope. */
export function tellsScope(mark: string): boolean {
  return mark.includes('/')
}

/** True when the mark is this scope's: a former name in the file is then enough to take it over. */
export function isOfScope(mark: string, { privateLinkScope }: Owner): boolean {
  return mark === markOf(nameIn(mark), privateLinkScope.id.key)
}

function scopeHash(scopeKey: string): string {
  return sha256Hex(idKey(scopeKey), 8)
}

/** What a topology may be called (contract section 1). */
export const topologyName = /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/

/** The mark that a description holds, whosever it is. */
export function markInDescription(description: string): string | undefined {
  return anyMark.exec(description)?.[1] ?? firstMark.exec(description)?.[1]
}

const anyMark = /^Managed by azure-monitor-private-link \(([a-z0-9-]+\/[0-9a-f]{8})\)$/
/** As the first version wrote it: without the scope. */
const firstMark = /^Managed by azure-monitor-private-link \(topology: (.+)\)$/

/** Every description by which an association may be told to be ours, for a search. */
export function ownDescriptions(owner: Owner): readonly string[] {
  const { own, former, unscoped } = marksOf(owner)
  return [
    ...[own, ...former].map(ownershipDescription),
    ...[...unscoped].map((name) => `Managed by azure-monitor-private-link (topology: ${name})`),
  ]
}
