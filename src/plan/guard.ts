import { pushTo } from '../resources/group.ts'
import { idKey } from '../resources/id.ts'
import {
  type Capability,
  holds,
  type NetworkState,
  type Outlook,
  stateAfter,
} from './capabilities.ts'
import { closesIngestion, isOpening, type OrderedDraft } from './order.ts'

/** A way in which an order of changes would cut off a target. */
export interface Breach {
  /** Resource id of the target. */
  readonly target: string
  readonly capability: string
  /** Keys of the changes after which the capability is lost, in some run that may be killed anywhere. */
  readonly after: readonly string[]
}

/**
 * Proves that no run of these changes, killed at any point, takes a capability from a target that has
 * it before and should have it after (contract section 4, promise 3). A run makes changes in any order
 * that respects `dependsOn` and may stop at any point, so the reachable states are those of every set
 * of changes that is closed under `dependsOn`. Only few changes affect one capability, so all sets of
 * them can be checked. Proves in the same way that Open is written first, and that PrivateOnly is
 * written only when no target loses a capability by it.
 *
 * @returns an empty list if proven
 */
export function guard(outlook: Outlook, changes: readonly OrderedDraft[]): readonly Breach[] {
  const { before } = outlook
  const requirements = requirementsOf(changes)
  return [
    ...(changes.some(takesAway) ? findLosses(outlook, changes, requirements) : []),
    ...findUnlinkedAssociations(before, changes, requirements),
    ...changes
      .filter(closesIngestion)
      .flatMap((c) => findDarkAt(c, outlook, changes, requirements)),
    ...changes.filter(isOpening).flatMap((c) => findBefore(c, changes, requirements)),
  ]
}

function findLosses(
  { before, after, capabilities }: Outlook,
  changes: readonly OrderedDraft[],
  requirements: Requirements,
): readonly Breach[] {
  const touching = indexByObject(changes)
  const breaches: Breach[] = []
  for (const capability of capabilities) {
    if (!holds(capability, before) || !holds(capability, after)) continue
    const relevant = relevantChanges(capability, before, after, touching)
    if (!relevant.some(takesAway)) continue
    const local = localState(capability, before, after)
    const lost = findLoss(capability, local, relevant, requirements, nothing)
    if (lost !== undefined) {
      const { target, kind } = capability
      breaches.push({ target: target.target.id, capability: kind, after: lost })
    }
  }
  return breaches
}

const nothing: ReadonlySet<string> = new Set()

/**
 * Finds capabilities that don't hold yet when ingestion is set to PrivateOnly as early as the order
 * allows. Capabilities that don't hold even after the whole plan are reported as `blackout` instead.
 */
function findDarkAt(
  closing: OrderedDraft,
  { before, after, capabilities }: Outlook,
  changes: readonly OrderedDraft[],
  requirements: Requirements,
): readonly Breach[] {
  const touching = indexByObject(changes)
  const done = new Set([...closing.dependsOn, ...requirements(closing.key)])
  return capabilities.flatMap((capability): readonly Breach[] => {
    if (!holds(capability, after)) return []
    const relevant = relevantChanges(capability, before, after, touching)
    const local = localState(capability, before, after)
    const missing = findLoss(capability, local, relevant, requirements, done)
    if (missing === undefined) return []
    const { target, kind } = capability
    const early = `${kind}, closed too early`
    return [{ target: target.target.id, capability: early, after: [...missing, closing.key] }]
  })
}

/** Finds changes that could be written before a mode is set to Open, which must come first. */
function findBefore(
  opening: OrderedDraft,
  changes: readonly OrderedDraft[],
  requirements: Requirements,
): readonly Breach[] {
  return changes
    .filter((c) => !isOpening(c) && !requirements(c.key).has(opening.key))
    .map((c) => ({ target: opening.id, capability: 'change before Open', after: [c.key] }))
}

type Touching = ReadonlyMap<string, readonly OrderedDraft[]>
/** Returns the keys of all changes that the change with this key waits for. */
type Requirements = (key: string) => ReadonlySet<string>

/** Indexes changes by the object they affect: an endpoint, a linked resource or a target's association. */
function indexByObject(changes: readonly OrderedDraft[]): Touching {
  const touching = new Map<string, OrderedDraft[]>()
  for (const change of changes) {
    const key = touched(change)
    if (key === undefined) continue
    pushTo(touching, key, change)
  }
  return touching
}

/** Key of the object that a change affects; `undefined` for modes, which are checked separately. */
function touched(change: OrderedDraft): string | undefined {
  const object = change.after ?? change.before
  switch (object.kind) {
    case 'dataCollectionEndpoint':
      return idKey(object.id)
    case 'scopedResource':
      return idKey(object.linkedResourceId)
    case 'association':
      return `at ${idKey(object.target)}`
    case 'accessModes':
      return undefined
  }
}

