import { compareText, idKey } from '../resources/id.ts'
import type { Question } from '../estate/question.ts'
import type { Lookup } from '../estate/reading.ts'

/** Where in the file a remark goes. */
export const places = [
  'top',
  'name',
  'privateLinkScope',
  'azureMonitorWorkspaces',
  'logAnalyticsWorkspaces',
  'clusters',
  'machines',
  'remoteWrite',
  'dataCollectionEndpoints',
] as const

export type Place = (typeof places)[number]

/**
 * What a discovery collects on its way: open questions, and remarks on what the file can't express.
 */
export interface Notebook {
  readonly questions: Question[]
  readonly remarks: Record<Place, string[]>
  /** Keys of resources already reported as left out, so that each is reported once. */
  readonly leftOut: Set<string>
  /** Shortens an id to a short reference, if it is in the file's subscription. */
  readonly shortId: (id: string) => string
}

/** An empty notebook for a file whose short references resolve in this subscription. */
export function openNotebook(subscription: string): Notebook {
  const home = `/subscriptions/${subscription}/resourcegroups/`
  return {
    questions: [],
    remarks: {
      top: [],
      name: [],
      privateLinkScope: [],
      azureMonitorWorkspaces: [],
      logAnalyticsWorkspaces: [],
      clusters: [],
      machines: [],
      remoteWrite: [],
      dataCollectionEndpoints: [],
    },
    leftOut: new Set(),
    shortId: (id) => {
      const segments = id.split('/')
      const isHome = idKey(id).startsWith(home) && segments.length === 9
      return isHome ? `${segments[4] ?? ''}/${segments[8] ?? ''}` : id
    },
  }
}

/** The most remarks at one place of the file. */
const maxRemarks = 12

/** The remarks of a place, cut to a readable number. */
export function remarksAt({ remarks }: Notebook, place: Place): readonly string[] {
  const all = remarks[place]
  if (all.length <= maxRemarks) return all
  return [...all.slice(0, maxRemarks - 1), `And ${all.length - maxRemarks + 1} more like these.`]
}

/** Returns the value if it was found; if it was not read yet, adds the question. */
export function foundIn<T>(reading: Lookup<T>, notebook: Notebook): T | undefined {
  if (reading.state === 'unseen') notebook.questions.push(reading.question)
  return reading.state === 'found' ? reading.value : undefined
}

/** The most names that a remark lists. */
const maxNames = 10

/** Returns `a, b and 3 more`, sorted. */
export function listed(names: readonly string[], most = maxNames): string {
  const sorted = names.toSorted(compareText)
  const more = sorted.length - most
  if (more > 0) return `${sorted.slice(0, most).join(', ')} and ${more} more`
  const last = sorted.at(-1) ?? ''
  return sorted.length < 2 ? last : `${sorted.slice(0, -1).join(', ')} and ${last}`
}
