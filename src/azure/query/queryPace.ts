import type { PipelinePolicy } from '@azure/core-rest-pipeline'
import { tokenBucket } from '../http/bucket.ts'
import type { Clock } from '../http/clock.ts'
import { gate } from '../http/gate.ts'
import { waitAsked } from '../http/waits.ts'

/** Of five queries that Log Analytics runs at a time for one user, one is left for people (facts-2 A.1). */
const inFlight = 4
/** 200 requests in 30 seconds over all workspaces. */
const allowance = { capacity: 100, perSecond: 3 }
const shortPauseMs = 2000

/** Asks at the pace that the query services publish; a 429 that comes all the same holds up everybody. */
export function queryPace(clock: Clock): PipelinePolicy {
  const places = gate(inFlight)
  const bucket = tokenBucket(allowance, clock)
  return {
    name: 'queryPace',
    async sendRequest(request, next) {
      await bucket.take(request.abortSignal)
      const leave = await places.enter(request.abortSignal)
      try {
        const response = await next(request)
        if (response.status === 429) {
          const wait = waitAsked(response, clock.now()) ?? shortPauseMs
          bucket.pauseUntil(clock.now() + wait)
        }
        return response
      } finally {
        leave()
      }
    },
  }
}
