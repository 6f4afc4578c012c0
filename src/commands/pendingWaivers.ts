import { parseTopology } from '../topology/parseTopology.ts'
import type { Topology, Waiver } from '../topology/topology.ts'

/** The file on the base branch, as far as GitHub told. */
export type BaseText =
  | { readonly state: 'found'; readonly text: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown' }

/**
 * Which waivers of the file the pull request itself adds or extends: they count only once it is
 * merged. Where the base branch can't be read, none can be shown to be older: all are held back, and the
 * caller says so.
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

/** What a waiver allows; its reason is only words. */
function meaning({ code, resource, expires }: Waiver): string {
  return JSON.stringify([code, resource?.key ?? resource?.text.toLowerCase() ?? null, expires])
}
