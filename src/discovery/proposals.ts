import type { Estate, Target } from '../estate/estate.ts'
import { matchesSelect } from '../estate/select.ts'
import { groupBy } from '../resources/group.ts'
import { compareText, parseResourceId } from '../resources/id.ts'
import type { Remarked, WrittenSelect, WrittenTarget } from '../topology/print/written.ts'
import { listed } from './notebook.ts'
import { isWritableTag } from './settings.ts'

/** The smallest group of machines for which a select is proposed. */
const minMembers = 21

/** Machines of one resource group that share all settings, and the select that fits them best. */
export interface Proposal {
  readonly members: readonly WrittenTarget[]
  readonly select: WrittenSelect
  /** Names of other resources that it would match too. */
  readonly others: readonly string[]
}

/**
 * Proposes a select for each set of more than 20 machines of one resource group and type with the
 * same settings. Targets that the file names do not count as others: an explicit entry wins over a
 * select.
 */
export function proposeSelects(
  estate: Estate,
  machines: readonly WrittenTarget[],
): readonly Proposal[] {
  const named = new Set(machines.map(({ id }) => id.key))
  const strangers = groupBy(
    [...estate.targets].flatMap(([key, reading]) =>
      reading.state === 'found' && !named.has(key) ? [reading.value] : [],
    ),
    ({ id }) => placeOf(id),
  )
  return [...groupBy(machines, settingsOf).values()]
    .filter((members) => members.length >= minMembers)
    .map((members) => {
      const [first] = members
      return propose(estate, members, strangers.get(placeOf(first?.id.text ?? '')) ?? [])
    })
}

/** Adds each proposal to the entry of its first machine. */
export function withProposals(
  machines: readonly WrittenTarget[],
  proposals: readonly Proposal[],
): readonly Remarked<WrittenTarget>[] {
  const byFirst = new Map(proposals.map((one) => [one.members[0]?.id.key ?? '', one]))
  return machines.map((value) => {
    const proposal = byFirst.get(value.id.key)
    if (proposal === undefined) return { value, remarks: [] }
    return { value, remarks: [describeProposal(proposal)], proposal: proposal.select }
  })
}

function describeProposal({ members, others }: Proposal): string {
  const group = members[0]?.id.resourceGroup ?? ''
  const start = `${members.length} machines of ${group} share these settings.`
  return others.length === 0
    ? `${start} This select would match the same machines:`
    : `${start} This select would match them and also ${listed(others)}:`
}

/** Subscription, resource group and type of a machine, as a grouping key. */
function placeOf(id: string): string {
  const parsed = parseResourceId(id)
  if (parsed === undefined) return ''
  return `${parsed.subscription}/${parsed.resourceGroup.toLowerCase()}/${parsed.type}`
}

function settingsOf({ id, metrics, logs }: WrittenTarget): string {
  return JSON.stringify([placeOf(id.text), metrics ?? null, logs])
}

/**
 * Returns the plainest select that matches no other resource, or the plainest if all match others.
 */
function propose(
  estate: Estate,
  members: readonly WrittenTarget[],
  strangers: readonly Target[],
): Proposal {
  const targets = members.flatMap(({ id }) => {
    const reading = estate.targets.get(id.key)
    return reading?.state === 'found' ? [reading.value] : []
  })
  const [plainest, ...narrower] = selectsFor(members, targets).map((select) => ({
    members,
    select,
    others: strangers
      .filter((one) => matchesSelect({ ...select, at: nowhere }, one))
      .map(({ name }) => name),
  }))
  if (plainest === undefined) throw new Error('a proposal needs members')
  return [plainest, ...narrower].find(({ others }) => others.length === 0) ?? plainest
}

const nowhere = { line: 1, column: 1 }

/**
 * Selects that match all members: by resource group alone, also by region, also by a tag that all
 * share.
 */
function selectsFor(
  members: readonly WrittenTarget[],
  targets: readonly Target[],
): readonly WrittenSelect[] {
  const [first] = members
  if (first === undefined) return []
  const { id, kind, metrics, logs } = first
  const plain: WrittenSelect = {
    kind,
    subscriptions: [id.subscription],
    resourceGroups: [id.resourceGroup],
    types: [id.type],
    exclude: [],
    ...(metrics === undefined ? {} : { metrics }),
    logs,
  }
  const locations = [...new Set(targets.map(({ location }) => location))].toSorted(compareText)
  const isOnePlace = locations.length === 1 && /^[a-z][a-z0-9]{1,62}$/.test(locations[0] ?? '')
  return [
    plain,
    ...(isOnePlace ? [{ ...plain, locations }] : []),
    ...sharedTags(targets).map(([name, value]) => ({ ...plain, tags: { [name]: value } })),
  ]
}

function sharedTags(targets: readonly Target[]): readonly (readonly [string, string])[] {
  const [first, ...rest] = targets.map(({ tags }) => Object.entries(tags))
  const others = rest.map((tags) => new Map(tags.map(([k, v]) => [k.toLowerCase(), v])))
  return (first ?? [])
    .filter(([name, value]) => isWritableTag(name, value) && value !== '')
    .filter(([name, value]) => others.every((tags) => tags.get(name.toLowerCase()) === value))
    .toSorted(([a], [b]) => compareText(a, b))
}

/**
 * Replaces groups of entries by selects that match them exactly, for a file that would otherwise be
 * too long. At most one select per resource group and type, so that no two overlap.
 */
export function foldGroups(
  machines: readonly WrittenTarget[],
  proposals: readonly Proposal[],
): readonly Remarked<WrittenTarget | WrittenSelect>[] {
  const chosen = new Map<string, Proposal>()
  const exact = proposals.filter(({ others }) => others.length === 0)
  for (const proposal of exact.toSorted((a, b) => b.members.length - a.members.length)) {
    const place = placeOf(proposal.members[0]?.id.text ?? '')
    if (!chosen.has(place)) chosen.set(place, proposal)
  }
  const firsts = new Map([...chosen.values()].map((one) => [one.members[0]?.id.key ?? '', one]))
  const folded = new Set([...chosen.values()].flatMap((one) => one.members.map(({ id }) => id.key)))
  return machines.flatMap((value): readonly Remarked<WrittenTarget | WrittenSelect>[] => {
    const proposal = firsts.get(value.id.key)
    if (proposal !== undefined) {
      const remarks = [`Matches exactly ${proposal.members.length} machines:`]
      return [{ value: proposal.select, remarks }]
    }
    return folded.has(value.id.key) ? [] : [{ value, remarks: [] }]
  })
}
