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

/** How long Azure gets to tell all its parts about something new (recordings, quirk 13). */
const replicationMs = 120_000
const stepMs = 1500
/** A scope that refused and already looks idle is not asked again at once. */
const breatherMs = 200

/**
 * Writes to the scope, and again while somebody else is writing to it (Azure refuses with
 * "provisioning state: 'Provisioning'") or while a new endpoint isn't known everywhere yet. Any other
 * error is the caller's. Nothing is sent once the job is stopped.
 *
 * @param write given the number of the try, from 1: from the second on, Azure may have done it already
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

/** Before the first try nothing was sent; later on an answer that was lost may have been a yes. */
function stoppedAt(context: WriteContext, attempt: number): Error {
  if (attempt === 1) return new StoppedError()
  return new UnfinishedError(
    `The scope ${nameOf(context.scopeId)} was busy until the job was stopped.`,
  )
}

/** Waits until nothing is being written to the scope, or the job is stopped. */
export async function waitForIdleScope(context: WriteContext, waitMs: number): Promise<void> {
  await pollUntil({
    waitMs,
    signal: context.stop,
    read: () => readScope(context.arm, context.scopeId, nameOf(context.scopeId)),
    isDone: (reading) =>
      reading.state !== 'found' || !isMoving(parseScope(reading.value).provisioningState),
  })
}
