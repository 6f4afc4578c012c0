import { AzureError } from '../../errors.ts'
import type { Arm } from '../arm.ts'
import { text } from '../azureJson.ts'
import { entriesOf, pageWatch } from '../pages.ts'

/** Resource Graph as of the recordings and the specification (facts, section 2.3). */
const apiVersion = '2021-03-01'

export interface QueryOptions {
  /** What is being tried, for errors. */
  readonly what: string
  /** Where to look; everywhere that the caller may read when left out. */
  readonly subscriptions?: readonly string[]
}

/**
 * Asks Resource Graph and gives every row of every page. Pages are followed by `$skipToken`;
 * `resultTruncated` says nothing (recordings, quirk 25).
 */
export async function query(
  arm: Arm,
  kql: string,
  options: QueryOptions,
): Promise<readonly unknown[]> {
  const rows: unknown[] = []
  await queryEach(arm, kql, options, (row) => rows.push(row))
  return rows
}

/** The same row by row, as the pages come: of many thousands only what is made of them is kept. */
export async function queryEach(
  arm: Arm,
  kql: string,
  options: QueryOptions,
  take: (row: unknown) => void,
): Promise<void> {
  const watch = pageWatch(options.what)
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
    const page = entriesOf(answer.body, 'data', options.what)
    for (const row of page) take(row)
    skipToken = text(answer.body, '$skipToken')
    if (skipToken !== undefined) watch(skipToken)
    if (skipToken !== undefined && page.length === 0) {
      throw new AzureError(
        `${options.what}: Resource Graph gave an empty page with more to come.`,
        {
          remedy: 'Run again; if it stays so, open an issue with the correlation id.',
          correlationId: answer.headers.get('x-ms-correlation-request-id'),
        },
      )
    }
  } while (skipToken !== undefined)
}

/**
 * The table that holds associations. Working queries use `insightsresources`, the documentation's
 * list prints `insightresources` (facts, section 2.3): the second is tried when the first is unknown.
 */
export async function queryAssociations(
  arm: Arm,
  makeQuery: (table: string) => string,
  options: QueryOptions,
  take: (row: unknown) => void,
): Promise<void> {
  try {
    await queryEach(arm, makeQuery('insightsresources'), options, take)
  } catch (error) {
    if (!(error instanceof AzureError) || error.status !== 400) throw error
    await queryEach(arm, makeQuery('insightresources'), options, take)
  }
}
