import type { Diagnostic } from '../diagnostics.ts'
import type { Question } from '../estate/question.ts'
import type { ConfigurationAssociation, Estate, Link } from '../estate/estate.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import {
  associationMark,
  isMarkedOurs,
  isMarkedWithoutScope,
  isOurEndpoint,
  isOurLink,
} from '../estate/ownership.ts'
import { marksOf } from '../resources/ownership.ts'
import type { Topology } from '../topology/topology.ts'
import type {
  AccessModes,
  Association,
  DataCollectionEndpoint,
  ScopedResource,
} from '../resources/resource.ts'
import { heldRuleIn } from '../estate/heldRule.ts'
import { foundEndpoint, liveModes } from '../estate/live.ts'
import type { Desired } from '../rules/derive.ts'
import type { Want } from '../rules/world.ts'
import { findLeftovers } from './leftovers/leftovers.ts'
import type { Unmanaged } from './plan.ts'
import { type Draft, draft } from './draft.ts'

export interface Comparison {
  readonly drafts: readonly Draft[]
  readonly unchanged: number
  readonly unmanaged: readonly Unmanaged[]
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}

/** Compares what should be there with what is: the one comparison for every kind. */
export function compare(desired: Desired): Comparison {
  const { estate, topology } = desired.world
  const links = new Map(estate.links.map((link) => [idKey(link.linkedResourceId), link]))
  const drafts: Draft[] = []
  const unmanaged: Unmanaged[] = []
  let unchanged = 0
  for (const want of desired.wants.values()) {
    const found = compareOne(want, estate, links, topology)
    drafts.push(...found)
    if (found.length === 0) unchanged++
    const foreign = noteForeign(want, estate, links, topology)
    if (foreign !== undefined) unmanaged.push(foreign)
  }
  const leftovers = findLeftovers(desired)
  return {
    drafts: [...drafts, ...leftovers.drafts],
    unchanged,
    unmanaged: [...unmanaged, ...leftovers.unmanaged].toSorted(
      (a, b) => compareText(a.kind, b.kind) || compareText(idKey(a.id), idKey(b.id)),
    ),
    diagnostics: leftovers.diagnostics,
    questions: leftovers.questions,
  }
}

type Links = ReadonlyMap<string, Link>

function compareOne(
  want: Want,
  estate: Estate,
  links: Links,
  topology: Topology,
): readonly Draft[] {
  switch (want.resource.kind) {
    case 'dataCollectionEndpoint':
      return compareEndpoint(want, want.resource, estate)
    case 'scopedResource':
      return compareLink(want, want.resource, links)
    case 'association':
      return compareAssociation(want, want.resource, estate, topology)
    case 'accessModes':
      return compareModes(want, want.resource, estate)
  }
}

