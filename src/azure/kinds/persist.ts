import { nameOf } from '../../resources/id.ts'
import { pause, pollUntil } from '../poll.ts'
import { parseScope } from '../parse.ts'
import { readScope } from '../scope.ts'
import { isNotReplicated, isScopeBusy, UnfinishedError, type WriteContext } from '../write.ts'

/** How long Azure gets to tell all its parts about something new (recordings, quirk 13). */
const replicationMs = 120_000
const stepMs = 1500

/**
 * Writes to the scope, and again while somebody else is writing to it (Azure refuses with
 * "provisioning state: 'Provisioning'") or while a new endpoint isn't known everywhere yet. Any other
 * error is the caller's.
 */
export async function persist<T>(context: WriteContext, write: () => Promise<T>): Promise<T> {
  const begun = Date.now()
  for (;;) {
    try {
      return await write()
    } catch (error) {
      const elapsed = Date.now() - begun
      const isBusy = isScopeBusy(error) && elapsed < context.waitMs
      const isEarly = isNotReplicated(error) && elapsed < Math.min(replicationMs, context.waitMs)
      if (!isBusy && !isEarly) throw error
      if (isBusy) await waitForScope(context, context.waitMs - elapsed)
      else await pause(stepMs, context.giveUp)
      if (context.giveUp.aborted) {
        throw new UnfinishedError(`The scope ${nameOf(context.scopeId)} was busy until the job was stopped.`)
      }
    }
  }
}

async function waitForScope(context: WriteContext, waitMs: number): Promise<void> {
  await pause(200, context.giveUp)
  await pollUntil({
    waitMs,
    signal: context.giveUp,
    read: () => readScope(context.arm, context.scopeId, nameOf(context.scopeId)),
    isDone: reading =>
      reading.state !== 'found' || parseScope(reading.value).provisioningState !== 'Provisioning',
  })
}
