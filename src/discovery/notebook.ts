import { compareText, idKey } from '../resources/id.ts'
import type { Question } from '../estate/question.ts'
import type { Lookup } from '../estate/reading.ts'

/** Where in the file something is said that could not be an entry. */
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

/** What a discovery takes down on its way: what it must know, and what the file can't say. */
export interface Notebook {
  readonly questions: Question[]
  readonly remarks: Record<Place, string[]>
  /** Keys of what is left out, so that it is said once. */
  readonly leftOut: Set<string>
  /** An id as people read it: short in the subscription of the file. */
  readonly say: (id: string) => string
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
    say: (id) => {
      const segments = id.split('/')
      const isHome = idKey(id).startsWith(home) && segments.length === 9
      return isHome ? `${segments[4] ?? ''}/${segments[8] ?? ''}` : id
    },
  }
}

/** How many remarks a place of the file has room for. */
const mostRemarks = 12

/** The remarks of a place, as many as a reader takes in. */
export function remarksAt({ remarks }: Notebook, place: Place): readonly string[] {
  const all = remarks[place]
  if (all.length <= mostRemarks) return all
  return [...all.slice(0, mostRemarks - 1), `And ${all.length - mostRemarks + 1} more like these.`]
}

/** The value where it was found; what nobody looked for yet is asked. */
export function foundIn<T>(reading: Lookup<T>, notebook: Notebook): T | undefined {
  if (reading.state === 'unseen') notebook.questions.push(reading.question)
  return reading.state === 'found' ? reading.value : undefined
}

/** How many names a remark lists one by one. */
const mostNamed = 10

/** `a, b and 3 more`, in order. */
export function listed(names: readonly string[], most = mostNamed): string {
  const sorted = names.toSorted(compareText)
  const more = sorted.length - most
  if (more > 0) return `${sorted.slice(0, most).join(', ')} and ${more} more`
  const last = sorted.at(-1) ?? ''
  return sorted.length < 2 ? last : `${sorted.slice(0, -1).join(', ')} and ${last}`
}
