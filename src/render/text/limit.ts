import { sum, thousands } from './words.ts'

/** A piece of a document, in display order. */
export type Section = Whole | Optional | List

/** Always included, never cut. */
export interface Whole {
  readonly type: 'whole'
  readonly text: string
}

/** Included if it fits, else replaced by `instead`. Takes room before the lists. */
export interface Optional {
  readonly type: 'optional'
  readonly text: string
  readonly instead: string
}

/** As many items as fit; a last item says how many more there are, and where. */
export interface List {
  readonly type: 'list'
  /** Markup before the items, such as an opened `<details>`; closed by `tail`. */
  readonly head: string
  /** Each is complete markup, so that a cut between two items leaves the markup balanced. */
  readonly items: readonly string[]
  readonly tail: string
  /** Its share of the room, relative to the other lists. */
  readonly weight: number
  /**
   * Dropped entirely if its head does not fit. Other lists keep their head and the number of items.
   */
  readonly droppable?: boolean
}

/** Measures a text in characters or bytes. */
export type Measure = (text: string) => number

const gap = '\n\n'

/**
 * Joins the sections to a text of at most `budget`, cutting only between list items; `elsewhere`
 * says where the rest is. Whole sections get room first, then optional ones, then the lists by
 * weight. Room that a list doesn't need goes to the others.
 */
export function fit(
  sections: readonly Section[],
  budget: number,
  elsewhere: string,
  measure: Measure = (text) => text.length,
): string {
  let left = budget - sum(sections.map((section) => smallest(section, elsewhere, measure)))
  const dropped = new Set<Section>()
  for (const section of sections.toReversed()) {
    if (left >= 0) break
    if (section.type !== 'list' || section.droppable !== true) continue
    dropped.add(section)
    left += smallest(section, elsewhere, measure)
  }
  const texts = new Map<Section, string>()
  for (const section of sections) {
    if (section.type !== 'optional') continue
    const more = measure(section.text) - measure(section.instead)
    texts.set(section, more <= left ? section.text : section.instead)
    if (more <= left) left -= more
  }
  const lists = sections.filter((section) => section.type === 'list' && !dropped.has(section))
  const shares = share(lists.filter(isList), left, measure)
  return sections
    .filter((section) => !dropped.has(section))
    .map((section) => {
      if (section.type === 'whole') return section.text
      if (section.type === 'optional') return texts.get(section) ?? section.instead
      return cut(section, shares.get(section) ?? 0, elsewhere, measure)
    })
    .filter((text) => text !== '')
    .join(gap)
}

function isList(section: Section): section is List {
  return section.type === 'list'
}

function smallest(section: Section, elsewhere: string, measure: Measure): number {
  switch (section.type) {
    case 'whole':
      return measure(section.text) + gap.length
    case 'optional':
      return measure(section.instead) + gap.length
    case 'list':
      return measure(assemble(section, [restOf(section.items.length, elsewhere)])) + gap.length
  }
}

/** The room of each list beyond its smallest form: what it needs, up to its share. */
function share(lists: readonly List[], room: number, measure: Measure): Map<List, number> {
  const needs = new Map(lists.map((list) => [list, sum(list.items.map((i) => measure(i) + 1))]))
  const shares = new Map<List, number>()
  let open = [...lists]
  let left = Math.max(0, room)
  for (;;) {
    const weights = sum(open.map((list) => list.weight))
    const part = (list: List) => Math.floor((left * list.weight) / weights)
    const content = open.filter((list) => (needs.get(list) ?? 0) <= part(list))
    if (content.length === 0) {
      for (const list of open) shares.set(list, part(list))
      return shares
    }
    for (const list of content) shares.set(list, needs.get(list) ?? 0)
    left -= sum(content.map((list) => needs.get(list) ?? 0))
    open = open.filter((list) => !content.includes(list))
  }
}

function cut(list: List, room: number, elsewhere: string, measure: Measure): string {
  const kept: string[] = []
  let used = 0
  for (const item of list.items) {
    used += measure(item) + 1
    if (used > room) break
    kept.push(item)
  }
  const hidden = list.items.length - kept.length
  return assemble(list, hidden > 0 ? [...kept, restOf(hidden, elsewhere)] : kept)
}

/** The item that replaces those that did not fit. */
function restOf(hidden: number, elsewhere: string): string {
  return `- … and ${thousands(hidden)} more: see ${elsewhere}.`
}

function assemble(list: List, items: readonly string[]): string {
  return [list.head, items.join('\n'), list.tail].filter((part) => part !== '').join(gap)
}
