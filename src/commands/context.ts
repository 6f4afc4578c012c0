import type { Arm } from '../azure/arm.ts'
import type { ReviewedPlan } from '../github/reviewedPlan.ts'
import type { Limits } from '../plan/checks/limits.ts'
import type { Progress } from '../azure/write/applyPlan.ts'
import type { Plan } from '../plan/plan.ts'
import type { Diagnostic } from '../diagnostics.ts'
import type { Topology } from '../topology/topology.ts'

/** All that a command works with. */
export interface CommandContext {
  readonly arm: Arm
  readonly topology: Topology
  /** What the parser had to say of the file, without errors. */
  readonly fileDiagnostics: readonly Diagnostic[]
  readonly limits: Limits
  readonly waitMs: number
  readonly maxConcurrency: number
  /** Indexes of waivers that the pull request itself adds. */
  readonly pendingWaivers: readonly number[]
  /** Marks of the other topology files of the run. */
  readonly otherMarks: ReadonlySet<string>
  readonly log: CommandLog
  /** Given when the job is stopped and no time is left: what still waits ends at once. */
  readonly giveUp: AbortSignal
}

/** What a command tells while it works. */
export interface CommandLog {
  group<T>(name: string, fn: () => Promise<T> | T): Promise<T>
  info(text: string): void
  progress(text: string): void
}

/** What an apply needs beside that. */
export interface ApplyContext extends CommandContext {
  /** The reviewed plan of the merged pull request; `undefined` where the workflow itself is the approval. */
  readonly findReview: (() => Promise<ReviewedPlan>) | undefined
  /** Given when the job is stopped. */
  readonly stop: AbortSignal
  readonly onBegin: (plan: Plan) => void
  readonly onProgress: (plan: Plan, progress: Progress) => void
}
