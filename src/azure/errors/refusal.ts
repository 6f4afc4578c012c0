import type { FailureReason } from '../../errors.ts'
import type { ErrorBody } from '../http/errorBody.ts'

/** What is known of a refused request. */
export interface Refusal extends ErrorBody {
  /** Absent where only the end of a long-running operation tells of the failure. */
  readonly status: number | undefined
  readonly method: string | undefined
  readonly url: string | undefined
}

/** What a rule of the tables makes of a refusal; what it leaves out, the next table gives. */
export interface Advice {
  /** Added to Azure's words: the names that they don't show. */
  readonly also?: string
  readonly remedy: string
  readonly reason?: FailureReason
}
