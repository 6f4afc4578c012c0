import type { Diagnostic } from '../../diagnostics.ts'
import { idKey, nameOf } from '../../resources/id.ts'
import type { Desired } from '../../rules/derive.ts'
import { pointAt } from '../../rules/world.ts'

/**
 * Reports each new link whose name already belongs to a link to another resource: writing it would
 * unlink that resource (contract section 5, `link-name-taken`).
 */
export function findTakenNames({ world, wants }: Desired): readonly Diagnostic[] {
  const { topology, estate } = world
  const linked = new Set(estate.links.map((link) => idKey(link.linkedResourceId)))
  const byId = new Map(estate.links.map((link) => [idKey(link.id), link]))
  return [...wants.values()].flatMap(({ resource }): readonly Diagnostic[] => {
    if (resource.kind !== 'scopedResource' || linked.has(idKey(resource.linkedResourceId)))
      return []
    const taken = byId.get(idKey(resource.id))
    if (taken === undefined) return []
    const { privateLinkScope } = topology
    return [
      {
        severity: 'error',
        code: 'link-name-taken',
        message: `The link to ${nameOf(resource.linkedResourceId)} would get the name ${taken.name}, but in the scope ${privateLinkScope.id.name} that name already belongs to the link to ${nameOf(taken.linkedResourceId)}. Writing it would unlink ${nameOf(taken.linkedResourceId)}.`,
        remedy: `If ${nameOf(taken.linkedResourceId)} is still needed, link it under another name. Remove the link ${taken.name} (az monitor private-link-scope scoped-resource delete), then plan again.`,
        resource: taken.id,
        ...pointAt(topology, privateLinkScope.at),
      },
    ]
  })
}
