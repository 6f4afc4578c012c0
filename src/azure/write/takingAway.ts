import { isClosing } from '../../plan/order.ts'
import type { Change } from '../../plan/plan.ts'
import { writesScope } from '../../plan/schedule/schedule.ts'
import type { WriteContext } from './context.ts'

/** True for what somebody may miss afterwards: what is deleted, moved elsewhere, or closed. */
export function takesAway(change: Change): boolean {
  return change.action === 'delete' || change.action === 'replace' || isClosing(change)
}

/** The same context, in which `ask` comes right before each request that writes. */
export function askedBeforeWrites(
  context: WriteContext,
  change: Change,
  ask: () => Promise<void>,
): WriteContext {
  // Links and modes are sent as they are; the others as one of those in flight.
  if (!writesScope(change)) {
    return {
      ...context,
      inFlight: (send) =>
        context.inFlight(async () => {
          await ask()
          return await send()
        }),
    }
  }
  const { arm } = context
  return {
    ...context,
    arm: {
      ...arm,
      send: async (request) => {
        if (request.method !== 'GET') await ask()
        return await arm.send(request)
      },
    },
  }
}
