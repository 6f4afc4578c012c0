import type { Diagnostic } from '../../diagnostics.ts'
import { questionKey, type Question } from '../../estate/question.ts'
import type { ConfigurationAssociation, Endpoint, Link } from '../../estate/estate.ts'
import { compareText, idKey, nameOf, parseResourceId } from '../../resources/id.ts'
import { isMarkedOurs, isOurEndpoint, isOurLink } from '../../estate/ownership.ts'
import type { Association, DataCollectionEndpoint, Kind } from '../../resources/resource.ts'
import type { Desired } from '../../rules/derive.ts'
import { draft, type Draft } from '../draft.ts'
import { explainLostRule } from '../../rules/lostRule.ts'
import { heldRuleIn } from '../../estate/heldRule.ts'
import { isOurs, strayAssociations } from './strays.ts'
import { explainHidden, explainHiddenStray, explainInUse, explainKept } from './kept.ts'
import type { Unmanaged } from '../plan.ts'
import { beginSweep, type Sweep } from './sweep.ts'
import { areSendersKnown, findUses, otherAssociations } from './users.ts'

/** What is there and no longer called for: what of it is ours goes, the rest is told. */
export interface Leftovers {
  readonly drafts: readonly Draft[]
  readonly unmanaged: readonly Unmanaged[]
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}

/**
 * Finds what is ours and no longer called for (contract section 2, "Ownership"; section 7). Who else
 * uses an endpoint is read exactly before anything of it is unlinked or deleted.
 */
export function findLeftovers(desired: Desired): Leftovers {
  const sweep = beginSweep(desired)
  for (const sweepKind of Object.values(sweeps)) sweepKind(sweep)
  return sweep
}

/** How each kind is looked through, in this order: what uses something goes before it. */
const sweeps: Readonly<Record<Kind, (sweep: Sweep) => void>> = {
  association: sweepAssociations,
  scopedResource: whereScopeIsSeen(sweepLinks),
  dataCollectionEndpoint: whereScopeIsSeen(sweepEndpoints),
  // The scope is never ours, so its modes are never left over.
  accessModes: () => undefined,
}

/** What links an endpoint isn't known without the scope: nothing of it can be said to be left over. */
function whereScopeIsSeen(look: (sweep: Sweep) => void): (sweep: Sweep) => void {
  return (sweep) => {
    if (sweep.estate.scope.state === 'found') look(sweep)
  }
}

/** Associations of ours on something that the file doesn't name. */
function sweepAssociations(sweep: Sweep): void {
  const { desired, topology } = sweep
  for (const [key, association] of strayAssociations(desired)) {
    if (!isOurs(association, desired)) continue
    if (questionIfSelected(sweep, association)) continue
    const why = whyHidden(sweep, association)
    if (why !== undefined) {
      sweep.diagnostics.push(explainHiddenStray(topology, association, why))
      continue
    }
    sweep.leaving.add(key)
    const before: Association = {
      kind: 'association',
      id: association.id,
      target: association.target,
      ...(association.endpointId === undefined ? {} : { endpointId: association.endpointId }),
      ...(association.ruleId === undefined ? {} : { ruleId: association.ruleId }),
      ...(heldRuleIn(association, sweep.estate) !== undefined ? { ruleIsLost: true } : {}),
    }
    lookAtLostRule(sweep, association)
    const whose = isMarkedOurs(association, topology)
      ? 'its association carries our mark'
      : `its association points to ${nameOf(association.endpointId ?? '')}, which is ours`
    const reason = `The file no longer names ${nameOf(association.target)}, and ${whose}.`
    const changed = association.changed === undefined ? {} : { changed: association.changed }
    sweep.drafts.push(
      draft('delete', before, null, { rule: 'config-association', reason }, changed),
    )
  }
}

/** An association of ours that somebody made hold a rule: taking it off takes the rule from its target. */
function lookAtLostRule(
  { topology, estate, diagnostics, questions }: Sweep,
  association: ConfigurationAssociation,
): void {
  const { target, ruleId } = association
  if (ruleId === undefined) return
  const question = { what: 'ruleAssociations', id: target } as const
  if (!estate.confirmed.has(questionKey(question))) questions.push(question)
  const held = heldRuleIn(association, estate)
  if (held === undefined) return
  const { at } = topology.privateLinkScope
  diagnostics.push(explainLostRule(topology, { target, held, becomes: 'deleted', at }))
}

/**
 * Resource Graph lags, and leaves out what it may not show: something that a select ought to match
 * is read exactly before its association is taken away for not being selected. True: leave it.
 */
function questionIfSelected(sweep: Sweep, association: ConfigurationAssociation): boolean {
  if (!maySelect(sweep, association)) return false
  const subscription = parseResourceId(association.target)?.subscription ?? ''
  if (sweep.estate.hiddenSubscriptions.has(subscription)) return true
  const question = { what: 'target', id: association.target } as const
  if (sweep.estate.confirmed.has(questionKey(question))) return false
  sweep.questions.push(question)
  return true
}

/** True when a select looks for its type in its subscription. */
function maySelect({ topology }: Sweep, { target }: ConfigurationAssociation): boolean {
  const id = parseResourceId(target)
  return topology.selects.some(
    (s) =>
      id !== undefined && s.types.includes(id.type) && s.subscriptions.includes(id.subscription),
  )
}

