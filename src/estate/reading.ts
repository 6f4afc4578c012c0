import type { Diagnostic } from '../diagnostics.ts'
import { idKey } from '../resources/id.ts'
import type { Position } from '../topology/topology.ts'
import type { Question } from './question.ts'
import type { Estate, Reading } from './estate.ts'

/** The maps of readings in the estate, by the question to ask if a key is absent. */
export const shelves = {
  target: 'targets',
  monitorWorkspace: 'monitorWorkspaces',
  logWorkspace: 'logWorkspaces',
  endpoint: 'endpoints',
  rule: 'rules',
} as const

type Shelf = keyof typeof shelves
type Value<S extends Shelf> =
  Estate[(typeof shelves)[S]] extends ReadonlyMap<string, Reading<infer T>> ? T : never

/** A reading from the estate; `unseen`, with the question to ask, if the resource hasn't been read yet. */
export type Lookup<T> = Reading<T> | { readonly state: 'unseen'; readonly question: Question }

/** Looks up a resource in the estate; ignores the case of the id. */
export function lookUp<S extends Shelf>(estate: Estate, what: S, id: string): Lookup<Value<S>> {
  const shelf = estate[shelves[what]] as ReadonlyMap<string, Reading<Value<S>>>
  return shelf.get(idKey(id)) ?? { state: 'unseen', question: { what, id } }
}

/** The diagnostic for a resource that the file or Azure refers to, but that is missing or unreadable. */
export function explainReading(
  reading: { readonly state: 'missing' } | { readonly state: 'unreadable'; readonly why: string },
  options: {
    /** Kind and name, such as `machine "vm-01"`. */
    readonly what: string
    readonly id: string
    /** Who refers to it, as a clause. */
    readonly neededBy?: string
    readonly file: string
    readonly at: Position
    readonly remedy?: string
  },
): Diagnostic {
  const because = options.neededBy === undefined ? '' : ` (${options.neededBy})`
  const place = {
    resource: options.id,
    file: options.file,
    line: options.at.line,
    column: options.at.column,
  }
  return reading.state === 'missing'
    ? {
        severity: 'error',
        code: 'unknown-resource',
        message: `${options.what} does not exist: Azure answered "not found" for ${options.id}${because}.`,
        remedy:
          options.remedy ??
          'Check subscription, resource group and name, or remove it from the topology file.',
        ...place,
      }
    : {
        severity: 'error',
        code: 'unreadable-resource',
        message: `This identity can't read ${options.what}${because}: ${reading.why}`,
        remedy:
          'Give the identity the Reader role on it (for the automatic endpoint of an Azure Monitor workspace: on the resource group MA_…_managed).',
        ...place,
      }
}
