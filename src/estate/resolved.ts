import type { Diagnostic } from '../diagnostics.ts'
import type { Destinations, TargetKind, Position } from '../topology/topology.ts'
import type { Target, Rule } from './estate.ts'
import type { Question } from './question.ts'

/** An existing machine or cluster of the file, with its settings in the file. */
export interface ResolvedTarget extends Destinations {
  readonly key: string
  readonly target: Target
  readonly kind: TargetKind
  readonly at: Position
  /** The readable rules that are associated with it, sorted by id. */
  readonly rules: readonly Rule[]
  /** True if it has a rule that can't be read; the destinations of that rule are unknown. */
  readonly hasHiddenRule: boolean
}

export interface ResolvedTargets {
  /** Sorted by key, independent of the order in the file and in Azure's answers. */
  readonly targets: readonly ResolvedTarget[]
  /** Keys of everything that the file names or selects, including targets that can't be used. */
  readonly named: ReadonlySet<string>
  readonly diagnostics: readonly Diagnostic[]
  readonly questions: readonly Question[]
}
