import type { Chain, ChainLink, LinkState } from '../../explain/chain.ts'
import { plain } from '../text/markdown.ts'

/** The sign of a link, as contract section 12 has it. */
export const linkSigns: Readonly<Record<LinkState, string>> = { ok: '✔', broken: '✘', unknown: '?' }

/** A chain for the log, a line a link. No line can be a workflow command. */
export function chainLines({ links }: Chain): readonly string[] {
  return links.map(sayLink)
}

function sayLink({ link, state, detail }: ChainLink): string {
  return plain(`${linkSigns[state]} ${link}: ${detail}`)
}
