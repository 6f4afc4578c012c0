import type { ChangedBy, Estate, Link } from '../estate/estate.ts'
import { compareText, idKey, nameOf } from '../resources/id.ts'
import { associationMark, isMarkedOurs, isMarkedWithoutScope } from '../estate/ownership.ts'
import { marksOf } from '../resources/ownership.ts'
import type { Topology } from '../topology/topology.ts'
import type {
  AccessModes,
  Association,
  DataCollectionEndpoint,
  Kind,
  Resource,
  ResourceOf,
  ScopedResource,
} from '../resources/resource.ts'
import { heldRuleIn } from '../estate/heldRule.ts'
import { foundEndpoint, liveModes } from '../estate/live.ts'
import type { Want } from '../rules/world.ts'
import type { Why } from './draft.ts'

export type Links = ReadonlyMap<string, Link>

/** Input of a comparison. */
export interface ComparisonInput {
  readonly estate: Estate
  readonly links: Links
  readonly topology: Topology
}

/** A live object, in the type of the desired object, and its last change. */
interface Live<R extends Resource> {
  readonly object: R
  readonly changed?: ChangedBy | undefined
}

/** How to compare objects of one kind. */
export interface Comparer<R extends Resource> {
  /** The live object in place of `wanted`; `undefined` if there is none. */
  readonly find: (wanted: R, input: ComparisonInput) => Live<R> | undefined
  /** The writes needed to make the live object as wanted; empty if it already is. */
  readonly diff: (live: R, wanted: R, want: Want, input: ComparisonInput) => readonly Step<R>[]
}

/** One write to an existing object. */
interface Step<R extends Resource> {
  readonly action: 'update' | 'replace'
  readonly before: R
  readonly after: R
  readonly why: Why
  readonly step?: string
}

/** The comparer of each managed kind; a new kind doesn't compile without one. */
export const comparers: { readonly [K in Kind]: Comparer<ResourceOf<K>> } = {
  dataCollectionEndpoint: { find: findEndpoint, diff: diffEndpoint },
  scopedResource: { find: findLink, diff: diffLink },
  association: { find: findAssociation, diff: diffAssociation },
  accessModes: { find: findModes, diff: diffModes },
}

