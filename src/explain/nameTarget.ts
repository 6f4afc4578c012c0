import { InputError } from '../errors.ts'
import type { Estate } from '../estate/estate.ts'
import { compareText, parseResourceId, type ResourceId } from '../resources/id.ts'
import { nearest } from '../topology/nearest.ts'
import { parseReference } from '../topology/references.ts'
import { targetTypes, type Topology } from '../topology/topology.ts'
import { writtenType } from '../topology/types.ts'

/** The result of resolving the input `target`: a resource, or a name that no target of the file has. */
export type Named =
  | { readonly state: 'found'; readonly id: ResourceId }
  | { readonly state: 'elsewhere'; readonly sought: Sought }

/** A name to search for in Azure. */
export interface Sought {
  /** The input as written. */
  readonly word: string
  readonly name: string
  readonly resourceGroup?: string
}

/**
 * Resolves an id, a short reference or a name to a target that the file names or selects.
 *
 * @throws InputError if it can't name a machine or cluster, or names several in the file
 */
export function nameTarget(
  word: string,
  topology: Topology,
  estate: Pick<Estate, 'targets' | 'selected'>,
): Named {
  const plain = word.trim()
  if (isId(plain)) return { state: 'found', id: readId(plain) }
  const sought = readSought(plain)
  const hits = idsOf(topology, estate).filter((id) => isMeant(id, sought))
  // A short reference prefers a machine or AKS cluster in the file's own subscription.
  const exact = hits.filter((id) => isShortForm(id, topology))
  const meant = sought.resourceGroup !== undefined && exact.length > 0 ? exact : hits
  const [first] = meant
  if (first === undefined) return { state: 'elsewhere', sought }
  if (meant.length > 1) throw ambiguous(sought, meant)
  return { state: 'found', id: first }
}

/**
 * Rejects an input that can't name a target in any file.
 *
 * @throws InputError
 */
export function checkWord(word: string): void {
  const plain = word.trim()
  if (isId(plain)) readId(plain)
  else readSought(plain)
}

function isId(word: string): boolean {
  return /^\/?subscriptions\//i.test(word)
}

/** Picks the target from the resources with that name in Azure. */
export function pickFound(
  sought: Sought,
  found: readonly string[],
  topology: Topology,
  estate: Pick<Estate, 'targets' | 'selected'>,
): ResourceId {
  const ids = found.flatMap((id) => parseResourceId(id) ?? []).filter((id) => isMeant(id, sought))
  const exact = ids.filter((id) => isShortForm(id, topology))
  const meant = sought.resourceGroup !== undefined && exact.length > 0 ? exact : ids
  const [first] = meant
  if (first === undefined) {
    throw remoteWriter(sought, topology) ?? notFound(sought, idsOf(topology, estate))
  }
  if (meant.length > 1) throw ambiguous(sought, meant)
  return first
}

function readId(text: string): ResourceId {
  const reference = parseReference(text)
  if (reference.form === 'refused') {
    throw wrong(`${quoted(text)} is not a resource id: ${reference.why}`, reference.remedy)
  }
  if (reference.form === 'short') throw wrong(`${quoted(text)} is not a resource id`, howToName)
  const { id } = reference
  if (allTypes.includes(id.type)) return id
  throw wrong(
    `${quoted(id.name)} is of type ${writtenType(id.type)}, which is neither a machine nor a cluster`,
    `Use a resource of type ${allTypes.map(writtenType).join(', ')}.`,
  )
}

const allTypes = [...targetTypes.machine, ...targetTypes.cluster]

function readSought(word: string): Sought {
  if (!word.includes('/')) {
    if (word === '') throw wrong('it is missing', howToName)
    return { word, name: word }
  }
  const reference = parseReference(word)
  if (reference.form === 'short') {
    return { word, name: reference.name, resourceGroup: reference.resourceGroup }
  }
  const why = reference.form === 'refused' ? `: ${reference.why}` : ''
  throw wrong(`${quoted(word)} is neither an id nor a short reference${why}`, howToName)
}

