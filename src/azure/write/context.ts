import { AzureError } from '../../errors.ts'
import type { Owner } from '../../resources/ownership.ts'
import type { Arm } from '../arm.ts'

export function rawMessage(error: AzureError): string {
  return error.message
}

/** What a write needs besides the change. */
export interface WriteContext {
  readonly arm: Arm
  /** The owner whose mark is written. */
  readonly owner: Owner
  /** Id of the private link scope, as in the file. */
  readonly scopeId: string
  /** Maximum wait for one long-running operation, in milliseconds. */
  readonly waitMs: number
  /** Aborted when the job is cancelled or nears its limit: no more writes are sent. */
  readonly stop: AbortSignal
  /** Aborted when no time is left after that: waits for running operations end at once. */
  readonly giveUp: AbortSignal
  /** Runs a write when a place is free; the reads before it need no place. */
  readonly inFlight: <T>(send: () => Promise<T>) => Promise<T>
  /**
   * Reads every target exactly, right before ingestion is closed. Returns what would be cut off, in
   * words.
   */
  readonly findDark: () => Promise<readonly string[]>
}

/** `done`: written and finished. `already`: already in the wanted state, nothing written. */
export type WriteResult = 'done' | 'already'

/** The object has changed since the plan; nothing was written. */
export class PremiseError extends Error {
  override readonly name = 'PremiseError'
  readonly remedy = 'Plan again: the next plan shows the current state.'
}

/** The job was stopped before this was sent; nothing was written. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
  readonly remedy = 'Run the same job again.'
  constructor() {
    super('The job was stopped before this change was started.')
  }
}

/** The branch has a newer file now, whose own run continues. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError'
  readonly remedy = 'Nothing to do: the run of the newer commit applies its file.'
  constructor() {
    super('A newer commit changed the topology file before this change was started.')
  }
}

/** The job was stopped while Azure was still working on the change. */
export class UnfinishedError extends Error {
  override readonly name = 'UnfinishedError'
  readonly remedy =
    'Run the same job again: it waits for Azure to finish, and continues from there.'
}

/** True if Azure reports another write to the scope in progress: wait, don't fail. */
export function isScopeBusy(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    (error.status === 409 || error.status === 400) &&
    /provisioning state/i.test(rawMessage(error))
  )
}

/**
 * True if Azure does not know the linked resource yet, because of replication (recordings, quirk
 * 13).
 */
export function isNotReplicated(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    ((error.status === 412 && /not found in/i.test(rawMessage(error))) ||
      (error.status === 404 && error.code === 'LinkedResourceNotFound'))
  )
}

/**
 * True if Azure reports that the resource is linked already, under any name (facts, section 0, fact
 * 1).
 */
export function isLinkedAlready(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    error.status === 409 &&
    /already exists in this private link scope/i.test(rawMessage(error))
  )
}
