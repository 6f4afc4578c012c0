import type { Estate } from '../estate/estate.ts'
import type { ResourceId } from '../resources/id.ts'
import { topologyName } from '../resources/ownership.ts'
import { findMarks } from './marks.ts'
import type { Notebook } from './notebook.ts'

/**
 * Chooses the topology's name: the given name, else the single mark found in the scope, else one
 * made from the scope's name. Notes which other topologies have marked resources of this scope.
 */
export function chooseName(
  estate: Estate,
  scope: ResourceId,
  given: string | undefined,
  { remarks }: Notebook,
): string {
  const marks = findMarks(estate, scope)
  const [single] = marks
  const name =
    given ?? (marks.length === 1 && single !== undefined ? single : fromScope(scope.name))
  const others = marks.filter((mark) => mark !== name)
  if (others.length > 0) {
    remarks.name.push(
      `Some resources of this scope carry the mark of ${others.join(' and ')} and are used as they are. To take them over, add this line: formerNames: [${others.join(', ')}]`,
    )
  }
  return name
}

/** The longest name that a topology may have. */
const longest = 20

/** `AMPLS.Hub_01` becomes `ampls-hub-01`. */
function fromScope(scope: string): string {
  const clean = scope
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  const name = /^[a-z]/.test(clean) ? clean : `scope-${clean}`
  const cut = name.slice(0, longest).replace(/-+$/, '')
  return topologyName.test(cut) ? cut : `scope-${cut}`.slice(0, longest)
}
