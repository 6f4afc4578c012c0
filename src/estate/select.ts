import { compareText, normalLocation, parseResourceId } from '../resources/id.ts'
import type { SelectEntry, Topology } from '../topology/topology.ts'
import type { Estate } from './estate.ts'

/** The conditions of a select. */
export type SelectKey = 'subscriptions' | 'resourceGroups' | 'locations' | 'tags' | 'types'

interface Selectable {
  readonly id: string
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
}

/** True if a resource meets all conditions of a select and isn't excluded. */
export function matchesSelect(select: SelectEntry, resource: Selectable): boolean {
  if (!matchesKeys(select, resource)) return false
  const key = parseResourceId(resource.id)?.key
  return !select.exclude.some((e) => e.key === key)
}

/** True if a resource meets the conditions of a select, except those in `leftOut`; ignores exclusions. */
export function matchesKeys(
  select: SelectEntry,
  { id: text, location, tags }: Selectable,
  leftOut: readonly SelectKey[] = [],
): boolean {
  const id = parseResourceId(text)
  if (id === undefined) return false
  const meets = (key: SelectKey, isMet: boolean) => isMet || leftOut.includes(key)
  return (
    meets('types', select.types.includes(id.type)) &&
    meets('subscriptions', select.subscriptions.includes(id.subscription)) &&
    meets('resourceGroups', isIn(id.resourceGroup, select.resourceGroups)) &&
    meets('locations', isIn(normalLocation(location), select.locations)) &&
    meets('tags', hasTags(tags, select.tags))
  )
}

function isIn(value: string, wanted: readonly string[] | undefined): boolean {
  const key = value.toLowerCase()
  return wanted?.some((one) => one.toLowerCase() === key) ?? true
}

/** Compares tag names without case, values with case. */
function hasTags(tags: Selectable['tags'], wanted: SelectEntry['tags'] = {}): boolean {
  const entries = Object.entries(tags)
  return Object.entries(wanted).every(([name, value]) =>
    entries.some(([k, v]) => k.toLowerCase() === name.toLowerCase() && v === value),
  )
}

/** The keys of the targets that each select matches. Resource Graph only preselects; this function decides. */
export function select(
  topology: Pick<Topology, 'selects'>,
  estate: Estate,
): readonly (readonly string[])[] {
  return topology.selects.map((entry) =>
    [...estate.targets]
      .filter(([, r]) => r.state === 'found' && matchesSelect(entry, r.value))
      .map(([key]) => key)
      .toSorted(compareText),
  )
}
