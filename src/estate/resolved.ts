import type { Diagnostic } from '../diagnostics.ts'
import type { Destinations, TargetKind, Position } from '../topology/topology.ts'
import type { Target, Rule } from './estate.ts'
import type { Question } from './question.ts'

/** A machine or cluster of the file that exists, with what the file says of it. */
export interface ResolvedTarget extends Destinations {
  readonly key: string
  readonly target: Target
  readonly kind: TargetKind
  readonly at: Position
  /** The rules that are associated with it and can be read, in order of id. */
  readonly rules: readonly Rule[]
  /** True when another of its rules may not be read: where that one sends isn't known. */
  readonly hasHiddenRule: boolean
}

export interface ResolvedTargets {
  /** In order of key: the order of Azure's answers and of the file plays no part. */
  readonly targets: readonly ResolvedTarget[]
  /** Keys of everything that the file names or selects, also of what can't be used. */
  readonly named: ReadonlySet<string>
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}
