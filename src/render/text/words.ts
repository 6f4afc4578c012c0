import type { Change } from '../../plan/plan.ts'
import { parseResourceId } from '../../resources/id.ts'

/** A number and its noun: `1 machine`, `3,000 machines`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${thousands(count)} ${count === 1 ? noun : many}`
}

/** A whole number with commas: `3,000`. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `a`, `a and b`, `a, b and c`; beyond `max`, `a, b and 7 more`. The texts are Markdown already. */
export function listed(texts: readonly string[], max = 5): string {
  return listedBy(texts, (text) => text, max)
}

/** Like `listed`, calling `show` only for the items that are listed. */
export function listedBy<T>(items: readonly T[], show: (item: T) => string, max = 5): string {
  const shown = items.length > max ? items.slice(0, Math.max(1, max - 1)) : items
  const more = items.length - shown.length
  const all = [...shown.map(show), ...(more > 0 ? [`${thousands(more)} more`] : [])]
  if (all.length < 2) return all.join('')
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`
}

/** Capitalizes the first letter. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

/** Adds a full stop if the text has no end mark. */
export function sentence(words: string): string {
  const trimmed = words.trim()
  return trimmed === '' || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`
}

/** The noun for a target, by the type in its id. */
export function targetNoun(id: string): 'cluster' | 'machine' {
  const type = parseResourceId(id)?.type ?? ''
  return type.endsWith('/managedclusters') || type.endsWith('/connectedclusters')
    ? 'cluster'
    : 'machine'
}

/** `3 machines and 1 cluster`, for the targets with these ids. */
export function countTargets(ids: readonly string[]): string {
  const clusters = ids.filter((id) => targetNoun(id) === 'cluster').length
  const machines = ids.length - clusters
  return listed([
    ...(machines > 0 ? [plural(machines, 'machine')] : []),
    ...(clusters > 0 ? [plural(clusters, 'cluster')] : []),
  ])
}

/**
 * The resource that a change is about: the target of an association, the linked resource of a link,
 * else the object itself.
 */
export function subjectOf(change: Change): string {
  const resource = change.after ?? change.before
  if (resource.kind === 'association') return resource.target
  if (resource.kind === 'scopedResource') return resource.linkedResourceId
  return change.id
}

/** `2026-01-02 13:05 UTC` from an ISO 8601 time in UTC; `undefined` for anything else. */
export function pointInTime(iso: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|\+00:00)$/.exec(iso)
  return match ? `${match[1] ?? ''} ${match[2] ?? ''} UTC` : undefined
}

/** The sum of the numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
