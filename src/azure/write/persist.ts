import { nameOf } from '../../resources/id.ts'
import { parseScope } from '../look/parseResource.ts'
import { pause, pollUntil } from '../poll.ts'
import { isMoving, readScope } from '../look/scope.ts'
import {
  isNotReplicated,
  isScopeBusy,
  StoppedError,
  UnfinishedError,
  type WriteContext,
} from './context.ts'

/** How long Azure may take to replicate a new resource (recordings, quirk 13). */
const replicationMs = 120_000
const stepMs = 1500
/** The pause before retrying a scope that refused, even if it looks idle. */
const breatherMs = 200

/**
 * Writes to the scope. Retries while another write is in progress (Azure refuses with "provisioning
 * state: 'Provisioning'") or while a new endpoint is not replicated yet. Throws any other error.
 * Sends nothing once the job is stopped.
 *
 * @param write called with the number of the try, from 1: from the second on, Azure may have done
 * it already
 */
export async function persist<T>(
  context: WriteContext,
  write: (attempt: number) => Promise<T>,
): Promise<T> {
  const begun = Date.now()
  for (let attempt = 1; ; attempt++) {
    if (context.stop.aborted) throw stoppedAt(context, attempt)
    try {
      return await write(attempt)
    } catch (error) {
      const elapsed = Date.now() - begun
      const isBusy = isScopeBusy(error) && elapsed < context.waitMs
      const isEarly = isNotReplicated(error) && elapsed < Math.min(replicationMs, context.waitMs)
      if (!isBusy && !isEarly) throw error
      await pause(isBusy ? Math.min(breatherMs * attempt, stepMs) : stepMs, context.stop)
      if (isBusy) await waitForIdleScope(context, context.waitMs - elapsed)
    }
  }
}

/** Before the first try nothing was sent; after it, a lost answer may have been a success. */
function stoppedAt(context: WriteContext, attempt: number): Error {
  if (attempt === 1) return new StoppedError()
  return new UnfinishedError(
    `The scope ${nameOf(context.scopeId)} was busy until the job was stopped.`,
  )
}

/** Waits until no write to the scope is in progress, or the job is stopped. */
export async function waitForIdleScope(context: WriteContext, waitMs: number): Promise<void> {
  await pollUntil({
    waitMs,
    signal: context.stop,
    read: () => readScope(context.arm, context.scopeId, nameOf(context.scopeId)),
    isDone: (reading) =>
      reading.state !== 'found' || !isMoving(parseScope(reading.value).provisioningState),
  })
}
