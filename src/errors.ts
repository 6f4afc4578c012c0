import { withoutSecrets } from './secrets.ts'

/** Why a run failed, for later steps to branch on (contract section 3). */
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

/** The author of the workflow must act: an input, a permission, a missing sign-in. */
export class InputError extends Error {
  override readonly name = 'InputError'
  /** What to do, one sentence. */
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
  /** Azure's error code, where it gave one. */
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

/** GitHub refused or didn't answer where the run can't go on without it. */
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

/** Whatever was thrown as a failure with what to do; what isn't ours by design is our bug, and says so. */
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
