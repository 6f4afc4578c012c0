import { type PipelinePolicy, RestError } from '@azure/core-rest-pipeline'
import { requestClass } from './requestClass.ts'

/** Milliseconds that one try may take, up to the last byte of its answer. */
export type TryTimeout = (method: string, url: string) => number

/** Reads 60 s, writes 120 s: writing an endpoint takes 4 to 8 s (quirk 8). */
export const armTimeout: TryTimeout = (method, url) => {
  const kind = requestClass(method, url)
  return kind === 'reads' || kind === 'queries' ? 60_000 : 120_000
}

/**
 * Ends a hanging try with ETIMEDOUT, which is retried. The SDK's own timeout covers only the
 * headers and looks like a cancellation.
 */
export function tryTimeoutPolicy(timeout: TryTimeout): PipelinePolicy {
  return {
    name: 'tryTimeoutPolicy',
    async sendRequest(request, next) {
      const outer = request.abortSignal
      const limit = new AbortController()
      const milliseconds = timeout(request.method, request.url)
      const ended = { late: false }
      const timer = setTimeout(() => {
        ended.late = true
        limit.abort()
      }, milliseconds)
      const stop = () => limit.abort()
      outer?.addEventListener('abort', stop)
      if (outer?.aborted) limit.abort()
      request.abortSignal = limit.signal
      try {
        return await next(request)
      } catch (error) {
        if (!ended.late || outer?.aborted) throw error
        const seconds = `no answer within ${milliseconds / 1000} s`
        throw new RestError(seconds, { code: 'ETIMEDOUT', request })
      } finally {
        clearTimeout(timer)
        outer?.removeEventListener('abort', stop)
        if (outer) request.abortSignal = outer
        else delete request.abortSignal
      }
    },
  }
}
