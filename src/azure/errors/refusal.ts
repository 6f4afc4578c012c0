import type { FailureReason } from '../../errors.ts'
import type { ErrorBody } from '../http/errorBody.ts'

/** A refused request. */
export interface Refusal extends ErrorBody {
  /** Absent if the failure is the result of a long-running operation. */
  readonly status: number | undefined
  readonly method: string | undefined
  readonly url: string | undefined
}

/** The advice of a rule for a refusal; omitted parts come from the status. */
export interface Advice {
  /** Names to add to Azure's message. */
  readonly also?: string
  readonly remedy: string
  readonly reason?: FailureReason
}
