import type { Diagnostic } from '../diagnostics.ts'
import { idKey } from '../resources/id.ts'
import type { Position } from '../topology/topology.ts'
import type { Question } from './question.ts'
import type { Estate, Reading } from './estate.ts'

/** Maps of the estate that hold readings, by what is asked when one lacks a key. */
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

/** What is known of one resource; `unseen` when nobody has looked for it yet, with what to ask. */
export type Lookup<T> = Reading<T> | { readonly state: 'unseen'; readonly question: Question }

/** Looks a resource up in the estate, whatever the case of its id. */
export function lookUp<S extends Shelf>(estate: Estate, what: S, id: string): Lookup<Value<S>> {
  const shelf = estate[shelves[what]] as ReadonlyMap<string, Reading<Value<S>>>
  return shelf.get(idKey(id)) ?? { state: 'unseen', question: { what, id } }
}

/** The diagnostic for something that the file or Azure refers to and that can't be read. */
export function explainReading(
  reading: { readonly state: 'missing' } | { readonly state: 'unreadable'; readonly why: string },
  options: {
    /** What it is, with its name: `machine "vm-01"`. */
    readonly what: string
    readonly id: string
    /** Who refers to it. */
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
          'Check subscription, resource group and name, or take it out of the topology file.',
        ...place,
      }
    : {
        severity: 'error',
        code: 'unreadable-resource',
        message: `${options.what} may not be read by this identity${because}: ${reading.why}`,
        remedy:
          'Give the identity the Reader role there (for the automatic endpoint of an Azure Monitor workspace: on its resource group MA_…_managed).',
        ...place,
      }
}
