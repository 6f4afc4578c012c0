import { pushTo } from '../resources/group.ts'
import { compareText, idKey } from '../resources/id.ts'
import type { AccessModes, Kind } from '../resources/resource.ts'
import type { Draft } from './draft.ts'
import type { Action } from './plan.ts'

/** A draft with what must be done before it. */
export type OrderedDraft = Draft & { readonly dependsOn: readonly string[] }

/**
 * Adds dependencies to every change, so that no target is cut off during an apply (contract section 4,
 * promise 3), and sorts the changes so that each comes after its dependencies:
 *
 * | change | waits for |
 * |---|---|
 * | a mode to Open | nothing; everything else waits for it |
 * | endpoint create | the change to Open |
 * | endpoint update that disables public access | the link of that endpoint |
 * | link create, update | its endpoint's create |
 * | association create, replace | its endpoint's create and link |
 * | a mode to PrivateOnly | every create, every replace, every link |
 * | association delete | the change to Open |
 * | link delete | every association that leaves that endpoint, or that holds a rule by mistake |
 * | endpoint delete | its link's delete, and every association that leaves it |
 */
export function order(drafts: readonly Draft[]): readonly OrderedDraft[] {
  const index = indexDrafts(drafts)
  return drafts
    .map((d) => ({ d, stage: stage(d), id: idKey(d.id) }))
    .toSorted(
      (a, b) => a.stage - b.stage || compareText(a.id, b.id) || compareText(a.d.key, b.d.key),
    )
    .map(({ d }) => ({
      ...d,
      dependsOn: [...new Set(dependencies(d, index))].toSorted(compareText),
    }))
}

interface Index {
  readonly all: readonly Draft[]
  readonly opening: readonly string[]
  /** Creates, by the key of the endpoint. */
  readonly creates: ReadonlyMap<string, string>
  /** Link creates and updates, by the key of the linked resource. */
  readonly links: ReadonlyMap<string, string>
  /** Link deletes, by the key of the linked resource. */
  readonly unlinks: ReadonlyMap<string, string>
  /** Association replaces and deletes, by the key of the previous endpoint. */
  readonly leaves: ReadonlyMap<string, readonly string[]>
  /** Changes of associations that held a rule; that rule may send through any endpoint to any workspace. */
  readonly drops: readonly string[]
}

function indexDrafts(drafts: readonly Draft[]): Index {
  const creates = new Map<string, string>()
  const links = new Map<string, string>()
  const unlinks = new Map<string, string>()
  const leaves = new Map<string, string[]>()
  for (const d of drafts) {
    switch (d.kind) {
      case 'dataCollectionEndpoint':
        if (d.action === 'create') creates.set(idKey(d.id), d.key)
        break
      case 'scopedResource':
        if (d.action === 'delete') unlinks.set(idKey(d.before.linkedResourceId), d.key)
        else links.set(idKey(d.after.linkedResourceId), d.key)
        break
      case 'association':
        if (d.before?.endpointId !== undefined) pushTo(leaves, idKey(d.before.endpointId), d.key)
        break
      case 'accessModes':
        break
    }
  }
  return {
    all: drafts,
    opening: drafts.filter(isOpening).map((d) => d.key),
    creates,
    links,
    unlinks,
    leaves,
    drops: drafts
      .filter((d) => d.kind === 'association' && d.before?.ruleId !== undefined)
      .map((d) => d.key),
  }
}

function dependencies(d: Draft, index: Index): readonly string[] {
  if (isOpening(d)) return []
  if (isClosing(d))
    return [...index.opening, ...index.all.filter(gatesPrivateOnly).map((o) => o.key)]
  return [...index.opening, ...ownDependencies(d, index)]
}

function ownDependencies(d: Draft, index: Index): readonly string[] {
  const made = (id: string) => present(index.creates.get(idKey(id)))
  const linked = (id: string) => present(index.links.get(idKey(id)))
  const left = (id: string) => index.leaves.get(idKey(id)) ?? []
  switch (d.kind) {
    case 'dataCollectionEndpoint':
      if (d.action === 'delete') return [...present(index.unlinks.get(idKey(d.id))), ...left(d.id)]
      return closesPublicAccess(d) ? linked(d.id) : []
    case 'scopedResource':
      return d.action === 'delete'
        ? [...left(d.before.linkedResourceId), ...index.drops]
        : made(d.after.linkedResourceId)
    case 'association':
      return d.after?.endpointId !== undefined
        ? [...made(d.after.endpointId), ...linked(d.after.endpointId)]
        : []
    case 'accessModes':
      return []
  }
}

function present(key: string | undefined): readonly string[] {
  return key === undefined ? [] : [key]
}

/** True for a write that sets a mode to Open, which comes before everything else. */
export function isOpening(d: Draft): boolean {
  return movesTo(d, 'Open')
}

/** True for a write that sets a mode to PrivateOnly, which comes after everything else. */
export function isClosing(d: Draft): boolean {
  return movesTo(d, 'PrivateOnly')
}

/** True for the write that sets ingestion to PrivateOnly, which cuts off every target without a private path. */
export function closesIngestion(d: Draft): boolean {
  if (d.kind !== 'accessModes') return false
  return d.after.ingestion === 'PrivateOnly' && d.before.ingestion !== 'PrivateOnly'
}

function movesTo(d: Draft, mode: AccessModes['ingestion']): boolean {
  if (d.kind !== 'accessModes') return false
  return (
    (d.after.ingestion === mode && d.before.ingestion !== mode) ||
    (d.after.query === mode && d.before.query !== mode)
  )
}

function closesPublicAccess(d: Draft): boolean {
  return (
    d.kind === 'dataCollectionEndpoint' &&
    d.action === 'update' &&
    d.after.publicNetworkAccess === 'Disabled' &&
    d.before.publicNetworkAccess !== 'Disabled'
  )
}

/** True for changes that PrivateOnly must wait for: those that can give a target a private path. */
function gatesPrivateOnly(d: Draft): boolean {
  if (d.kind === 'accessModes' || d.action === 'delete') return false
  return d.kind !== 'dataCollectionEndpoint' || d.action === 'create'
}

const stages: Record<Kind, Record<Action, number>> = {
  accessModes: { create: 0, update: 0, replace: 0, delete: 0 },
  dataCollectionEndpoint: { create: 1, update: 4, replace: 4, delete: 7 },
  scopedResource: { create: 2, update: 2, replace: 2, delete: 6 },
  association: { create: 3, update: 3, replace: 3, delete: 5 },
}

function stage(d: Draft): number {
  if (isClosing(d)) return 8
  return stages[d.kind][d.action]
}