/** Only public access and the tags that we set are compared; tags that others added are kept. */
function compareEndpoint(
  want: Want,
  after: DataCollectionEndpoint,
  estate: Estate,
): readonly Draft[] {
  const live = foundEndpoint(estate, after.id)
  if (live === undefined) return [draft('create', null, after, want)]
  const liveTags = new Map(
    Object.entries(live.tags).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const tags = Object.fromEntries(
    Object.keys(after.tags).flatMap((name) => {
      const value = liveTags.get(name.toLowerCase())
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const before: DataCollectionEndpoint = {
    kind: 'dataCollectionEndpoint',
    id: live.id,
    location: live.location,
    publicNetworkAccess: live.publicNetworkAccess,
    tags,
  }
  const differences = [
    ...(before.publicNetworkAccess === after.publicNetworkAccess
      ? []
      : [`public network access ${before.publicNetworkAccess} → ${after.publicNetworkAccess}`]),
    ...Object.keys(after.tags)
      .filter((name) => tags[name] !== after.tags[name])
      .toSorted(compareText)
      .map((name) => `tag ${name}`),
  ]
  if (differences.length === 0) return []
  const reason = `${live.name} is ours and kept as the file says: ${differences.join(', ')}.`
  const changed = live.changed === undefined ? {} : { changed: live.changed }
  return [draft('update', before, { ...after, id: live.id }, { rule: want.rule, reason }, changed)]
}

/**
 * A link satisfies its rule under any name; one that isn't `Succeeded` is written again under the name
 * it has, since nothing may be associated with its endpoint before (contract section 4; one that is
 * Provisioning was waited for).
 */
function compareLink(want: Want, after: ScopedResource, links: Links): readonly Draft[] {
  const live = links.get(idKey(after.linkedResourceId))
  if (live === undefined) return [draft('create', null, after, want)]
  if (isSucceeded(live)) return []
  const before: ScopedResource = {
    kind: 'scopedResource',
    id: live.id,
    // Azure gives it in lower case: a change of case alone would read as one of the resource.
    linkedResourceId: after.linkedResourceId,
  }
  const reason = `The link to ${nameOf(after.linkedResourceId)} is there in state ${live.provisioningState}, and carries nothing until it is written again. ${want.reason}`
  const changed = live.changed === undefined ? {} : { changed: live.changed }
  return [draft('update', before, { ...after, id: live.id }, { rule: want.rule, reason }, changed)]
}

function isSucceeded(link: Link): boolean {
  return link.provisioningState.toLowerCase() === 'succeeded'
}

function compareAssociation(
  want: Want,
  after: Association,
  estate: Estate,
  topology: Topology,
): readonly Draft[] {
  const live = estate.associations.get(idKey(after.target))
  if (live === undefined) return [draft('create', null, after, want)]
  const wanted = after.endpointId ?? ''
  if (live.endpointId !== undefined && idKey(live.endpointId) === idKey(wanted)) {
    return remark(live, after, topology)
  }
  const before: Association = {
    kind: 'association',
    id: live.id,
    target: after.target,
    ...(live.endpointId === undefined ? {} : { endpointId: live.endpointId }),
    ...(live.ruleId === undefined ? {} : { ruleId: live.ruleId }),
    ...(heldRuleIn(live, estate) !== undefined ? { ruleIsLost: true } : {}),
  }
  const reason = `${want.reason}${explainOld(live, after, estate)}`
  const changed = live.changed === undefined ? {} : { changed: live.changed }
  return [draft('replace', before, { ...after, id: live.id }, { rule: want.rule, reason }, changed)]
}

/** What a former name of the topology wrote is taken over, and from then on carries the mark of now. */
function remark(
  live: ConfigurationAssociation,
  after: Association,
  topology: Topology,
): readonly Draft[] {
  const mark = associationMark(live)
  const { own } = marksOf(topology)
  const isFormer = isMarkedOurs(live, topology) || isMarkedWithoutScope(live, topology)
  if (mark === undefined || mark === own || !isFormer) return []
  const { target, endpointId = '' } = after
  const before: Association = { kind: 'association', id: live.id, target, endpointId, mark }
  const reason = `It carries the mark ${mark}, which formerNames names: it is taken over.`
  const changed = live.changed === undefined ? {} : { changed: live.changed }
  const wanted = { ...after, id: live.id, mark: own }
  return [draft('update', before, wanted, { rule: 'config-association', reason }, changed)]
}

function explainOld(live: ConfigurationAssociation, after: Association, estate: Estate): string {
  const { endpointId } = live
  if (endpointId === undefined) {
    return live.ruleId === undefined ? '' : ` ${nameOf(live.ruleId)} is a rule and no endpoint.`
  }
  const old = foundEndpoint(estate, endpointId)
  const target = estate.targets.get(idKey(after.target))
  if (old === undefined) return ` ${nameOf(endpointId)} does not exist.`
  if (target?.state === 'found' && target.value.location !== old.location) {
    return ` ${old.name} is in ${old.location}.`
  }
  return ''
}

/**
 * Modes are one write, but two where one goes to Open and the other to PrivateOnly: Open is written
 * before anything else, PrivateOnly after everything else (contract section 7, "Order").
 */
function compareModes(want: Want, after: AccessModes, estate: Estate): readonly Draft[] {
  if (estate.scope.state !== 'found') return []
  const live = liveModes(estate.scope.value)
  const before: AccessModes = { kind: 'accessModes', id: after.id, ...live }
  const opened: AccessModes = {
    ...before,
    ingestion: after.ingestion === 'Open' ? 'Open' : before.ingestion,
    query: after.query === 'Open' ? 'Open' : before.query,
  }
  const steps: Draft[] = []
  if (!sameModes(before, opened)) {
    steps.push(draft('update', before, opened, want, { step: 'open' }))
  }
  if (!sameModes(opened, after)) {
    steps.push(draft('update', opened, after, want, { step: 'private' }))
  }
  return steps
}

function sameModes(a: AccessModes, b: AccessModes): boolean {
  return a.ingestion === b.ingestion && a.query === b.query
}

/** Says which of the things that satisfy a rule are not ours, and so are used as they are. */
function noteForeign(
  want: Want,
  estate: Estate,
  links: Links,
  topology: Topology,
): Unmanaged | undefined {
  if (want.resource.kind !== 'scopedResource') return undefined
  const link = links.get(idKey(want.resource.linkedResourceId))
  if (link !== undefined && isSucceeded(link) && !isOurLink(link, topology)) {
    const note = `Links ${nameOf(link.linkedResourceId)} under a name that isn't ours, which satisfies ${want.rule}; it is used as it is.`
    return { id: link.id, kind: 'scopedResource', note }
  }
  const endpoint = foundEndpoint(estate, want.resource.linkedResourceId)
  if (endpoint === undefined || isOurEndpoint(endpoint, topology) || link !== undefined) {
    return undefined
  }
  return {
    id: endpoint.id,
    kind: 'dataCollectionEndpoint',
    note: `Used as it is for ${want.rule}: it doesn't carry our tag.`,
  }
}
