import type { HttpClient } from '@azure/core-rest-pipeline'

/**
 * A client that reaches hosts that are given as an IPv6 address. The SDK hands the brackets of `https://[fd00::4]:8443`
 * on to the system, which looks for a host of that name.
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
        // A redirect sends the same request elsewhere.
        if (requestOverrides === undefined) delete request.requestOverrides
        else request.requestOverrides = requestOverrides
      }
    },
  }
}
