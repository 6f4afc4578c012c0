import { pageOf } from './page.ts'
import { prepareQuery } from './query.ts'
import { createQuota, quotaHeaders, seconds, unlimited, type Allowance } from './quota.ts'
import { NotSimulated, Refused, type Detail } from './refusal.ts'
import { readRequest } from './request.ts'
import {
  cutLists,
  type ListLimit,
  makesLists,
  mostBytes,
  notTaken,
  refuseTooLarge,
} from './size.ts'
import type { Tables } from './tabular.ts'

export { checkQuery } from './query.ts'
export type { Row, Tables } from './tabular.ts'

/** An answer, independent of sockets; `body` is JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: unknown
}

/**
 * `POST /providers/Microsoft.ResourceGraph/resources`, the same for all stable api versions since 2021-03-01: parses the KQL with
 * Microsoft's language service, refuses what Resource Graph refuses, and evaluates the rest over the given rows. README.md is its
 * specification. `pageSize` is the maximum number of rows per page (1,000 in Azure), `now` is in milliseconds, `quota` enables the refusal
 * of the 16th query in 5 seconds, `answerBytes` is the size limit of an answer (16 MiB in Azure), `lists` the behaviour of `make_list`.
 */
export function createResourceGraph(options: {
  pageSize(): number
  now(): number
  quota?: boolean
  answerBytes?(): number
  lists?(): ListLimit
}): {
  answer(
    body: unknown,
    principal: string,
    tables: (subscriptions: readonly string[] | undefined) => Tables,
  ): Answer
} {
  const quota = createQuota(() => options.now())
  const support = supportLines(() => options.now())
  return {
    answer(body, principal, tables) {
      const allowance = options.quota === true ? quota(principal) : unlimited
      const headers = quotaHeaders(allowance)
      if (!allowance.allowed) return throttled(allowance, headers, support())
      try {
        const request = readRequest(body)
        const query = prepareQuery(request.query)
        const lists = options.lists?.() ?? 'taken'
        if (lists === 'refused' && makesLists(request.query)) throw notTaken()
        const rows = query.run(tables(request.subscriptions), options.now())
        const kept = typeof lists === 'number' ? cutLists(rows, request.query, lists) : rows
        const page = pageOf(kept, query, request, options.pageSize())
        refuseTooLarge(page['data'] ?? null, options.answerBytes?.() ?? mostBytes)
        return { status: 200, headers, body: page }
      } catch (error) {
        if (error instanceof Refused)
          return { status: 400, headers, body: failure('BadRequest', support(), error.details) }
        if (!(error instanceof NotSimulated)) throw error
        return { status: 501, headers, body: failure('NotSimulated', error.message, []) }
      }
    },
  }
}

/** As quoted in Azure/azure-cli-extensions#3325; the wait is that of the quota header. */
function throttled(allowance: Allowance, headers: Record<string, string>, line: string): Answer {
  const message =
    'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.'
  return {
    status: 429,
    headers: { ...headers, 'retry-after': String(seconds(allowance.resetsAfter)) },
    body: failure('RateLimiting', line, [{ code: 'RateLimiting', message }]),
  }
}

function failure(code: string, message: string, details: readonly Detail[]): unknown {
  return { error: { code, message, details } }
}

/** The message of every error: a line for Microsoft's support, here with a running number as correlation id. */
function supportLines(now: () => number): () => string {
  let number = 0
  return () => {
    number++
    const time = new Date(now()).toISOString().replace('Z', '0000Z')
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    return `Please provide below info when asking for support: timestamp = ${time}, correlationId = ${id}.`
  }
}
