import type { FailureReason } from '../../errors.ts'
import type { Change } from '../plan.ts'

/** The result of one change of a plan. */
export interface Outcome {
  readonly change: Change
  readonly result: OutcomeResult
  /** Milliseconds from the first request to the end; 0 if nothing was sent. */
  readonly elapsed: number
  /** What went wrong, or why nothing was done: what was tried, Azure's answer, and what to do. */
  readonly problem?: Problem
}

/**
 * - `done`: written and completed
 * - `already`: the object was already as desired, nothing written
 * - `failed`: Azure refused the write
 * - `changed`: the object has changed since the plan, nothing written
 * - `skipped`: a dependency was not done
 * - `cancelled`: the job was stopped before the change started
 * - `unfinished`: the change was in progress when the job was stopped
 */
export type OutcomeResult =
  'done' | 'already' | 'failed' | 'changed' | 'skipped' | 'cancelled' | 'unfinished'

export interface Problem {
  /** What was tried and what Azure answered, in one or two sentences. */
  readonly message: string
  /** What to do, in one sentence. */
  readonly remedy: string
  /** Azure's error code, if the response has one. */
  readonly code?: string
  readonly status?: number
  /** The run's failure reason, if this problem stopped a run that wrote nothing. */
  readonly reason?: FailureReason
  /** `x-ms-correlation-request-id`, for a support ticket. */
  readonly correlationId?: string
}
