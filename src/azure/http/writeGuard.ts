import type { HttpClient } from '@azure/core-rest-pipeline'
import { AzureError } from '../../errors.ts'
import { type RequestClass, requestClass } from './requestClass.ts'
import { reportRemedy } from './userAgent.ts'

/** What a run may send, and where. */
export interface GuardRules {
  /** The Resource Manager's origin: the only place that gets a token. */
  readonly origin: string
  readonly writes: 'refused' | 'allowed'
  /** Called for every allowed request. */
  readonly count: (kind: RequestClass) => void
}

/**
 * The HTTP client that enforces the rules. Every request of any pipeline, including the SDK's,
 * passes it last, so no policy, redirect, nextLink or polling URL can bypass it (contract promises
 * 1 and 7).
 */
export function guardedClient(client: HttpClient, rules: GuardRules): HttpClient {
  return {
    async sendRequest(request) {
      const kind = requestClass(request.method, request.url)
      refuseForeignOrigin(request.url, rules.origin)
      if (rules.writes === 'refused' && kind !== 'reads' && kind !== 'queries') {
        throw writeRefused(request.method, request.url)
      }
      rules.count(kind)
      return await client.sendRequest(request)
    },
  }
}

/** Returns a check that refuses every URL outside one origin. */
export function ownOrigin(origin: string): (url: string) => void {
  return (url) => refuseForeignOrigin(url, origin)
}

/** Throws if the URL isn't the Resource Manager's: its owner would get a token. */
export function refuseForeignOrigin(url: string, origin: string): void {
  const own = new URL(url).origin
  if (own === origin) return
  throw new AzureError(
    `An answer of ${origin} points to ${own}, which is not the Resource Manager that this run signed in to, so nothing was sent there`,
    {
      code: 'ForeignOrigin',
      remedy:
        'Run the job again. If it happens again, set the input cloud to the Resource Manager of this subscription, or ask the administrator of the proxy in between.',
    },
  )
}

function writeRefused(method: string, url: string): AzureError {
  return new AzureError(
    `${method} ${new URL(url).pathname} was refused before it was sent, because this run only reads`,
    { code: 'WriteRefused', remedy: reportRemedy },
  )
}
