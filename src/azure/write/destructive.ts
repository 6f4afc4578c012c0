import { isClosing } from '../../plan/order.ts'
import type { Change } from '../../plan/plan.ts'
import { writesScope } from '../../plan/schedule/schedule.ts'
import type { WriteContext } from './context.ts'

/** True for a change that deletes or moves an object, or closes ingestion or queries. */
export function isDestructive(change: Change): boolean {
  return change.action === 'delete' || change.action === 'replace' || isClosing(change)
}

/** The context with `ask` called right before each writing request. */
export function checkedBeforeWrites(
  context: WriteContext,
  change: Change,
  ask: () => Promise<void>,
): WriteContext {
  // Links and modes are sent directly; other writes go through `inFlight`.
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
