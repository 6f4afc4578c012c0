import type { Arm } from '../azure/arm.ts'
import type { Progress } from '../azure/write/applyPlan.ts'
import type { Diagnostic } from '../diagnostics.ts'
import type { Currency } from '../github/branchFile.ts'
import type { ReviewedPlan } from '../github/reviewedPlan.ts'
import type { Inputs } from '../job/inputs.ts'
import type { Limits } from '../plan/checks/limits.ts'
import type { Plan } from '../plan/plan.ts'
import type { Run } from '../run.ts'
import type { Topology } from '../topology/topology.ts'

/** The context of every command, even one that starts without a topology file or a sign-in. */
export interface StartContext {
  /** Path of the topology file, relative to the workspace. */
  readonly file: string
  /** Inputs, event, GitHub, and `connect`, which signs in to Azure on its first call. */
  readonly run: Run
  readonly log: CommandLog
  /** Aborted when a cancelled job runs out of time: everything that waits ends at once. */
  readonly giveUp: AbortSignal
}

/** The context of a command that starts from a topology file. */
export interface FileContext extends StartContext {
  readonly topology: Topology
  /** The parser's warnings and notices about the file. */
  readonly fileDiagnostics: readonly Diagnostic[]
}

/** The context of a command that compares the file with Azure. */
export interface CommandContext extends FileContext {
  readonly arm: Arm
  readonly limits: Limits
  readonly waitMs: number
  readonly maxConcurrency: number
  /** Whether to read the network around the scope too. */
  readonly checkNetwork: boolean
  /** Indexes of the waivers that this pull request adds. */
  readonly pendingWaivers: readonly number[]
  /** Marks of the other topology files of the run. */
  readonly otherMarks: ReadonlySet<string>
}

/** What reading Azure for a file requires; independent of the run. */
export type LookContext = Omit<CommandContext, 'run'>

/** The context of `explain`. */
export type ExplainContext = LookContext & {
  readonly run: { readonly inputs: Pick<Inputs, 'target' | 'verifyWindowMinutes'> }
}

/** The progress messages of a command. */
export interface CommandLog {
  group<T>(name: string, fn: () => Promise<T> | T): Promise<T>
  info(text: string): void
  progress(text: string): void
}

/** What `apply` needs in addition. */
export interface ApplyContext extends CommandContext {
  /** Finds what was reviewed of this plan; `undefined` when the workflow is its own approval. */
  readonly findReview: ((plan: Plan) => Promise<ReviewedPlan>) | undefined
  /** Checks whether the branch still has this version of the topology file. */
  readonly checkCurrency: () => Promise<Currency>
  /** Aborted when the job is cancelled or nears its limit: start nothing new. */
  readonly stop: AbortSignal
  readonly onBegin: (plan: Plan) => void
  readonly onProgress: (plan: Plan, progress: Progress) => void
}
