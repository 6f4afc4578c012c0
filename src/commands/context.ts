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

/** What every command is given, also one that begins without a topology file or a sign-in. */
export interface StartContext {
  /** Path of the topology file, relative to the workspace. */
  readonly file: string
  /** Inputs, event, GitHub, and `connect`, which signs in to Azure at its first call. */
  readonly run: Run
  readonly log: CommandLog
  /** Aborted when the job is cancelled and no time is left: what still waits ends at once. */
  readonly giveUp: AbortSignal
}

/** What a command is given that begins with a topology file. */
export interface FileContext extends StartContext {
  readonly topology: Topology
  /** What the parser had to say of the file, without errors. */
  readonly fileDiagnostics: readonly Diagnostic[]
}

/** What a command is given that compares the file with Azure. */
export interface CommandContext extends FileContext {
  readonly arm: Arm
  readonly limits: Limits
  readonly waitMs: number
  readonly maxConcurrency: number
  /** The network around the scope is looked at too. */
  readonly checkNetwork: boolean
  /** Indexes of waivers that the pull request itself adds. */
  readonly pendingWaivers: readonly number[]
  /** Marks of the other topology files of the run. */
  readonly otherMarks: ReadonlySet<string>
}

/** What it takes to look at Azure for a file; nothing of the run that it is part of. */
export type LookContext = Omit<CommandContext, 'run'>

/** What `explain` works with. */
export type ExplainContext = LookContext & {
  readonly run: { readonly inputs: Pick<Inputs, 'target' | 'verifyWindowMinutes'> }
}

/** What a command tells while it works. */
export interface CommandLog {
  group<T>(name: string, fn: () => Promise<T> | T): Promise<T>
  info(text: string): void
  progress(text: string): void
}

/** What an apply needs beside that. */
export interface ApplyContext extends CommandContext {
  /** What was reviewed of this plan; `undefined` where the workflow itself is the approval. */
  readonly findReview: ((plan: Plan) => Promise<ReviewedPlan>) | undefined
  /** Whether the branch still holds this topology file. */
  readonly checkCurrency: () => Promise<Currency>
  /** Aborted when the job is cancelled or nears its limit: start nothing new. */
  readonly stop: AbortSignal
  readonly onBegin: (plan: Plan) => void
  readonly onProgress: (plan: Plan, progress: Progress) => void
}
