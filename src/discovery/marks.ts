import type { Endpoint, Estate } from '../estate/estate.ts'
import { associationMark, endpointMark, linkMark } from '../estate/ownership.ts'
import { compareText, idKey, type ResourceId } from '../resources/id.ts'
import { markOf, nameIn, topologyName } from '../resources/ownership.ts'

/** The names of all topologies whose mark appears in this scope, in order. */
export function findMarks(estate: Estate, scope: ResourceId): readonly string[] {
  const endpoints = [...estate.endpoints.values()].flatMap((reading) =>
    reading.state === 'found' ? [endpointMark(reading.value)] : [],
  )
  const associations = [...estate.associations.values()].map(associationMark)
  const marks = [...endpoints, ...associations].flatMap((mark) =>
    mark !== undefined && mark === markOf(nameIn(mark), scope.key) ? [nameIn(mark)] : [],
  )
  const links = estate.links.flatMap((link) => linkMark(link) ?? [])
  return [...new Set([...marks, ...links])]
    .filter((name) => topologyName.test(name))
    .toSorted(compareText)
}

/** The endpoints that carry this topology's mark, in order of id. */
export function ownedEndpoints(
  estate: Estate,
  name: string,
  scope: ResourceId,
): readonly Endpoint[] {
  const own = markOf(name, scope.key)
  return [...estate.endpoints.values()]
    .flatMap((reading) => (reading.state === 'found' ? [reading.value] : []))
    .filter((endpoint) => endpointMark(endpoint) === own)
    .toSorted((a, b) => compareText(idKey(a.id), idKey(b.id)))
}
