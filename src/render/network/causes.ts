import { groupBy } from '../../resources/group.ts'
import type { NetworkCheck } from '../../egress/inside/networkCheck.ts'
import type { CheckedName } from '../../egress/inside/checkedName.ts'
import type { Section } from '../text/limit.ts'
import { bold, code, text } from '../text/markdown.ts'
import { capital, listedBy, plural } from '../text/words.ts'

/** One item per cause: the affected names, why, and what to do. */
export function renderCauses({ names }: NetworkCheck): readonly Section[] {
  const flawed = names.filter(({ cause }) => cause !== undefined)
  if (flawed.length === 0) return []
  const groups = groupBy(flawed, ({ cause }) => JSON.stringify(cause))
  return [
    {
      type: 'list',
      head: '### Why, and what to do',
      items: [...groups.values()].toSorted((a, b) => weightOf(b) - weightOf(a)).map(renderGroup),
      tail: '',
      weight: 2,
    },
  ]
}

/** Causes that fail the check come first, then those that affect most names. */
function weightOf(group: readonly CheckedName[]): number {
  return group.length + (group.some(({ isPublic }) => isPublic === 'never') ? 1_000_000 : 0)
}

function renderGroup(group: readonly CheckedName[]): string {
  const cause = group[0]?.cause
  if (cause === undefined) return ''
  const which = listedBy(group, ({ name }) => code(name, 300), 4)
  const count = group.length > 1 ? ` (${plural(group.length, 'name')})` : ''
  return `- ${bold(capital(cause.kind))}${count}: ${which}. ${text(cause.text)}\n  **To do:** ${text(cause.remedy)}`
}
