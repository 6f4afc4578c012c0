import type { Diagnostic } from '../diagnostics.ts'
import type { Question } from '../estate/question.ts'
import type { Estate } from '../estate/estate.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import { isOurEndpoint, isOurLink } from '../estate/ownership.ts'
import type { Topology } from '../topology/topology.ts'
import type { Resource } from '../resources/resource.ts'
import { foundEndpoint } from '../estate/live.ts'
import type { Desired } from '../rules/derive.ts'
import type { Want } from '../rules/world.ts'
import { findLeftovers } from './leftovers/leftovers.ts'
import type { Unmanaged } from './plan.ts'
import { type Draft, draft } from './draft.ts'

import {
  type Comparer,
  comparers,
  isSucceeded,
  type Links,
  type ComparisonInput,
} from './comparers.ts'

export interface Comparison {
  readonly drafts: readonly Draft[]
  readonly unchanged: number
  readonly unmanaged: readonly Unmanaged[]
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}

/** Compares the desired with the live state; the same comparison serves every kind. */
export function compare(desired: Desired): Comparison {
  const { estate, topology } = desired.world
  const links = new Map(estate.links.map((link) => [idKey(link.linkedResourceId), link]))
  const drafts: Draft[] = []
  const unmanaged: Unmanaged[] = []
  let unchanged = 0
  for (const want of desired.wants.values()) {
    const found = compareOne(want, { estate, links, topology })
    drafts.push(...found)
    if (found.length === 0) unchanged++
    const foreign = noteForeign(want, estate, links, topology)
    if (foreign !== undefined) unmanaged.push(foreign)
  }
  const leftovers = findLeftovers(desired)
  return {
    drafts: [...drafts, ...leftovers.drafts],
    unchanged,
    unmanaged: [...unmanaged, ...leftovers.unmanaged].toSorted(
      (a, b) => compareText(a.kind, b.kind) || compareText(idKey(a.id), idKey(b.id)),
    ),
    diagnostics: leftovers.diagnostics,
    questions: leftovers.questions,
  }
}

/** Drafts for one desired object: a create if it doesn't exist, writes for what differs, none if it is as desired. */
function compareOne(want: Want, input: ComparisonInput): readonly Draft[] {
  // Safe cast: the comparer belongs to the resource's kind.
  const comparer = comparers[want.resource.kind] as Comparer<Resource>
  const live = comparer.find(want.resource, input)
  if (live === undefined) return [draft('create', null, want.resource, want)]
  const changed = live.changed === undefined ? {} : { changed: live.changed }
  return comparer
    .diff(live.object, want.resource, want, input)
    .map(({ action, before, after, why, step }) =>
      draft(action, before, { ...after, id: before.id }, why, {
        ...changed,
        ...(step === undefined ? {} : { step }),
      }),
    )
}

/** Notes a link or endpoint that satisfies a rule but isn't ours, and is therefore used as it is. */
function noteForeign(
  want: Want,
  estate: Estate,
  links: Links,
  topology: Topology,
): Unmanaged | undefined {
  if (want.resource.kind !== 'scopedResource') return undefined
  const link = links.get(idKey(want.resource.linkedResourceId))
  if (link !== undefined && isSucceeded(link) && !isOurLink(link, topology)) {
    const note = `Links ${nameOf(link.linkedResourceId)} under a name that isn't ours. It satisfies ${want.rule} and is used as it is.`
    return { id: link.id, kind: 'scopedResource', note }
  }
  const endpoint = foundEndpoint(estate, want.resource.linkedResourceId)
  if (endpoint === undefined || isOurEndpoint(endpoint, topology) || link !== undefined) {
    return undefined
  }
  return {
    id: endpoint.id,
    kind: 'dataCollectionEndpoint',
    note: `Used as it is for ${want.rule}, since it doesn't have our tag.`,
  }
}
