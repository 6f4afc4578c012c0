import type { ConfigurationAssociation } from '../../estate/estate.ts'
import { compareText, idKey, nameOf, sameId } from '../../resources/id.ts'
import {
  associationMark,
  isMarkedOurs,
  isMarkedWithoutScope,
  isOurEndpoint,
} from '../../estate/ownership.ts'
import type { Desired } from '../../rules/derive.ts'
import { foundEndpoint } from '../../estate/live.ts'

/**
 * All known configuration associations on resources outside the file, from Resource Graph and from the
 * endpoints' own lists, sorted by target.
 */
export function strayAssociations(desired: Desired): readonly [string, ConfigurationAssociation][] {
  const { estate } = desired.world
  const strays = new Map<string, ConfigurationAssociation>()
  for (const [key, association] of estate.associations) {
    if (!desired.named.has(key)) strays.set(key, association)
  }
  for (const uses of estate.uses.values()) {
    for (const association of uses.associations) {
      const key = idKey(association.target)
      if (!desired.named.has(key) && !strays.has(key)) strays.set(key, association)
    }
  }
  return [...strays].toSorted(([a], [b]) => compareText(a, b))
}

/**
 * True if the association has our mark, or points to an endpoint of ours and has no other topology's
 * mark. Endpoints that this plan creates count as ours; otherwise only the next plan would find the
 * association.
 */
export function isOurs(association: ConfigurationAssociation, { world, wants }: Desired): boolean {
  const { topology, estate } = world
  if (isMarkedOurs(association, topology)) return true
  const { endpointId } = association
  if (endpointId === undefined) return false
  if (isMarkedWithoutScope(association, topology)) {
    if (estate.links.some((link) => sameId(link.linkedResourceId, endpointId))) return true
  } else if (associationMark(association) !== undefined) return false
  const endpoint = foundEndpoint(estate, endpointId)
  return endpoint === undefined
    ? wants.has(`endpoint ${idKey(endpointId)}`)
    : isOurEndpoint(endpoint, topology)
}

/**
 * Names of unreadable targets, rules, workspaces and subscriptions of selects. Each of them may need any
 * endpoint. A plan with them may be applied (for unreadable resources: with a waiver), and must not
 * unlink what they need (contract section 4, promise 3).
 */
export function findHidden({ world, named }: Desired): readonly string[] {
  const { topology, estate } = world
  const targets = [...named].filter((key) => estate.targets.get(key)?.state === 'unreadable')
  const rules = world.targets.filter((t) => t.hasHiddenRule).map((t) => t.key)
  const workspaces = topology.azureMonitorWorkspaces
    .map((w) => w.id.key)
    .filter((key) => estate.monitorWorkspaces.get(key)?.state === 'unreadable')
  return [
    ...[...targets, ...rules, ...workspaces].toSorted(compareText).map(nameOf),
    ...[...estate.hiddenSubscriptions.keys()].map((id) => `subscription ${id}`),
  ]
}
