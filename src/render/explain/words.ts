import type { Chain, ChainLink, LinkState } from '../../explain/chain.ts'
import { plain } from '../text/markdown.ts'

/** The sign of a link's state (contract section 12). */
export const linkSigns: Readonly<Record<LinkState, string>> = { ok: '✔', broken: '✘', unknown: '?' }

/** A chain for the log, one line per link. No line can be a workflow command. */
export function chainLines({ links }: Chain): readonly string[] {
  return links.map(describeLink)
}

function describeLink({ link, state, detail }: ChainLink): string {
  return plain(`${linkSigns[state]} ${link}: ${detail}`)
}
