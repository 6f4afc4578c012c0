import { idKey, sha256Hex } from './id.ts'

/**
 * Ownership needs no state file (contract section 2, "Ownership"): this tag marks an endpoint as
 * ours, a description or our endpoint marks an association, and its name marks a link.
 */
export const ownershipTag = 'azure-monitor-private-link'

/** The parts of a topology that determine its ownership marks. */
export interface Owner {
  readonly name: string
  /** Names or whole marks that the topology had before; resources that carry them are taken over. */
  readonly formerNames: readonly string[]
  readonly privateLinkScope: { readonly id: { readonly key: string } }
}

/** The mark of a topology: its name and eight digits that identify its scope, since two repositories may use the same name. */
export function markOf(name: string, scopeKey: string): string {
  return `${name}/${scopeHash(scopeKey)}`
}

/** The description that marks an association as ours. */
export function ownershipDescription(mark: string): string {
  return `Managed by azure-monitor-private-link (${mark})`
}

/** All marks of one owner, computed once. */
export interface Marks {
  /** The mark that we write. */
  readonly own: string
  /** Earlier marks: what carries them is taken over and re-marked with `own`. */
  readonly former: ReadonlySet<string>
  /** Topology names whose links are ours: the current name first. */
  readonly names: readonly string[]
  /**
   * Former names as the first version wrote them, without a scope hash. They can't tell scopes
   * apart, so they count only on resources that belong to this scope.
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
  // A mark of another scope owns no links in this scope.
  const here = whole.filter((mark) => mark === markOf(nameIn(mark), scope)).map(nameIn)
  return {
    own,
    former,
    names: [...new Set([name, ...bare, ...here])],
    unscoped: new Set(bare),
  }
}

/** The topology name in a mark: `production` in `production/a50ff3dd`, the whole mark in the first version's form. */
export function nameIn(mark: string): string {
  return mark.split('/')[0] ?? mark
}

/** True for a mark with a scope hash; the first version wrote none. */
export function namesScope(mark: string): boolean {
  return mark.includes('/')
}

/** True if the mark belongs to this scope; then a former name in the file is enough to take it over. */
export function isOfScope(mark: string, { privateLinkScope }: Owner): boolean {
  return mark === markOf(nameIn(mark), privateLinkScope.id.key)
}

function scopeHash(scopeKey: string): string {
  return sha256Hex(idKey(scopeKey), 8)
}

/** Valid names of a topology (contract section 1). */
export const topologyName = /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/

/** The mark in a description, ours or not. */
export function markInDescription(description: string): string | undefined {
  return anyMark.exec(description)?.[1] ?? firstMark.exec(description)?.[1]
}

const anyMark = /^Managed by azure-monitor-private-link \(([a-z0-9-]+\/[0-9a-f]{8})\)$/
/** The first version's form, without a scope hash. */
const firstMark = /^Managed by azure-monitor-private-link \(topology: (.+)\)$/

/** Every description that can mark an association as ours, for a search in Azure. */
export function ownDescriptions(owner: Owner): readonly string[] {
  const { own, former, unscoped } = marksOf(owner)
  return [
    ...[own, ...former].map(ownershipDescription),
    ...[...unscoped].map((name) => `Managed by azure-monitor-private-link (topology: ${name})`),
  ]
}
