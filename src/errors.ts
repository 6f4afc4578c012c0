import { withoutSecrets } from './secrets.ts'

/** Why a run failed: the output `failure-reason`, on which later steps can branch (contract section 3). */
export const failureReasons = [
  'invalid-topology',
  'invalid-input',
  'auth-failed',
  'forbidden',
  'blocked',
  'plan-changed',
  'plan-not-found',
  'limit-exceeded',
  'partial-apply',
  'not-converged',
  'azure-error',
  'github-error',
  'telemetry-silent',
  'network-unreachable',
] as const

export type FailureReason = (typeof failureReasons)[number]

/** The author of the workflow must act: fix an input, grant a permission, add a sign-in. */
export class InputError extends Error {
  override readonly name = 'InputError'
  /** What to do, in one sentence. */
  readonly remedy: string
  readonly reason: FailureReason
  constructor(
    message: string,
    remedy: string,
    options: { reason?: FailureReason; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.remedy = remedy
    this.reason = options.reason ?? 'invalid-input'
  }
}

/** The owner of the subscription must act: Azure refused, or didn't answer. */
export class AzureError extends Error {
  override readonly name = 'AzureError'
  readonly remedy: string
  readonly reason: FailureReason
  /** Azure's error code, if the response has one. */
  readonly code: string | undefined
  readonly status: number | undefined
  readonly correlationId: string | undefined
  constructor(
    message: string,
    options: {
      remedy: string
      reason?: FailureReason
      code?: string | undefined
      status?: number | undefined
      correlationId?: string | undefined
      cause?: unknown
    },
  ) {
    super(message, { cause: options.cause })
    this.remedy = options.remedy
    this.reason = options.reason ?? 'azure-error'
    this.code = options.code
    this.status = options.status
    this.correlationId = options.correlationId
  }
}

/** GitHub refused or didn't answer, and the run can't continue without the answer. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  readonly remedy: string
  readonly reason: FailureReason = 'github-error'
  readonly status: number | undefined
  constructor(message: string, options: { remedy: string; status?: number; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.remedy = options.remedy
    this.status = options.status
  }
}

/** Turns anything thrown into a failure with a remedy. Any other class of error is a bug in this action, and the message says so. */
export function asFailure(error: unknown): Failure {
  if (error instanceof InputError || error instanceof AzureError || error instanceof GitHubError) {
    return {
      reason: error.reason,
      message: withoutSecrets(error.message),
      remedy: withoutSecrets(error.remedy),
    }
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    reason: 'azure-error',
    message: withoutSecrets(`This is a bug in the action: ${words}`),
    remedy: 'Please open an issue with this text and, if you can, the topology file.',
  }
}

export interface Failure {
  readonly reason: FailureReason
  readonly message: string
  readonly remedy: string
}
