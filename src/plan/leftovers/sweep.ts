import type { Diagnostic } from '../../diagnostics.ts'
import type { Question } from '../../estate/question.ts'
import type { Estate, Link } from '../../estate/estate.ts'
import { pushTo } from '../../resources/group.ts'
import { idKey } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Draft } from '../draft.ts'
import type { Unmanaged } from '../plan.ts'
import { findHidden } from './strays.ts'

/** State of one search for leftovers: its input, and its findings so far. */
export interface Sweep {
  readonly desired: Desired
  readonly topology: Topology
  readonly estate: Estate
  /** Names of unreadable resources, which may need anything; sorted. */
  readonly hidden: readonly string[]
  /** Links of the scope by the key of the linked resource. */
  readonly linksTo: ReadonlyMap<string, readonly Link[]>
  /** Keys of resources whose association this plan deletes. */
  readonly leaving: Set<string>
  readonly drafts: Draft[]
  readonly unmanaged: Unmanaged[]
  readonly diagnostics: Diagnostic[]
  readonly questions: Question[]
}

/** Starts a search. */
export function beginSweep(desired: Desired): Sweep {
  const { topology, estate } = desired.world
  return {
    desired,
    topology,
    estate,
    hidden: findHidden(desired),
    linksTo: linksByTarget(estate),
    leaving: new Set(),
    drafts: [],
    unmanaged: [],
    diagnostics: [],
    questions: [],
  }
}

function linksByTarget(estate: Estate): ReadonlyMap<string, readonly Link[]> {
  const links = new Map<string, Link[]>()
  for (const link of estate.links) pushTo(links, idKey(link.linkedResourceId), link)
  return links
}
