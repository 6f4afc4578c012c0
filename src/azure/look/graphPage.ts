import { AzureError } from '../../errors.ts'
import type { Arm, ArmResponse } from '../arm.ts'
import { field, text } from '../azureJson.ts'
import { entriesOf } from '../pages.ts'

/** Resource Graph as of the recordings and the specification (facts, section 2.3). */
const apiVersion = '2021-03-01'

/** Rows that a page has at most (facts, section 2.3). */
export const mostRows = 1000

/** Bytes that Resource Graph puts into one answer (its own words in microsoft/ARI#199). */
export const mostAnswerBytes = 16 * 1024 * 1024

export interface QueryOptions {
  /** What is being tried, for errors. */
  readonly what: string
  /** Where to look; everywhere that the caller may read when left out. */
  readonly subscriptions?: readonly string[]
  /** Told the id of each row that is too large for any answer; without it such a row ends the run. */
  readonly onTooLarge?: (id: string) => void
}

/** Where a page begins, and how many rows it may have. */
export interface Place {
  readonly top: number
  readonly skipToken?: string
  readonly skip?: number
  /** A page that is too large is not asked for in smaller ones. */
  readonly isWhole?: boolean
}

/** One page of an answer. */
export interface Page {
  readonly rows: readonly unknown[]
  /** Rows of all pages, where Azure says. */
  readonly total: number | undefined
  readonly skipToken: string | undefined
  /** Azure says that it left rows out, and gives no way to get them. */
  readonly isCut: boolean
  /** How many rows were asked for in the end. */
  readonly top: number
  /** Length of the answer. */
  readonly bytes: number
  readonly correlationId: string | undefined
}

/**
 * Reads one page. One that is too large for an answer is asked for again with half as many rows, down to
 * one: Azure refuses it whole (400 `ResponsePayloadTooLarge`).
 *
 * @throws AzureError that `isTooLarge` knows, when a single row is too large
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

/** True for the refusal of an answer that would be too large. */
export function isTooLarge(error: unknown): error is AzureError {
  return (
    error instanceof AzureError &&
    error.status === 400 &&
    (/ResponsePayloadTooLarge/i.test(error.message) || tooLargeWords.test(error.message))
  )
}

/** Half as many rows, and half of that again while by Azure's own figures it would be too large still. */
function smaller(top: number, error: AzureError): number {
  const [, size, limit] = tooLargeWords.exec(error.message) ?? []
  let next = Math.floor(top / 2)
  if (size === undefined || limit === undefined) return next
  while (next > 1 && (Number(size) * next) / top > Number(limit)) next = Math.floor(next / 2)
  return next
}

/** How many rows to ask for next: twice as many where they surely fit, up to what a page may have. */
export function nextTop({ top, bytes }: Page): number {
  return bytes < mostAnswerBytes / 4 ? Math.min(mostRows, top * 2) : top
}
