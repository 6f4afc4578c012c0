import type { PipelinePolicy } from '@azure/core-rest-pipeline'
import { tokenBucket } from '../http/bucket.ts'
import type { Clock } from '../http/clock.ts'
import { gate } from '../http/gate.ts'
import { waitAsked } from '../http/waits.ts'

/**
 * Log Analytics runs five queries at a time per user; one is left for interactive use (facts-2
 * A.1).
 */
const inFlight = 4
/** The limit is 200 requests in 30 seconds over all workspaces. */
const allowance = { capacity: 100, perSecond: 3 }
const shortPauseMs = 2000

/** Limits requests to the published rate of the query services. A 429 pauses all requests. */
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
