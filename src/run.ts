import type { Arm } from './azure/arm.ts'
import { AzureError, GitHubError, InputError } from './errors.ts'
import type { GitHubClient } from './github/client.ts'
import type { RunContext } from './github/event.ts'
import type { Log } from './job/log.ts'
import type { Inputs } from './job/inputs.ts'
import type { Failure } from './report.ts'
import { withoutSecrets } from './secrets.ts'

/** What the files of one run share. */
export interface Run {
  readonly inputs: Inputs
  readonly context: RunContext
  readonly log: Log
  /** Signs in at the first call; every file uses the same sign-in, and is given what another has read already. */
  readonly connect: () => Promise<Arm>
  /** Absent when the workflow passes no token. */
  readonly github: GitHubClient | undefined
  readonly stop: AbortSignal
  readonly giveUp: AbortSignal
  /** Reads a file of the workspace. */
  readonly readFile: (file: string) => Promise<Buffer>
  readonly env: Readonly<Record<string, string | undefined>>
  /** By file, the other files of this run that claim the same name. */
  /** By file, the mark of its topology; empty when the run has one file only. */
  readonly marks: ReadonlyMap<string, string>
  readonly sameName: ReadonlyMap<string, readonly string[]>
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
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
