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

/** Objects that no rule needs any more: ours are deleted, others are reported. */
export interface Leftovers {
  readonly drafts: readonly Draft[]
  readonly unmanaged: readonly Unmanaged[]
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}

/**
 * Finds objects of ours that are no longer needed (contract section 2, "Ownership"; section 7). Before
 * an endpoint is unlinked or deleted, its users are read from the resource providers.
 */
export function findLeftovers(desired: Desired): Leftovers {
  const sweep = beginSweep(desired)
  for (const sweepKind of Object.values(sweeps)) sweepKind(sweep)
  return sweep
}

/** The search for each kind, in this order: users before what they use. */
const sweeps: Readonly<Record<Kind, (sweep: Sweep) => void>> = {
  association: sweepAssociations,
  scopedResource: ifScopeIsReadable(sweepLinks),
  dataCollectionEndpoint: ifScopeIsReadable(sweepEndpoints),
  // The scope is never ours, so its modes are never leftovers.
  accessModes: () => undefined,
}

/** Without the scope, links are unknown, so no link or endpoint can be called a leftover. */
function ifScopeIsReadable(search: (sweep: Sweep) => void): (sweep: Sweep) => void {
  return (sweep) => {
    if (sweep.estate.scope.state === 'found') search(sweep)
  }
}

/** Finds associations of ours on resources outside the file. */
function sweepAssociations(sweep: Sweep): void {
  const { desired, topology } = sweep
  for (const [key, association] of strayAssociations(desired)) {
    if (!isOurs(association, desired)) continue
    if (awaitsTargetRead(sweep, association)) continue
    const why = whyUnreadable(sweep, association)
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
    checkLostRule(sweep, association)
    const whose = isMarkedOurs(association, topology)
      ? 'its association has our mark'
      : `its association points to ${nameOf(association.endpointId ?? '')}, which is ours`
    const reason = `The file no longer names ${nameOf(association.target)}, and ${whose}.`
    const changed = association.changed === undefined ? {} : { changed: association.changed }
    sweep.drafts.push(
      draft('delete', before, null, { rule: 'config-association', reason }, changed),
    )
  }
}

/** Reports an association of ours that now holds a rule: deleting it removes the rule from its target. */
function checkLostRule(
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
 * Asks for a target that a select may match, before its association is deleted for not being selected:
 * Resource Graph lags, and omits what the identity can't read. Returns true to keep the association
 * for now.
 */
function awaitsTargetRead(sweep: Sweep, association: ConfigurationAssociation): boolean {
  if (!maySelect(sweep, association)) return false
  const subscription = parseResourceId(association.target)?.subscription ?? ''
  if (sweep.estate.hiddenSubscriptions.has(subscription)) return true
  const question = { what: 'target', id: association.target } as const
  if (sweep.estate.confirmed.has(questionKey(question))) return false
  sweep.questions.push(question)
  return true
}

/** True if a select covers the target's type and subscription. */
function maySelect({ topology }: Sweep, { target }: ConfigurationAssociation): boolean {
  const id = parseResourceId(target)
  return topology.selects.some(
    (s) =>
      id !== undefined && s.types.includes(id.type) && s.subscriptions.includes(id.subscription),
  )
}

/** Why an association can't be called a leftover or be deleted: it or its target is unreadable. */
function whyUnreadable(sweep: Sweep, association: ConfigurationAssociation): string | undefined {
  const { targets, associations, confirmed } = sweep.estate
  const key = idKey(association.target)
  const carrier = targets.get(key)
  if (carrier?.state !== 'unreadable') return undefined
  const isAsked = confirmed.has(questionKey({ what: 'association', id: association.target }))
  const isAssociationHidden = isAsked && !associations.has(key)
  return isAssociationHidden || maySelect(sweep, association) ? carrier.why : undefined
}

/** Finds links of ours to resources that no rule needs. */
function sweepLinks(sweep: Sweep): void {
  const { desired, estate, topology } = sweep
  const links = estate.links.toSorted((a, b) => compareText(idKey(a.id), idKey(b.id)))
  for (const link of links) {
    if (desired.wants.has(`link ${idKey(link.linkedResourceId)}`)) continue
    if (isOurLink(link, topology)) sweepLink(sweep, link)
    else {
      const note = `Links ${nameOf(link.linkedResourceId)}, which no rule of this file needs. Its name isn't ours, so it stays.`
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
  // A link to a deleted endpoint has no effect, even if associations still point there.
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
  const reason = `The link is ours, and no rule needs ${nameOf(link.linkedResourceId)} any more.`
  const changed = link.changed === undefined ? {} : { changed: link.changed }
  return draft('delete', before, null, { rule, reason }, changed)
}

/**
 * Finds endpoints of ours that no rule needs. An endpoint that the file names stays even if it can't be
 * used; otherwise the next plan would report it as missing.
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

/** Endpoints under `existing`, and endpoints with a wanted name in another region. */
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
  const reason = `${endpoint.name} has our tag, and no rule needs it any more.`
  const changed = endpoint.changed === undefined ? {} : { changed: endpoint.changed }
  return draft('delete', before, null, { rule: 'config-endpoint', reason }, changed)
}
