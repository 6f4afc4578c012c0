import { compareText, normalLocation, parseResourceId } from '../resources/id.ts'
import type { SelectEntry, Topology } from '../topology/topology.ts'
import type { Estate } from './estate.ts'

/** True when a resource is what a select asks for; `exclude` is left to the caller's list of names. */
export function matchesSelect(
  select: SelectEntry,
  resource: {
    readonly id: string
    readonly location: string
    readonly tags: Readonly<Record<string, string>>
  },
): boolean {
  const id = parseResourceId(resource.id)
  if (id === undefined) return false
  const tags = new Map(Object.entries(resource.tags).map(([k, v]) => [k.toLowerCase(), v]))
  const group = id.resourceGroup.toLowerCase()
  return (
    select.types.includes(id.type) &&
    select.subscriptions.includes(id.subscription) &&
    (select.resourceGroups?.some((g) => g.toLowerCase() === group) ?? true) &&
    (select.locations?.includes(normalLocation(resource.location)) ?? true) &&
    Object.entries(select.tags ?? {}).every(([k, v]) => tags.get(k.toLowerCase()) === v) &&
    !select.exclude.some((e) => e.key === id.key)
  )
}

/** Which of the targets found each select of the file matches: Resource Graph narrows, this decides. */
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
