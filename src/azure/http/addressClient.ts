import type { HttpClient } from '@azure/core-rest-pipeline'

/**
 * A client that supports hosts given as IPv6 addresses. The SDK passes the brackets of
 * `https://[fd00::4]:8443` on to the system, which then tries to resolve them as a name.
 */
export function addressClient(client: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      const address = /^\[(.+)\]$/.exec(new URL(request.url).hostname)?.[1]
      if (address === undefined) return await client.sendRequest(request)
      const { requestOverrides } = request
      request.requestOverrides = { ...requestOverrides, hostname: address }
      try {
        return await client.sendRequest(request)
      } finally {
        // A redirect reuses the request object for another host.
        if (requestOverrides === undefined) delete request.requestOverrides
        else request.requestOverrides = requestOverrides
      }
    },
  }
}
