import { AzureError } from '../../errors.ts'
import type { Owner } from '../../resources/ownership.ts'
import type { Arm } from '../arm.ts'

export function rawMessage(error: AzureError): string {
  return error.message
}

/** What a write needs beside the change. */
export interface WriteContext {
  readonly arm: Arm
  /** Whose marks are written. */
  readonly owner: Owner
  /** Id of the private link scope, as the file writes it. */
  readonly scopeId: string
  /** Longest wait for one long-running operation, in milliseconds. */
  readonly waitMs: number
  /** Aborted when the job is cancelled or nears its limit: no write is sent any more. */
  readonly stop: AbortSignal
  /** Aborted when no time is left after that: waits for what runs end at once. */
  readonly giveUp: AbortSignal
  /** Runs a write as one of those in flight; the read before it waits in no line. */
  readonly inFlight: <T>(send: () => Promise<T>) => Promise<T>
  /** Looks at every target exactly, right before ingestion is closed; what would go dark, in words. */
  readonly findDark: () => Promise<readonly string[]>
}

/** `done`: written and finished. `already`: found as wanted, nothing written. */
export type WriteResult = 'done' | 'already'

/** The object is no longer what the plan saw; nothing was written. */
export class PremiseError extends Error {
  override readonly name = 'PremiseError'
  readonly remedy = 'Plan again: the next plan shows what it is now.'
}

/** The job was stopped before this was sent; nothing was written. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
  readonly remedy = 'Run the same job again.'
  constructor() {
    super('The job was stopped before this was begun.')
  }
}

/** The branch holds a newer file by now: its own run goes on from here. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError'
  readonly remedy =
    'Nothing has to be done: the run of the newer commit applies what its file says.'
  constructor() {
    super('A newer commit changed the topology file before this was begun.')
  }
}

/** The job was stopped while Azure was still at it. */
export class UnfinishedError extends Error {
  override readonly name = 'UnfinishedError'
  readonly remedy =
    'Run the same job again: it waits for what Azure is still doing, and goes on from there.'
}

/** True for Azure's word that somebody else is writing to the scope: to be waited for, not to fail on. */
export function isScopeBusy(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    (error.status === 409 || error.status === 400) &&
    /provisioning state/i.test(rawMessage(error))
  )
}

/** True for Azure's word that the linked resource isn't known to it yet: replication (recordings, quirk 13). */
export function isNotReplicated(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    ((error.status === 412 && /not found in/i.test(rawMessage(error))) ||
      (error.status === 404 && error.code === 'LinkedResourceNotFound'))
  )
}

/** True for Azure's word that this resource is linked already, under some name (facts, section 0, fact 1). */
export function isLinkedAlready(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    error.status === 409 &&
    /already exists in this private link scope/i.test(rawMessage(error))
  )
}
