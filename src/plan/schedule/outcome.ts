import type { FailureReason } from '../../errors.ts'
import type { Change } from '../plan.ts'

/** What became of one change of a plan. */
export interface Outcome {
  readonly change: Change
  readonly result: OutcomeResult
  /** Milliseconds from the first request to the end; 0 when nothing was sent. */
  readonly elapsed: number
  /** What went wrong or why nothing was done, for people: what was tried, Azure's words, what to do. */
  readonly problem?: Problem
}

/**
 * `done` written and finished · `already` found as wanted, nothing written · `failed` Azure refused
 * · `changed` the object is no longer what the plan saw, nothing written · `skipped` something it
 * depends on was not done · `cancelled` the job was stopped before it began · `unfinished` it was
 * under way when the job was stopped.
 */
export type OutcomeResult =
  'done' | 'already' | 'failed' | 'changed' | 'skipped' | 'cancelled' | 'unfinished'

export interface Problem {
  /** What was tried and what Azure answered, one or two sentences. */
  readonly message: string
  /** What to do, one sentence. */
  readonly remedy: string
  /** Azure's error code, where it gave one. */
  readonly code?: string
  readonly status?: number
  /** Why a run that wrote nothing failed, if this is what stopped it. */
  readonly reason?: FailureReason
  /** `x-ms-correlation-request-id`, for a support ticket. */
  readonly correlationId?: string
}