/** Finds an endpoint. Only public access and the tags that we set are compared; other tags are kept. */
function findEndpoint(
  wanted: DataCollectionEndpoint,
  { estate }: ComparisonInput,
): Live<DataCollectionEndpoint> | undefined {
  const live = foundEndpoint(estate, wanted.id)
  if (live === undefined) return undefined
  const values = new Map(Object.entries(live.tags).map(([name, v]) => [name.toLowerCase(), v]))
  const tags = Object.fromEntries(
    Object.keys(wanted.tags).flatMap((name) => {
      const value = values.get(name.toLowerCase())
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const { id, location, publicNetworkAccess, changed } = live
  return {
    object: { kind: 'dataCollectionEndpoint', id, location, publicNetworkAccess, tags },
    changed,
  }
}

function diffEndpoint(
  live: DataCollectionEndpoint,
  wanted: DataCollectionEndpoint,
  { rule }: Want,
): readonly Step<DataCollectionEndpoint>[] {
  const [from, to] = [live.publicNetworkAccess, wanted.publicNetworkAccess]
  const differences = [
    ...(from === to ? [] : [`public network access ${from} → ${to}`]),
    ...Object.keys(wanted.tags)
      .filter((name) => live.tags[name] !== wanted.tags[name])
      .toSorted(compareText)
      .map((name) => `tag ${name}`),
  ]
  if (differences.length === 0) return []
  const reason = `${nameOf(live.id)} is ours and differs from the file: ${differences.join(', ')}.`
  return [{ action: 'update', before: live, after: wanted, why: { rule, reason } }]
}

function findLink(
  { linkedResourceId }: ScopedResource,
  { links }: ComparisonInput,
): Live<ScopedResource> | undefined {
  const live = links.get(idKey(linkedResourceId))
  if (live === undefined) return undefined
  // Azure returns linked ids in lower case: a difference in case alone must not look like another resource.
  return {
    object: { kind: 'scopedResource', id: live.id, linkedResourceId },
    changed: live.changed,
  }
}

/**
 * A link satisfies its rule under any name. A link that isn't `Succeeded` is written again under its
 * current name, because nothing may be associated with its endpoint before it is (contract section 4).
 * `Provisioning` links were waited for before.
 */
function diffLink(
  live: ScopedResource,
  wanted: ScopedResource,
  want: Want,
  { links }: ComparisonInput,
): readonly Step<ScopedResource>[] {
  const link = links.get(idKey(wanted.linkedResourceId))
  if (link === undefined || isSucceeded(link)) return []
  const reason = `The link to ${nameOf(wanted.linkedResourceId)} is in state ${link.provisioningState} and has no effect until it is written again. ${want.reason}`
  return [{ action: 'update', before: live, after: wanted, why: { rule: want.rule, reason } }]
}

export function isSucceeded(link: Link): boolean {
  return link.provisioningState.toLowerCase() === 'succeeded'
}

function findAssociation(
  { target }: Association,
  { estate }: ComparisonInput,
): Live<Association> | undefined {
  const live = estate.associations.get(idKey(target))
  if (live === undefined) return undefined
  const { id, endpointId, ruleId, changed } = live
  return {
    object: {
      kind: 'association',
      id,
      target,
      ...(endpointId === undefined ? {} : { endpointId }),
      ...(ruleId === undefined ? {} : { ruleId }),
      ...(heldRuleIn(live, estate) === undefined ? {} : { ruleIsLost: true }),
    },
    changed,
  }
}

function diffAssociation(
  live: Association,
  wanted: Association,
  want: Want,
  { estate, topology }: ComparisonInput,
): readonly Step<Association>[] {
  const { endpointId: to = '' } = wanted
  if (live.endpointId !== undefined && idKey(live.endpointId) === idKey(to)) {
    return remark(live, wanted, { estate, topology })
  }
  const reason = `${want.reason}${explainOld(live, wanted, estate)}`
  return [{ action: 'replace', before: live, after: wanted, why: { rule: want.rule, reason } }]
}

/** Takes over an association with a former mark of the topology: writes it again with the current mark. */
function remark(
  live: Association,
  wanted: Association,
  { estate, topology }: Pick<ComparisonInput, 'estate' | 'topology'>,
): readonly Step<Association>[] {
  const association = estate.associations.get(idKey(live.target))
  const mark = association && associationMark(association)
  const { own } = marksOf(topology)
  if (association === undefined || mark === undefined || mark === own) return []
  if (!isMarkedOurs(association, topology) && !isMarkedWithoutScope(association, topology))
    return []
  const { id, target } = live
  const { endpointId = '' } = wanted
  const before: Association = { kind: 'association', id, target, endpointId, mark }
  const reason = `It has the mark ${mark}, which is listed in formerNames, so it is taken over.`
  const why: Why = { rule: 'config-association', reason }
  return [{ action: 'update', before, after: { ...wanted, mark: own }, why }]
}

function explainOld(live: Association, wanted: Association, estate: Estate): string {
  const { endpointId } = live
  if (endpointId === undefined) {
    return live.ruleId === undefined ? '' : ` ${nameOf(live.ruleId)} is a rule, not an endpoint.`
  }
  const old = foundEndpoint(estate, endpointId)
  const target = estate.targets.get(idKey(wanted.target))
  if (old === undefined) return ` ${nameOf(endpointId)} does not exist.`
  if (target?.state === 'found' && target.value.location !== old.location) {
    return ` ${old.name} is in ${old.location}.`
  }
  return ''
}

/** Finds the live modes; returns the wanted modes if the scope can't be read, so that nothing differs. */
function findModes(wanted: AccessModes, { estate }: ComparisonInput): Live<AccessModes> {
  if (estate.scope.state !== 'found') return { object: wanted }
  return { object: { kind: 'accessModes', id: wanted.id, ...liveModes(estate.scope.value) } }
}

/**
 * Both modes take one write, or two if one changes to Open and the other to PrivateOnly: Open is
 * written before everything else, PrivateOnly after everything else (contract section 7, "Order").
 */
function diffModes(
  live: AccessModes,
  wanted: AccessModes,
  why: Want,
): readonly Step<AccessModes>[] {
  const opened: AccessModes = {
    ...live,
    ingestion: wanted.ingestion === 'Open' ? 'Open' : live.ingestion,
    query: wanted.query === 'Open' ? 'Open' : live.query,
  }
  const steps = [
    { action: 'update', before: live, after: opened, why, step: 'open' },
    { action: 'update', before: opened, after: wanted, why, step: 'private' },
  ] as const
  return steps.filter(({ before, after }) => !sameModes(before, after))
}

function sameModes(a: AccessModes, b: AccessModes): boolean {
  return a.ingestion === b.ingestion && a.query === b.query
}
