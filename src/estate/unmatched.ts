import { idKey, normalLocation, parseResourceId } from '../resources/id.ts'
import type { SelectEntry } from '../topology/topology.ts'
import type { Estate, Target } from './estate.ts'
import { matchesKeys, type SelectKey } from './select.ts'

/** A part of a select that matches nothing: the whole select, one of its values, or an exclusion. */
export interface Unmatched {
  readonly what: 'select' | 'value' | 'exclude'
  /** The key that prevents a match, if known. */
  readonly key?: SelectKey
  /** The value of that key; for a tag `name: value`, for an exclusion its id. */
  readonly value?: string
}

type Resource = Pick<Target, 'id' | 'location' | 'tags'>

/**
 * Finds the parts of a select that match nothing in Azure (contract section 5,
 * `select-matches-nothing`).
 *
 * @param selected keys of the resources that it selects
 */
export function findUnmatched(
  select: SelectEntry,
  selected: readonly string[],
  estate: Estate,
): readonly Unmatched[] {
  // Cached by `estate.selected`: each round of a plan asks again, and the answer changes only with it.
  if (estate.nearby === undefined) return computeUnmatched(select, selected, estate)
  const found = known.get(estate.selected) ?? new Map<SelectEntry, readonly Unmatched[]>()
  known.set(estate.selected, found)
  const unmatched = found.get(select) ?? computeUnmatched(select, selected, estate)
  found.set(select, unmatched)
  return unmatched
}

const known = new WeakMap<Estate['selected'], Map<SelectEntry, readonly Unmatched[]>>()

function computeUnmatched(
  select: SelectEntry,
  selected: readonly string[],
  estate: Estate,
): readonly Unmatched[] {
  const resources: Resource[] = [...estate.targets.values()].flatMap((reading) =>
    reading.state === 'found' ? [reading.value] : [],
  )
  const isSelected = new Set(selected)
  // Excluded resources match the select but aren't selected.
  const matched = resources.filter(
    (one) => isSelected.has(idKey(one.id)) || matchesKeys(select, one),
  )
  // A hidden subscription may have the missing resources; it gets its own warning.
  const isHidden = select.subscriptions.some((id) => estate.hiddenSubscriptions.has(id))
  if (matched.length === 0) return isHidden ? [] : findCulprits(select, estate.nearby ?? [])
  return [
    ...(isHidden ? [] : findIdleValues(select, matched)),
    ...findIdleExclusions(select, matched),
  ]
}

/** For a select that matches nothing: the values that no nearby resource has, or the whole select if each value has some. */
function findCulprits(select: SelectEntry, nearby: readonly Resource[]): readonly Unmatched[] {
  const around = nearby.filter((one) => matchesKeys(select, one, everyCondition))
  const culprits = valuesOf(select).filter(
    ({ key, value }) => !around.some((one) => hasValue(one, key, value)),
  )
  // Without nearby resources, no value can be singled out.
  if (around.length === 0 || culprits.length === 0) return [{ what: 'select' }]
  return culprits.map((culprit) => ({ what: 'select', ...culprit }))
}

const everyCondition: readonly SelectKey[] = ['resourceGroups', 'locations', 'tags']

function findIdleValues(select: SelectEntry, matched: readonly Resource[]): readonly Unmatched[] {
  // Tags are never idle: every match has all of them.
  return valuesOf(select)
    .filter(({ key }) => key !== 'tags')
    .filter(({ key, value }) => !matched.some((one) => hasValue(one, key, value)))
    .map((idle) => ({ what: 'value', ...idle }))
}

function findIdleExclusions(
  select: SelectEntry,
  matched: readonly Resource[],
): readonly Unmatched[] {
  const keys = new Set(matched.map((one) => idKey(one.id)))
  const isNone = matched.every((one) => select.exclude.some(({ key }) => key === idKey(one.id)))
  return [
    ...(isNone ? [{ what: 'select' } as const] : []),
    ...select.exclude
      .filter(({ key }) => !keys.has(key))
      .map(({ text }) => ({ what: 'exclude', value: text }) as const),
  ]
}

function valuesOf(
  select: SelectEntry,
): readonly { readonly key: SelectKey; readonly value: string }[] {
  return [
    ...select.subscriptions.map((value) => ({ key: 'subscriptions' as const, value })),
    ...(select.resourceGroups ?? []).map((value) => ({ key: 'resourceGroups' as const, value })),
    ...(select.locations ?? []).map((value) => ({ key: 'locations' as const, value })),
    ...Object.entries(select.tags ?? {}).map(([name, value]) => ({
      key: 'tags' as const,
      value: `${name}: ${value}`,
    })),
    ...select.types.map((value) => ({ key: 'types' as const, value })),
  ]
}

/** The values of a resource for a key of a select, written as in the file. */
export function valuesOfResource(resource: Resource, key: SelectKey): readonly string[] {
  const id = parseResourceId(resource.id)
  switch (key) {
    case 'subscriptions':
      return [id?.subscription ?? '']
    case 'resourceGroups':
      return [id?.resourceGroup ?? '']
    case 'locations':
      return [normalLocation(resource.location)]
    case 'types':
      return [id?.type ?? '']
    case 'tags':
      return Object.entries(resource.tags).map(([name, value]) => `${name}: ${value}`)
  }
}

function hasValue(resource: Resource, key: SelectKey, value: string): boolean {
  const plain = (text: string) =>
    key === 'tags' ? text.replace(/^[^:]*/, (name) => name.toLowerCase()) : text.toLowerCase()
  return valuesOfResource(resource, key).some((word) => plain(word) === plain(value))
}
