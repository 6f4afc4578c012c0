import type { Diagnostic, DiagnosticCode, Severity } from '../diagnostics.ts'
import type { Estate } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { nameOf } from '../resources/id.ts'
import type { Topology } from '../topology/topology.ts'
import type { Network } from './network.ts'
import type { Served } from './serving.ts'

/** All that the network is judged by: what was read, and what will be there once the plan is applied. */
export interface Judging {
  readonly topology: Topology
  readonly estate: Estate
  readonly network: Network
  readonly served: readonly Served[]
  readonly targets: readonly ResolvedTarget[]
  /** Keys of everything that the file names. */
  readonly named: ReadonlySet<string>
  /** Keys of what is linked once the plan is applied. */
  readonly linked: ReadonlySet<string>
  /** What the plan links anew. */
  readonly newLinks: readonly NewLink[]
  /** True when the plan moves ingestion to PrivateOnly: what was a risk then takes somebody dark. */
  readonly closes: boolean
}

export interface NewLink {
  /** Key of the linked resource. */
  readonly key: string
  readonly isEndpoint: boolean
  readonly region?: string
}

/** A diagnostic of the network, and whom it concerns. */
export interface Finding {
  readonly diagnostic: Diagnostic
  /** Keys of the targets that it is about; `all` for what concerns whoever uses the scope. */
  readonly targets: ReadonlySet<string> | 'all'
}

/** A diagnostic at the scope's place in the file: the network has none of its own there. */
export function diagnose(
  { topology }: Pick<Judging, 'topology'>,
  what: {
    readonly code: DiagnosticCode
    readonly severity: Severity
    readonly message: string
    readonly remedy: string
    /** Goes to the end of the remedy. */
    readonly command?: string
    readonly resource?: string
  },
): Diagnostic {
  const { line, column } = topology.privateLinkScope.at
  const remedy = what.command === undefined ? what.remedy : `${what.remedy} ${what.command}`
  return { ...what, remedy, file: topology.file, line, column }
}

/** The severity of what is a warning until ingestion is closed over it. */
export function whereClosing({ closes }: Pick<Judging, 'closes'>): 'error' | 'warning' {
  return closes ? 'error' : 'warning'
}

/** `vm-1, vm-2 and 3 more`: the first five by name. */
export function firstFive(ids: readonly string[]): string {
  const names = ids.slice(0, 5).map((id) => nameOf(id))
  const more = ids.length - names.length
  if (more > 0) return `${names.join(', ')} and ${more} more`
  return listed(names)
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}

/** `1 target`, `212 targets`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
