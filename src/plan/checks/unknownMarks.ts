import type { Diagnostic } from '../../diagnostics.ts'
import { pushTo } from '../../resources/group.ts'
import { compareText, idKey, nameOf } from '../../resources/id.ts'
import { foundEndpoint } from '../../estate/live.ts'
import {
  associationMark,
  endpointMark,
  isMarkedOurs,
  isMarkedWithoutScope,
  isOurEndpoint,
  isOurLink,
  linkMark,
} from '../../estate/ownership.ts'
import { isOfScope, nameIn, namesScope } from '../../resources/ownership.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'
import type { Topology } from '../../topology/topology.ts'

/**
 * Finds objects in the scope or at targets of the file with the mark of a topology that no file of the
 * repository has (contract section 2, "Ownership"). A topology that was renamed or moved without
 * `formerNames` leaves them behind, and nothing would ever delete them.
 *
 * @param others marks of the other topology files of the run
 */
export function findUnknownMarks(
  desired: Desired,
  others: ReadonlySet<string>,
): readonly Diagnostic[] {
  const { topology } = desired.world
  const known = new Set([...others].map(nameIn))
  const found = new Map<string, Marked[]>()
  for (const one of listMarked(desired)) {
    // A mark without a scope hash may belong to a file with another scope.
    const isKnown = namesScope(one.mark) ? others.has(one.mark) : known.has(one.mark)
    if (!isKnown) pushTo(found, lineFor(one.mark, topology), one)
  }
  return [...found]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([former, marked]) => explain(topology, former, marked))
}

/** An object with a mark that isn't ours. */
interface Marked {
  readonly id: string
  readonly mark: string
  /** Kind and name, such as `the endpoint dce-weu`. */
  readonly what: string
}

function listMarked({ world, named }: Desired): readonly Marked[] {
  const { topology, estate } = world
  const marked: Marked[] = []
  for (const link of estate.links) {
    const mark = isOurLink(link, topology) ? undefined : linkMark(link)
    if (mark !== undefined) marked.push({ id: link.id, mark, what: `the link ${link.name}` })
    const endpoint = foundEndpoint(estate, link.linkedResourceId)
    if (endpoint === undefined || isOurEndpoint(endpoint, topology)) continue
    const tag = endpointMark(endpoint)
    if (tag === undefined) continue
    marked.push({ id: endpoint.id, mark: tag, what: `the endpoint ${endpoint.name}` })
  }
  for (const key of named) {
    const association = estate.associations.get(key)
    if (association === undefined) continue
    const isOurs =
      isMarkedOurs(association, topology) || isMarkedWithoutScope(association, topology)
    const mark = isOurs ? undefined : associationMark(association)
    if (mark === undefined) continue
    const what = `the association of ${nameOf(association.target)}`
    marked.push({ id: association.id, mark, what })
  }
  return marked
}

/** The entry to add to `formerNames`: the name, or the whole mark if it belongs to another scope. */
function lineFor(mark: string, topology: Topology): string {
  return namesScope(mark) && !isOfScope(mark, topology) ? mark : nameIn(mark)
}

function explain(topology: Topology, former: string, marked: readonly Marked[]): Diagnostic {
  const sorted = marked.toSorted((a, b) => compareText(idKey(a.id), idKey(b.id)))
  const names = sorted.slice(0, 3).map(({ what }) => what)
  const more = sorted.length > 3 ? `, and ${sorted.length - 3} more` : ''
  const line = `formerNames: [${[...topology.formerNames, former].join(', ')}]`
  const objects = sorted.length === 1 ? '1 object has' : `${sorted.length} objects have`
  const whose =
    former === topology.name
      ? `the mark "${former}" in the form of the first version, without a scope`
      : `the mark of a topology "${former}" that no topology file of this repository has`
  return {
    severity: 'warning',
    code: 'marked-by-unknown-topology',
    message: `${objects} ${whose}: ${names.join(', ')}${more}. They are neither changed nor deleted.`,
    remedy: `If this file is that topology under another name or for another scope, add the line ${line}; the next plan then takes them over. If they belong to another repository, ignore this warning.`,
    resource: topology.privateLinkScope.id.text,
    ...pointAt(topology, topology.privateLinkScope.at),
  }
}
