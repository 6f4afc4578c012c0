import type { Arm } from './azure/arm.ts'
import type { Diagnostic } from './diagnostics.ts'
import type { GitHubClient } from './github/client.ts'
import type { RunContext } from './github/event.ts'
import type { Log } from './job/log.ts'
import type { Inputs } from './job/inputs.ts'
import type { CommandTraits } from './report.ts'

/** What the files of one run share. */
export interface Run {
  readonly inputs: Inputs
  readonly context: RunContext
  /** Of the command that runs. */
  readonly traits: CommandTraits
  readonly log: Log
  /** Signs in at the first call; every file uses the same sign-in, and is given what another has read already. */
  readonly connect: () => Promise<Arm>
  /** Absent when the workflow passes no token. */
  readonly github: GitHubClient | undefined
  readonly stop: AbortSignal
  readonly giveUp: AbortSignal
  /** Reads a file of the workspace. */
  readonly readFile: (file: string) => Promise<Buffer>
  /** Writes a file of the workspace that must not exist yet, whole or not at all. */
  readonly createFile: (file: string, text: string) => Promise<void>
  readonly env: Readonly<Record<string, string | undefined>>
  /** What several files of this run lay claim to, and only one may. */
  readonly clashes: ReadonlyMap<string, readonly Diagnostic[]>
  /** By file, the mark of its topology; empty when the run has one file only. */
  readonly marks: ReadonlyMap<string, string>
  /** `YYYY-MM-DD` in UTC. */
  readonly today: string
}
