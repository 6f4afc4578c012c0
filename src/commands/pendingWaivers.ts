import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology, Waiver } from '../topology/topology.ts'

/** The file on the base branch, as far as GitHub could show it. */
export type BaseText =
  | { readonly state: 'found'; readonly text: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' }

/**
 * Finds the waivers that the pull request adds or extends: they count only after the merge. When the base branch
 * can't be read, no waiver is provably older, so all are held back and the caller says so.
 */
export function findPendingWaivers(topology: Topology, base: BaseText, today: string): number[] {
  if (base.state === 'unknown') return topology.waivers.map((_, index) => index)
  const known =
    base.state === 'found'
      ? (parseTopology(base.text, { file: topology.file, today }).topology?.waivers ?? [])
      : []
  const before = new Set(known.map(meaning))
  return topology.waivers.flatMap((waiver, index) => (before.has(meaning(waiver)) ? [] : [index]))
}

/** What a waiver allows; its reason doesn't matter. */
function meaning({ code, resource, expires }: Waiver): string {
  return JSON.stringify([code, resource?.key ?? resource?.text.toLowerCase() ?? null, expires])
}