function relevantChanges(
  capability: Capability,
  before: NetworkState,
  after: NetworkState,
  touching: Touching,
): readonly OrderedDraft[] {
  const { key } = capability.target
  const objects =
    capability.kind === 'configuration'
      ? [`at ${key}`, before.associations.get(key), after.associations.get(key)]
      : [capability.through]
  return [...new Set(objects)].flatMap((object) => touching.get(object ?? '') ?? [])
}

/** True for changes that can remove a capability: deletes and replacements. */
function takesAway(change: OrderedDraft): boolean {
  return change.action === 'delete' || change.action === 'replace'
}

/** The part of the state that affects one capability; small enough to copy for every set of changes. */
function localState(
  capability: Capability,
  before: NetworkState,
  after: NetworkState,
): NetworkState {
  const { key } = capability.target
  const association = before.associations.get(key)
  const objects = [association, after.associations.get(key), capability.through].filter(
    (object) => object !== undefined,
  )
  const endpoints = objects.flatMap((object) => {
    const location = before.endpoints.get(object)
    return location === undefined ? [] : [[object, location] as const]
  })
  return {
    endpoints: new Map(endpoints),
    links: new Set(objects.filter((object) => before.links.has(object))),
    associations: new Map(association === undefined ? [] : [[key, association]]),
    held: heldAt(key, before),
  }
}

function heldAt(key: string, { held }: NetworkState): ReadonlyMap<string, string> {
  const rule = held.get(key)
  return new Map(rule === undefined ? [] : [[key, rule]])
}

/** The first set of changes after which the capability is lost; the sets are closed under `dependsOn` and contain all changes in `done`. */
function findLoss(
  capability: Capability,
  before: NetworkState,
  relevant: readonly OrderedDraft[],
  requirements: Requirements,
  done: ReadonlySet<string>,
): readonly string[] | undefined {
  for (const subset of closedSubsets(relevant, requirements, done)) {
    if (!holds(capability, stateAfter(before, subset))) return subset.map((change) => change.key)
  }
  return undefined
}

function* closedSubsets(
  changes: readonly OrderedDraft[],
  requirements: Requirements,
  done: ReadonlySet<string>,
): Generator<readonly OrderedDraft[]> {
  for (let bits = 0; bits < 2 ** changes.length; bits++) {
    const subset = changes.filter((_, index) => (bits & (1 << index)) !== 0)
    const chosen = new Set(subset.map((change) => change.key))
    if (changes.some(({ key }) => done.has(key) && !chosen.has(key))) continue
    const closed = subset.every(({ key }) =>
      changes.every((other) => chosen.has(other.key) || !requirements(key).has(other.key)),
    )
    if (closed) yield subset
  }
}

/** Computes the transitive dependencies of changes, on demand. */
function requirementsOf(changes: readonly OrderedDraft[]): Requirements {
  let byKey: ReadonlyMap<string, OrderedDraft> | undefined
  const known = new Map<string, ReadonlySet<string>>()
  const resolve = (key: string): ReadonlySet<string> => {
    const already = known.get(key)
    if (already !== undefined) return already
    byKey ??= new Map(changes.map((change) => [change.key, change]))
    const all = new Set<string>()
    known.set(key, all)
    for (const required of byKey.get(key)?.dependsOn ?? []) {
      all.add(required)
      for (const further of resolve(required)) all.add(further)
    }
    return all
  }
  return resolve
}

/** Finds associations that could be written before their endpoint exists and is linked. */
function findUnlinkedAssociations(
  before: NetworkState,
  changes: readonly OrderedDraft[],
  requirements: Requirements,
): readonly Breach[] {
  const touching = indexByObject(changes.filter(({ kind }) => kind !== 'association'))
  const breaches: Breach[] = []
  for (const change of changes) {
    if (change.kind !== 'association' || change.after === null) continue
    const endpoint = idKey(change.after.endpointId ?? '')
    const needed = (touching.get(endpoint) ?? []).filter((c) => c.action !== 'delete')
    const first = needed.filter(
      (c) => change.dependsOn.includes(c.key) || requirements(change.key).has(c.key),
    )
    const linked = before.links.has(endpoint) || first.some((c) => c.kind === 'scopedResource')
    const exists =
      before.endpoints.has(endpoint) || first.some((c) => c.kind === 'dataCollectionEndpoint')
    if (linked && exists) continue
    breaches.push({
      target: change.after.target,
      capability: exists ? 'association before link' : 'association before endpoint',
      after: [change.key],
    })
  }
  return breaches
}
