import { questionKey } from '../../estate/question.ts'
import type { ConfigurationAssociation, Endpoint } from '../../estate/estate.ts'
import { compareText, idKey, nameOf } from '../../resources/id.ts'
import { isOurLink } from '../../estate/ownership.ts'
import { explainHidden, explainUnlisted } from './kept.ts'
import type { Sweep } from './sweep.ts'

/** Associations with an endpoint that remain after this plan; `undefined` if they are not read yet or unreadable. */
export function otherAssociations(
  sweep: Sweep,
  endpointId: string,
): readonly ConfigurationAssociation[] | undefined {
  const uses = sweep.estate.uses.get(idKey(endpointId))
  if (uses === undefined) {
    sweep.questions.push({ what: 'uses', id: endpointId })
    return undefined
  }
  if (uses.unreadable !== undefined) {
    const unlisted = { what: 'associations', why: uses.unreadable } as const
    sweep.diagnostics.push(explainUnlisted(sweep.topology, endpointId, unlisted))
    return undefined
  }
  return uses.associations
    .filter((association) => {
      const key = idKey(association.target)
      if (sweep.leaving.has(key)) return false
      // A target of the file moves to its chosen endpoint, or is already associated with it.
      return !sweep.desired.wants.has(`association ${key}`)
    })
    .toSorted((a, b) => compareText(idKey(a.target), idKey(b.target)))
}

/** Other users of an endpoint, as sentences; `undefined` if they are not read yet or unreadable (contract section 7, "In use means"). */
export function findUses(sweep: Sweep, endpoint: Endpoint): readonly string[] | undefined {
  const associations = otherAssociations(sweep, endpoint.id)
  if (associations === undefined) return undefined
  const why = sweep.estate.uses.get(idKey(endpoint.id))?.rulesUnreadable
  if (why !== undefined) {
    const unlisted = { what: 'rules', why } as const
    sweep.diagnostics.push(explainUnlisted(sweep.topology, endpoint.id, unlisted))
    return undefined
  }
  const here = sweep.linksTo.get(idKey(endpoint.id)) ?? []
  const ours = new Set(
    here.filter((link) => isOurLink(link, sweep.topology)).map((link) => idKey(link.id)),
  )
  // The endpoint's list of links and the scope's list may each lag behind the other.
  const links = new Map(
    [...endpoint.links.map((link) => link.scopedResourceId), ...here.map((link) => link.id)].map(
      (id) => [idKey(id), id] as const,
    ),
  )
  return [
    ...associations.map((a) => `${a.target} is associated with it`),
    ...(sweep.estate.uses.get(idKey(endpoint.id))?.rules ?? []).map(
      (rule) => `the rule ${rule} sends through it`,
    ),
    ...[...links].flatMap(([key, id]) => (ours.has(key) ? [] : [`it is linked by ${id}`])),
  ].toSorted(compareText)
}

/**
 * Resource Graph may omit the association of a target of the file with a rule that sends through this
 * endpoint, so the rules' own lists are read before the endpoint is unlinked or deleted. If a target
 * turns up, the next round of the plan needs the endpoint. Returns true if all lists are read.
 */
export function areSendersKnown(
  { estate, topology, questions, diagnostics }: Sweep,
  { id }: { readonly id: string },
  what: string,
  endpointId: string,
): boolean {
  const rules = estate.uses.get(idKey(endpointId))?.rules ?? []
  const unread = rules
    .map((rule) => ({ what: 'ruleUses', id: rule }) as const)
    .filter((question) => !estate.confirmed.has(questionKey(question)))
  questions.push(...unread)
  const hidden = rules.filter((rule) => estate.rules.get(idKey(rule))?.state === 'unreadable')
  if (hidden.length > 0) {
    diagnostics.push(explainHidden(topology, what, id, hidden.map(nameOf)))
  }
  return unread.length === 0 && hidden.length === 0
}
