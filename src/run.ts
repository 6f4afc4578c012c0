import type { Arm } from './azure/arm.ts'
import type { Diagnostic } from './diagnostics.ts'
import type { GitHubClient } from './github/client.ts'
import type { RunContext } from './github/event.ts'
import type { Log } from './job/log.ts'
import type { Inputs } from './job/inputs.ts'
import type { CommandTraits } from './report.ts'

/** Everything the files of one run share. */
export interface Run {
  readonly inputs: Inputs
  readonly context: RunContext
  /** The traits of the command that runs. */
  readonly traits: CommandTraits
  readonly log: Log
  /** Signs in on the first call; all files share the sign-in and the reads. */
  readonly connect: () => Promise<Arm>
  /** Absent when the workflow passes no token. */
  readonly github: GitHubClient | undefined
  readonly stop: AbortSignal
  readonly giveUp: AbortSignal
  /** Reads a file of the workspace. */
  readonly readFile: (file: string) => Promise<Buffer>
  /** Creates a file of the workspace, whole or not at all; it must not exist yet. */
  readonly createFile: (file: string, text: string) => Promise<void>
  readonly env: Readonly<Record<string, string | undefined>>
  /** By file: diagnostics for names and scopes that several files of this run use. */
  readonly clashes: ReadonlyMap<string, readonly Diagnostic[]>
  /** By file: the mark of its topology; empty when the run has only one file. */
  readonly marks: ReadonlyMap<string, string>
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
}
