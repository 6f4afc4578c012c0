import { AzureError } from '../../errors.ts'
import type { Arm, ArmResponse } from '../arm.ts'
import { field, text } from '../azureJson.ts'
import { entriesOf } from '../pages.ts'

/** The API version of the recordings and the specification (facts, section 2.3). */
const apiVersion = '2021-03-01'

/** The most rows per page (facts, section 2.3). */
export const maxRows = 1000

/** Resource Graph's limit for an answer, in bytes (from its error message in microsoft/ARI#199). */
export const maxAnswerBytes = 16 * 1024 * 1024

export interface QueryOptions {
  /** What the query does, for errors. */
  readonly what: string
  /** The subscriptions to query; all that the caller can read if omitted. */
  readonly subscriptions?: readonly string[]
  /**
   * Called with the id of each row that is too large for any answer. Without it, such a row is an
   * error.
   */
  readonly onTooLarge?: (id: string) => void
}

/** Where a page starts, and the most rows it may have. */
export interface Place {
  readonly top: number
  readonly skipToken?: string
  readonly skip?: number
  /** A page that is too large is not split into smaller ones. */
  readonly isWhole?: boolean
}

/** One page of an answer. */
export interface Page {
  readonly rows: readonly unknown[]
  /** The number of rows on all pages, if Azure reports it. */
  readonly total: number | undefined
  readonly skipToken: string | undefined
  /** Azure reports that it omitted rows, without a way to get them. */
  readonly isCut: boolean
  /** The number of rows finally requested. */
  readonly top: number
  /** Length of the answer. */
  readonly bytes: number
  readonly correlationId: string | undefined
}

/**
 * Reads one page. If Azure refuses it as too large (400 `ResponsePayloadTooLarge`), retries with
 * half as many rows, down to one.
 *
 * @throws AzureError for which `isTooLarge` is true, if a single row is too large
 */
export async function readPage(
  arm: Arm,
  kql: string,
  options: QueryOptions,
  place: Place,
): Promise<Page> {
  let { top } = place
  for (;;) {
    try {
      return pageOf(await ask(arm, kql, options, { ...place, top }), top, options)
    } catch (error) {
      if (!isTooLarge(error) || top === 1 || place.isWhole === true) throw error
      top = smaller(top, error)
    }
  }
}

async function ask(
  arm: Arm,
  kql: string,
  { what, subscriptions }: QueryOptions,
  { top, skipToken, skip }: Place,
): Promise<ArmResponse> {
  return await arm.send({
    method: 'POST',
    path: '/providers/Microsoft.ResourceGraph/resources',
    apiVersion,
    what,
    body: {
      ...(subscriptions === undefined ? {} : { subscriptions }),
      query: kql,
      options: {
        resultFormat: 'objectArray',
        $top: top,
        ...(skip === undefined ? {} : { $skip: skip }),
        ...(skipToken === undefined ? {} : { $skipToken: skipToken }),
      },
    },
  })
}

function pageOf(answer: ArmResponse, top: number, { what }: QueryOptions): Page {
  const total = field(answer.body, 'totalRecords')
  return {
    rows: entriesOf(answer.body, 'data', what),
    total: typeof total === 'number' ? total : undefined,
    skipToken: text(answer.body, '$skipToken'),
    isCut: text(answer.body, 'resultTruncated')?.toLowerCase() === 'true',
    top,
    bytes: answer.text.length,
    correlationId: answer.headers.get('x-ms-correlation-request-id'),
  }
}

const tooLargeWords = /payload size is (\d+),? and has exceeded the limit of (\d+)/i

/** True for the refusal of an answer that is too large. */
export function isTooLarge(error: unknown): error is AzureError {
  return (
    error instanceof AzureError &&
    error.status === 400 &&
    (/ResponsePayloadTooLarge/i.test(error.message) || tooLargeWords.test(error.message))
  )
}

/** Half as many rows; halved further while still too large by Azure's own figures. */
function smaller(top: number, error: AzureError): number {
  const [, size, limit] = tooLargeWords.exec(error.message) ?? []
  let next = Math.floor(top / 2)
  if (size === undefined || limit === undefined) return next
  while (next > 1 && (Number(size) * next) / top > Number(limit)) next = Math.floor(next / 2)
  return next
}

/** How many rows to request next: twice as many if they surely fit, up to the page limit. */
export function nextTop({ top, bytes }: Page): number {
  return bytes < maxAnswerBytes / 4 ? Math.min(maxRows, top * 2) : top
}
