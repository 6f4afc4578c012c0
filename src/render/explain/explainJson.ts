import type { Chain } from '../../explain/chain.ts'

/** The file of the output `explain-json`, format version 1 (contract section 12). */
export function renderExplainJson({ target, links }: Chain): string {
  const json = {
    formatVersion: 1,
    target,
    links: links.map(({ link, state, detail, remedy, command }) => ({
      link,
      state,
      detail,
      remedy: command === undefined || remedy.endsWith(command) ? remedy : `${remedy} ${command}`,
    })),
  }
  return `${JSON.stringify(json, null, 2)}\n`
}
