import { AzureError } from '../errors.ts'
import type { Arm } from './arm.ts'
import { list, text } from './json.ts'

/** Resource Graph as of the recordings and the specification (facts, section 2.3). */
const apiVersion = '2021-03-01'

/**
 * Asks Resource Graph and reads every page. Without `subscriptions` it looks in all that the caller
 * may read. Pages are followed by `$skipToken`; `resultTruncated` says nothing (recordings, quirk 25).
 */
export async function query(
  arm: Arm,
  kql: string,
  options: { readonly what: string; readonly subscriptions?: readonly string[] },
): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  let skipToken: string | undefined
  do {
    const answer = await arm.send({
      method: 'POST',
      path: '/providers/Microsoft.ResourceGraph/resources',
      apiVersion,
      what: options.what,
      body: {
        ...(options.subscriptions === undefined ? {} : { subscriptions: options.subscriptions }),
        query: kql,
        options: {
          resultFormat: 'objectArray',
          $top: 1000,
          ...(skipToken === undefined ? {} : { $skipToken: skipToken }),
        },
      },
    })
    const page = list(answer.body, 'data')
    rows.push(...page)
    const next = text(answer.body, '$skipToken')
    if (next !== undefined && page.length === 0) {
      throw new AzureError(
        `${options.what}: Resource Graph gave an empty page with more to come.`,
        {
          remedy: 'Run again; if it stays so, open an issue with the correlation id.',
          correlationId: answer.headers.get('x-ms-correlation-request-id'),
        },
      )
    }
    skipToken = next
  } while (skipToken !== undefined)
  return rows
}

/**
 * The table that holds associations. Working queries use `insightsresources`, the documentation's
 * list prints `insightresources` (facts, section 2.3): the second is tried when the first is unknown.
 */
export async function queryAssociations(
  arm: Arm,
  makeQuery: (table: string) => string,
  options: { readonly what: string },
): Promise<readonly unknown[]> {
  try {
    return await query(arm, makeQuery('insightsresources'), options)
  } catch (error) {
    if (!(error instanceof AzureError) || error.status !== 400) throw error
    return await query(arm, makeQuery('insightresources'), options)
  }
}
