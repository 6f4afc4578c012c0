import type { Change, Unmanaged } from '../../plan/plan.ts'
import { differences } from './differences.ts'
import type { List } from '../text/limit.ts'
import { code, text } from '../text/markdown.ts'
import type { View } from '../view.ts'
import { plural, sentence } from '../text/words.ts'

/** Folded at the end: every change with its full id and values, and unmanaged objects. */
export function renderIds(view: View): List[] {
  const changes = view.changes
  const unmanaged = view.plan?.unmanaged ?? []
  return [
    ...(changes.length > 0
      ? [folded('Full resource ids, before and after', changes.map(renderChange))]
      : []),
    ...(unmanaged.length > 0
      ? [
          folded(
            `${plural(unmanaged.length, 'object')} in use here that this file does not manage`,
            unmanaged.map(renderUnmanaged),
          ),
        ]
      : []),
  ]
}

function folded(summary: string, items: readonly string[]): List {
  return {
    type: 'list',
    head: `<details>\n<summary>${summary}</summary>`,
    items,
    tail: '</details>',
    weight: 1,
    droppable: true,
  }
}

function renderChange({ action, id, before, after }: Change): string {
  const fields = differences(before, after).map(({ field, before: old, after: wanted }) => {
    if (before === null) return `${field}: ${wanted}`
    return after === null ? `${field}: ${old}` : `${field}: ${old} → ${wanted}`
  })
  return [`- ${action} ${code(id)}`, ...fields.map((field) => `  - ${field}`)].join('\n')
}

function renderUnmanaged({ id, note }: Unmanaged): string {
  return `- ${code(id)}: ${text(sentence(note), 600)}`
}
