import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'

const maxRedirects = 5

/**
 * Follows redirects within the Resource Manager; the guarded client behind the pipeline refuses all
 * others. The SDK's own policy drops the token even on the same host, which gives a 401.
 */
export function ownRedirectPolicy(): PipelinePolicy {
  return {
    name: 'ownRedirectPolicy',
    async sendRequest(request, next) {
      let response = await next(request)
      for (let followed = 0; followed < maxRedirects; followed += 1) {
        const target = redirectTarget(request, response)
        if (target === undefined) return response
        request.url = target
        response = await next(request)
      }
      return response
    },
  }
}

/** The URL to repeat the request at. A body is only repeated if the status keeps the method. */
function redirectTarget(request: PipelineRequest, response: PipelineResponse): string | undefined {
  const location = response.headers.get('location')
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const keepsMethod = response.status === 307 || response.status === 308
  const changesMethod = [301, 302, 303].includes(response.status)
  if (location === undefined || !(keepsMethod || (changesMethod && isRead))) return undefined
  return new URL(location, request.url).href
}

/**
 * Refuses a foreign URL early, before any wait or sign-in; the guarded client behind the pipeline
 * refuses it in any case.
 */
export function refusalPolicy(refuse: (url: string) => void): PipelinePolicy {
  return {
    name: 'refusalPolicy',
    async sendRequest(request, next) {
      refuse(request.url)
      return await next(request)
    },
  }
}
