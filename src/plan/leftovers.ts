import type { Diagnostic } from '../diagnostics.ts'
import { askKey, type Ask } from '../estate/ask.ts'
import type { ConfigurationAssociation, Endpoint, Estate, Link } from '../estate/estate.ts'
import { compareText, idKey, nameOf, parseResourceId } from '../resources/id.ts'
import { isMarkedOurs, isOurEndpoint, isOurLink } from '../resources/ownership.ts'
import type { Association, DataCollectionEndpoint } from '../resources/resource.ts'
import type { Desired } from '../rules/derive.ts'
import type { Topology } from '../topology/topology.ts'
import { type Draft, draft } from './compare.ts'
import { findHidden, isOurs, strayAssociations } from './strays.ts'
import { explainHidden, explainInUse, explainKept, explainUnlisted } from './kept.ts'
import type { Unmanaged } from './plan.ts'
import { pushTo } from '../resources/group.ts'

/** What is there and no longer called for: what of it is ours goes, the rest is told. */
export interface Leftovers {
  readonly drafts: readonly Draft[]
  readonly unmanaged: readonly Unmanaged[]
  readonly diagnostics: readonly Diagnostic[]
  readonly asks: readonly Ask[]
}

interface Sweep {
  readonly desired: Desired
  readonly topology: Topology
  readonly estate: Estate
  /** Names of what may not be read, so that it can't be told what it calls for; in order. */
  readonly hidden: readonly string[]
  /** Links of the scope by the key of what they link. */
  readonly linksTo: ReadonlyMap<string, readonly Link[]>
  /** Keys of resources whose association is deleted by this plan. */
  readonly leaving: Set<string>
  readonly drafts: Draft[]
  readonly unmanaged: Unmanaged[]
  readonly diagnostics: Diagnostic[]
  readonly asks: Ask[]
}

/**
 * Finds what is ours and no longer called for (contract section 2, "Ownership"; section 7). Who else
 * uses an endpoint is read exactly before anything of it is unlinked or deleted.
 */
export function findLeftovers(desired: Desired): Leftovers {
  const { topology, estate } = desired.world
  const sweep: Sweep = {
    desired,
    topology,
    estate,
    hidden: findHidden(desired),
    linksTo: linksByTarget(estate),
    leaving: new Set(),
    drafts: [],
    unmanaged: [],
    diagnostics: [],
    asks: [],
  }
  sweepAssociations(sweep)
  sweepLinks(sweep)
  sweepEndpoints(sweep)
  return sweep
}

function linksByTarget(estate: Estate): ReadonlyMap<string, readonly Link[]> {
  const links = new Map<string, Link[]>()
  for (const link of estate.links) pushTo(links, idKey(link.linkedResourceId), link)
  return links
}

/** Associations of ours on something that the file doesn't name. */
function sweepAssociations(sweep: Sweep): void {
  const { desired, topology } = sweep
  for (const [key, association] of strayAssociations(desired)) {
    if (!isOurs(association, desired)) continue
    if (askIfSelected(sweep, association)) continue
    sweep.leaving.add(key)
    const before: Association = {
      kind: 'association',
      id: association.id,
      target: association.target,
      ...(association.endpointId === undefined ? {} : { endpointId: association.endpointId }),
      ...(association.ruleId === undefined ? {} : { ruleId: association.ruleId }),
    }
    const whose = isMarkedOurs(association, topology.name)
      ? 'its association carries our mark'
      : `its association points to ${nameOf(association.endpointId ?? '')}, which is ours`
    const reason = `The file no longer names ${nameOf(association.target)}, and ${whose}.`
    const changed = association.changed === undefined ? {} : { changed: association.changed }
    sweep.drafts.push(
      draft('delete', before, null, { rule: 'config-association', reason }, changed),
    )
  }
}

/**
 * Resource Graph lags, and leaves out what it may not show: something that a select ought to match
 * is read exactly before its association is taken away for not being selected. True: leave it.
 */
function askIfSelected(sweep: Sweep, association: ConfigurationAssociation): boolean {
  const id = parseResourceId(association.target)
  const near = sweep.topology.selects.filter(
    (s) =>
      id !== undefined && s.types.includes(id.type) && s.subscriptions.includes(id.subscription),
  )
  if (near.length === 0) return false
  const reading = sweep.estate.targets.get(idKey(association.target))
  const ask = { what: 'target', id: association.target } as const
  if (!sweep.estate.confirmed.has(askKey(ask))) {
    sweep.asks.push(ask)
    return true
  }
  if (reading?.state === 'found') return false
  return reading?.state === 'unreadable'
}

/** Links of ours whose linked resource no rule calls for. */
function sweepLinks(sweep: Sweep): void {
  const { desired, estate, topology } = sweep
  const links = estate.links.toSorted((a, b) => compareText(idKey(a.id), idKey(b.id)))
  for (const link of links) {
    if (desired.wants.has(`link ${idKey(link.linkedResourceId)}`)) continue
    if (isOurLink(link, topology.name)) sweepLink(sweep, link)
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
  else sweep.drafts.push(draftUnlink(link, isEndpoint))
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
    if (reading.state !== 'found' || !isOurEndpoint(reading.value, topology.name)) continue
    if (desired.wants.has(`endpoint ${key}`) || named.has(key)) continue
    const endpoint = reading.value
    if (sweep.hidden.length > 0) {
      const what = `The endpoint ${endpoint.name}`
      sweep.diagnostics.push(explainHidden(topology, what, endpoint.id, sweep.hidden))
      continue
    }
    const uses = findUses(sweep, endpoint)
    if (uses === undefined) continue
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

/** Associations with an endpoint that this plan leaves in place; `undefined` while it isn't read yet. */
function otherAssociations(
  sweep: Sweep,
  endpointId: string,
): readonly ConfigurationAssociation[] | undefined {
  const uses = sweep.estate.uses.get(idKey(endpointId))
  if (uses === undefined) {
    sweep.asks.push({ what: 'uses', id: endpointId })
    return undefined
  }
  if (uses.unreadable !== undefined) {
    sweep.diagnostics.push(explainUnlisted(sweep.topology, endpointId, uses.unreadable))
    return undefined
  }
  return uses.associations
    .filter((association) => {
      const key = idKey(association.target)
      if (sweep.leaving.has(key)) return false
      // A target of the file moves to the endpoint of its choice, or has it already.
      return !sweep.desired.wants.has(`association ${key}`)
    })
    .toSorted((a, b) => compareText(idKey(a.target), idKey(b.target)))
}

/** Who else uses an endpoint, in words; `undefined` while it isn't read yet (contract section 7, "In use means"). */
function findUses(sweep: Sweep, endpoint: Endpoint): readonly string[] | undefined {
  const associations = otherAssociations(sweep, endpoint.id)
  if (associations === undefined) return undefined
  const here = sweep.linksTo.get(idKey(endpoint.id)) ?? []
  const ours = new Set(
    here.filter((link) => isOurLink(link, sweep.topology.name)).map((link) => idKey(link.id)),
  )
  // The endpoint's own list may lag behind that of the scope, and the other way round.
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