const howToName = 'Use a resource id, <resource group>/<name>, or the name of a machine or cluster.'

/** Every target that the file names or selects, sorted by key. */
function idsOf(
  topology: Topology,
  estate: Pick<Estate, 'targets' | 'selected'>,
): readonly ResourceId[] {
  const selected = estate.selected.flat().flatMap((key) => {
    const reading = estate.targets.get(key)
    return parseResourceId(reading?.state === 'found' ? reading.value.id : key) ?? []
  })
  const all = new Map(
    [...selected, ...topology.targets.map(({ id }) => id)].map((id) => [id.key, id]),
  )
  return [...all.values()].toSorted((a, b) => compareText(a.key, b.key))
}

function isMeant(id: ResourceId, { name, resourceGroup }: Sought): boolean {
  const isGroup =
    resourceGroup === undefined || id.resourceGroup.toLowerCase() === resourceGroup.toLowerCase()
  return isGroup && id.name.toLowerCase() === name.toLowerCase()
}

function isShortForm({ type, subscription }: ResourceId, topology: Topology): boolean {
  return (
    subscription === topology.subscription &&
    Object.values(targetTypes).some(([short]) => short === type)
  )
}

/** At most this many candidates are listed. */
const mostListed = 20

function ambiguous({ word }: Sought, ids: readonly ResourceId[]): InputError {
  const shown = ids.slice(0, mostListed).map(({ text }) => `\n  ${text}`)
  const more = ids.length > mostListed ? `\n  … and ${ids.length - mostListed} more` : ''
  return wrong(
    `${quoted(word)} is the name of ${ids.length} targets:${shown.join('')}${more}`,
    'Use the id of the target.',
  )
}

/** The error for a remote writer: it is in the file, but has no chain. */
function remoteWriter({ word }: Sought, { remoteWrite }: Topology): InputError | undefined {
  if (!remoteWrite.some(({ name }) => name.toLowerCase() === word.toLowerCase())) return undefined
  return wrong(
    `${quoted(word)} is a remote writer outside Azure, for which Azure has no agent, association or rule`,
    'The plan shows where it writes to; check-network on its cluster shows whether that is private.',
  )
}

function notFound(sought: Sought, known: readonly ResourceId[]): InputError {
  const { word, resourceGroup } = sought
  const nameIn = ({ resourceGroup: group, name }: ResourceId) =>
    resourceGroup === undefined ? name : `${group}/${name}`
  const near = nearestOf(word, known.map(nameIn))
  const those = known.filter((id) => nameIn(id) === near).map(({ text }) => text)
  const where = those.length === 1 ? ` (${those[0] ?? ''})` : ''
  return wrong(
    `there is no machine or cluster ${quoted(word)} in the file, and none was found in Azure`,
    near === undefined
      ? `${howToName} Resources created in the last few minutes are found by id only.`
      : `Did you mean ${near}${where}? For a resource that is not in the file, use its id.`,
  )
}

/** The closest of any number of words; `nearest` alone compares at most fifty. */
function nearestOf(word: string, known: readonly string[]): string | undefined {
  if (known.length <= chunk) return nearest(word, known)
  const winners: string[] = []
  for (let start = 0; start < known.length; start += chunk) {
    const near = nearest(word, known.slice(start, start + chunk))
    if (near !== undefined) winners.push(near)
  }
  return winners.length < known.length ? nearestOf(word, winners) : nearest(word, winners)
}
const chunk = 50

function wrong(what: string, remedy: string): InputError {
  return new InputError(`target: ${what}${what.includes('\n') ? '' : '.'}`, remedy)
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 199)}…` : text)
}

/** The key of the target that the input names, if it is already unambiguous; for reads before the estate is complete. */
export function keyOfTarget(
  word: string,
  topology: Topology,
  estate: Pick<Estate, 'targets' | 'selected'>,
): string | undefined {
  try {
    const named = nameTarget(word, topology, estate)
    return named.state === 'found' ? named.id.key : undefined
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}
