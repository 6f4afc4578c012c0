import type { HttpClient } from '@azure/core-rest-pipeline'
import { AzureError } from '../../errors.ts'
import { isOwnHost, type QueryServices } from '../http/cloud.ts'
import { reportRemedy } from '../http/userAgent.ts'

export type QueryService = 'logs' | 'metrics'

/**
 * The HTTP client for the query services. It allows only a POST to the read-only query path of each
 * service on this cloud's hosts (contract sections 9 and 13).
 */
export function guardedQueries(
  client: HttpClient,
  services: QueryServices,
  count: () => void,
): HttpClient {
  return {
    async sendRequest(request) {
      const service = /\/api\/v1\/query$/.test(new URL(request.url).pathname) ? 'metrics' : 'logs'
      refuseForeignQuery(service, request.method, request.url, services)
      count()
      return await client.sendRequest(request)
    },
  }
}

/**
 * Throws for any request but that service's query on a host of this cloud, because each request
 * carries a token.
 */
export function refuseForeignQuery(
  service: QueryService,
  method: string,
  url: string,
  services: QueryServices,
): void {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (address === undefined || !isHostOf[service](address, services)) {
    const host = address?.host ?? 'an invalid URL'
    throw new AzureError(
      `The query service is at ${host}, which is not a host of this cloud, so nothing was sent there`,
      {
        code: 'ForeignOrigin',
        remedy:
          'Check the input cloud, and the query endpoint that the workspace shows in the portal. Tokens are sent only to hosts of the cloud.',
      },
    )
  }
  if (method === 'POST' && isQuery[service](address, services)) return
  throw new AzureError(
    `${method} ${address.pathname} was refused before it was sent: it is not a query`,
    {
      code: 'WriteRefused',
      remedy: reportRemedy,
    },
  )
}

const isHostOf: Readonly<Record<QueryService, (url: URL, services: QueryServices) => boolean>> = {
  logs: (url, { logs }) =>
    logs !== undefined &&
    url.origin === new URL(logs.address).origin &&
    isOwnHost(url, url.hostname),
  metrics: (url, { metrics }) => isOwnHost(url, metrics.host),
}

const isQuery: Readonly<Record<QueryService, (url: URL, services: QueryServices) => boolean>> = {
  logs: ({ pathname, search }, { logs }) => {
    const base = new URL(logs?.address ?? 'https://localhost').pathname.replace(/\/$/, '')
    const rest = pathname.startsWith(base) ? pathname.slice(base.length) : ''
    return /^\/v1\/workspaces\/[0-9a-f-]{36}\/query$/i.test(rest) && search === ''
  },
  metrics: ({ pathname, search }) => /\/api\/v1\/query$/.test(pathname) && search === '',
}