/** Why an association can't be told to be left over, or can't be taken off: one of both may not be read. */
function whyHidden(sweep: Sweep, association: ConfigurationAssociation): string | undefined {
  const { targets, associations, confirmed } = sweep.estate
  const key = idKey(association.target)
  const carrier = targets.get(key)
  if (carrier?.state !== 'unreadable') return undefined
  const isAsked = confirmed.has(questionKey({ what: 'association', id: association.target }))
  const isAssociationHidden = isAsked && !associations.has(key)
  return isAssociationHidden || maySelect(sweep, association) ? carrier.why : undefined
}

/** Links of ours whose linked resource no rule calls for. */
function sweepLinks(sweep: Sweep): void {
  const { desired, estate, topology } = sweep
  const links = estate.links.toSorted((a, b) => compareText(idKey(a.id), idKey(b.id)))
  for (const link of links) {
    if (desired.wants.has(`link ${idKey(link.linkedResourceId)}`)) continue
    if (isOurLink(link, topology)) sweepLink(sweep, link)
    else {
      const note = `Links ${nameOf(link.linkedResourceId)}, which no rule of this file calls for; its name isn't ours, so it stays.`
      sweep.unmanaged.push({ id: link.id, kind: 'scopedResource', note })
    }
  }
}

function sweepLink(sweep: Sweep, link: Link): void {
  const { estate, topology } = sweep
  const key = idKey(link.linkedResourceId)
  const isEndpoint = key.includes('/datacollectionendpoints/')
  const linked = isEndpoint ? estate.endpoints.get(key) : estate.logWorkspaces.get(key)
  const hidden = linked?.state === 'unreadable' ? [nameOf(key)] : isEndpoint ? sweep.hidden : []
  if (hidden.length > 0) {
    sweep.diagnostics.push(explainHidden(topology, `The link to ${nameOf(key)}`, link.id, hidden))
    return
  }
  // A link to an endpoint that is gone serves nobody, whatever still points there.
  const others = isEndpoint && linked?.state !== 'missing' ? otherAssociations(sweep, key) : []
  if (others === undefined) return
  if (others.length > 0) sweep.diagnostics.push(explainKept(topology, link, others))
  else if (!isEndpoint || areSendersKnown(sweep, link, `The link to ${nameOf(key)}`, key)) {
    sweep.drafts.push(draftUnlink(link, isEndpoint))
  }
}

function draftUnlink(link: Link, isEndpoint: boolean): Draft {
  const before = {
    kind: 'scopedResource' as const,
    id: link.id,
    linkedResourceId: link.linkedResourceId,
  }
  const rule = isEndpoint ? 'regional-endpoint' : 'log-analytics'
  const reason = `The link is ours, and no rule calls for ${nameOf(link.linkedResourceId)} any more.`
  const changed = link.changed === undefined ? {} : { changed: link.changed }
  return draft('delete', before, null, { rule, reason }, changed)
}

/**
 * Endpoints of ours that no rule calls for. One that the file names, but that doesn't serve, stays:
 * without it the next plan would be about its absence.
 */
function sweepEndpoints(sweep: Sweep): void {
  const { desired, estate, topology } = sweep
  const named = namedEndpoints(desired)
  for (const [key, reading] of [...estate.endpoints].toSorted(([a], [b]) => compareText(a, b))) {
    if (reading.state !== 'found' || !isOurEndpoint(reading.value, topology)) continue
    if (desired.wants.has(`endpoint ${key}`) || named.has(key)) continue
    const endpoint = reading.value
    if (sweep.hidden.length > 0) {
      const what = `The endpoint ${endpoint.name}`
      sweep.diagnostics.push(explainHidden(topology, what, endpoint.id, sweep.hidden))
      continue
    }
    const uses = findUses(sweep, endpoint)
    if (uses === undefined) continue
    if (!areSendersKnown(sweep, endpoint, `The endpoint ${endpoint.name}`, key)) continue
    if (uses.length > 0) sweep.diagnostics.push(explainInUse(topology, endpoint, uses))
    else sweep.drafts.push(draftDelete(endpoint))
  }
}

/** Endpoints under `existing`, and those that have a wanted name in another region. */
function namedEndpoints({ world, diagnostics }: Desired): ReadonlySet<string> {
  const existing = world.topology.endpoints.existing.map(({ id }) => id.key)
  const misplaced = diagnostics
    .filter((d) => d.code === 'endpoint-in-other-region')
    .map((d) => idKey(d.resource ?? ''))
  return new Set([...existing, ...misplaced])
}

function draftDelete(endpoint: Endpoint): Draft {
  const before: DataCollectionEndpoint = {
    kind: 'dataCollectionEndpoint',
    id: endpoint.id,
    location: endpoint.location,
    publicNetworkAccess: endpoint.publicNetworkAccess,
    tags: endpoint.tags,
  }
  const reason = `${endpoint.name} carries our tag, and no rule calls for it any more.`
  const changed = endpoint.changed === undefined ? {} : { changed: endpoint.changed }
  return draft('delete', before, null, { rule: 'config-endpoint', reason }, changed)
}
