import type { Diagnostic, DiagnosticCode, Severity } from '../diagnostics.ts'
import type { Estate } from '../estate/estate.ts'
import type { ResolvedTarget } from '../estate/resolved.ts'
import { nameOf } from '../resources/id.ts'
import type { Topology } from '../topology/topology.ts'
import type { Network } from './network.ts'
import type { Served } from './serving.ts'

/** Input for judging the network: what was read, and the state after the plan is applied. */
export interface Judging {
  readonly topology: Topology
  readonly estate: Estate
  readonly network: Network
  readonly served: readonly Served[]
  readonly targets: readonly ResolvedTarget[]
  /** Keys of everything that the file names or selects. */
  readonly named: ReadonlySet<string>
  /** Keys of the resources that are linked after the plan. */
  readonly linked: ReadonlySet<string>
  /** The links that the plan creates. */
  readonly newLinks: readonly NewLink[]
  /** True if the plan sets ingestion to PrivateOnly: a risk then becomes an outage. */
  readonly closes: boolean
}

export interface NewLink {
  /** Key of the linked resource. */
  readonly key: string
  readonly isEndpoint: boolean
  readonly region?: string
}

/** A diagnostic about the network, and the targets it concerns. */
export interface Finding {
  readonly diagnostic: Diagnostic
  /** Keys of the targets it concerns; `all` for everything that uses the scope. */
  readonly targets: ReadonlySet<string> | 'all'
}

/** Makes a diagnostic that points at `privateLinkScope` in the file: the file doesn't mention the network. */
export function diagnose(
  { topology }: Pick<Judging, 'topology'>,
  what: {
    readonly code: DiagnosticCode
    readonly severity: Severity
    readonly message: string
    readonly remedy: string
    /** Appended to the remedy. */
    readonly command?: string
    readonly resource?: string
  },
): Diagnostic {
  const { line, column } = topology.privateLinkScope.at
  const remedy = what.command === undefined ? what.remedy : `${what.remedy} ${what.command}`
  return { ...what, remedy, file: topology.file, line, column }
}

/** Severity of a risk: a warning, or an error if the plan sets ingestion to PrivateOnly. */
export function riskSeverity({ closes }: Pick<Judging, 'closes'>): 'error' | 'warning' {
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
