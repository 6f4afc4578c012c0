import type { HttpClient } from '@azure/core-rest-pipeline'
import { AzureError } from '../../errors.ts'
import { type RequestClass, requestClass } from './requestClass.ts'
import { reportRemedy } from './userAgent.ts'

/** What a run may send, and to whom. */
export interface GuardRules {
  /** The Resource Manager's own origin: the only place that a token is ever sent to. */
  readonly origin: string
  readonly writes: 'refused' | 'allowed'
  /** Told of every request that is let through. */
  readonly count: (kind: RequestClass) => void
}

/**
 * The client that puts requests on the wire, behind a gate. It is the last thing that a request of
 * any pipeline passes, the SDK's own included, so no policy, redirect, nextLink or polling address
 * leads around it (contract promises 1 and 7).
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

/** What refuses every address but those of one origin. */
export function ownOrigin(origin: string): (url: string) => void {
  return (url) => refuseForeignOrigin(url, origin)
}

/** Throws when the address isn't the Resource Manager's own: whoever wrote it there would get a token. */
export function refuseForeignOrigin(url: string, origin: string): void {
  const own = new URL(url).origin
  if (own === origin) return
  throw new AzureError(
    `An answer of ${origin} leads on to ${own}, which is not the Resource Manager this run signed in to, so nothing was sent there`,
    {
      code: 'ForeignOrigin',
      remedy:
        'Run the job again. If it stays, name the Resource Manager that answers for this subscription in the input cloud, or have whoever runs the proxy in between look at it.',
    },
  )
}

function writeRefused(method: string, url: string): AzureError {
  return new AzureError(
    `${method} ${new URL(url).pathname} was refused before it was sent, because this run only reads`,
    { code: 'WriteRefused', remedy: reportRemedy },
  )
}
