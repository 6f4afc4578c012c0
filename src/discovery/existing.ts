import type { Endpoint, Estate } from '../estate/estate.ts'
import { lookUp } from '../estate/reading.ts'
import { compareText, idKey, parseResourceId, type ResourceId } from '../resources/id.ts'
import { isWritable } from '../topology/print/reference.ts'
import type { Remarked } from '../topology/print/written.ts'
import type { FoundTarget } from './findTargets.ts'
import type { Linked } from './links.ts'
import { foundIn, type Notebook } from './notebook.ts'

/**
 * Chooses an endpoint for each region in which a target's association must move: the most used of
 * the endpoints that the scope links there. A region without one is left out, and the plan creates
 * an endpoint for it.
 */
export function chooseExisting(
  estate: Estate,
  linked: Linked,
  targets: readonly FoundTarget[],
  notebook: Notebook,
): readonly Remarked<{ readonly region: string; readonly id: ResourceId }>[] {
  const regions = new Set(
    targets.filter((t) => mustMove(estate, t, notebook)).map((t) => t.target.location),
  )
  const ranked = rank(estate, linked)
  return [...regions].toSorted(compareText).flatMap((region) => {
    const endpoint = ranked.find((one) => one.location === region)
    const id = endpoint === undefined ? undefined : parseResourceId(endpoint.id)
    return id === undefined ? [] : [{ value: { region, id }, remarks: [] }]
  })
}

/** True when a target is not associated with an endpoint in its region. */
function mustMove(estate: Estate, { key, target }: FoundTarget, notebook: Notebook): boolean {
  const endpointId = estate.associations.get(key)?.endpointId
  if (endpointId === undefined) return true
  const reading = lookUp(estate, 'endpoint', endpointId)
  const endpoint = foundIn(reading, notebook)
  // An endpoint that we cannot read may be the right one; the plan leaves it alone too.
  if (endpoint === undefined) return reading.state === 'missing'
  return endpoint.location !== target.location
}

/**
 * Most associations first; then workspaces' automatic endpoints, then those that no rule sends
 * through.
 */
function rank(estate: Estate, linked: Linked): readonly Endpoint[] {
  const used = new Map<string, number>()
  for (const { endpointId } of estate.associations.values()) {
    if (endpointId === undefined) continue
    used.set(idKey(endpointId), (used.get(idKey(endpointId)) ?? 0) + 1)
  }
  const sentThrough = new Set(
    [...estate.rules.values()].flatMap((reading) =>
      reading.state === 'found' && reading.value.endpointId !== undefined
        ? [idKey(reading.value.endpointId)]
        : [],
    ),
  )
  const uses = (key: string) => used.get(key) ?? 0
  const burden = (key: string) => (linked.automatic.has(key) ? 0 : sentThrough.has(key) ? 2 : 1)
  return [...linked.endpoints]
    .filter(([, { id }]) => {
      const parsed = parseResourceId(id)
      return parsed !== undefined && isWritable(parsed, 'existing')
    })
    .toSorted(([a], [b]) => uses(b) - uses(a) || burden(a) - burden(b) || compareText(a, b))
    .map(([, endpoint]) => endpoint)
}
