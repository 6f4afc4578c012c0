import { AzureError } from '../../errors.ts'
import type { Arm } from '../arm.ts'
import { idText } from '../azureJson.ts'
import { pageWatch } from '../pages.ts'
import {
  isTooLarge,
  maxRows,
  nextTop,
  type Page,
  type QueryOptions,
  readPage,
} from './graphPage.ts'
import { readPacked } from './packed.ts'
import { idsOnly, packingOf } from './packing.ts'

export type { QueryOptions } from './graphPage.ts'

/**
 * Queries Resource Graph and returns the rows of all pages. Pages are followed by `$skipToken`;
 * `resultTruncated` is meaningless for plain rows (recordings, quirk 25).
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

/**
 * Like `query`, but passes rows on as they arrive, so that thousands of rows need not be kept. If
 * more than one page is left, it tries the packed query, with many rows in one. If Azure refuses
 * that, or the counts do not match, it reads plain pages; a row may then be passed twice.
 */
export async function queryEach(
  arm: Arm,
  kql: string,
  options: QueryOptions,
  take: (row: unknown) => void,
): Promise<void> {
  const first = await firstPage(arm, kql, options, take)
  if (first === undefined) return
  const packing = packingOf(kql)
  if (packing !== undefined && pagesLeft(first) > 1) {
    if (await readPacked(arm, packing, first, options, take)) return
  }
  for (const row of first.rows) take(row)
  await followPages(arm, kql, options, take, first)
}

/** The first page; `undefined` if all rows were already passed on. */
async function firstPage(
  arm: Arm,
  kql: string,
  options: QueryOptions,
  take: (row: unknown) => void,
): Promise<Page | undefined> {
  try {
    return await readPage(arm, kql, options, { top: maxRows })
  } catch (error) {
    if (!isTooLarge(error)) throw error
    await skipRow(arm, kql, options, 0, error)
    await readRemaining(arm, kql, options, take, { read: 1, top: 1 })
    return undefined
  }
}

/** The number of remaining pages of this size. */
function pagesLeft({ rows, total, skipToken }: Page): number {
  if (skipToken === undefined || total === undefined || rows.length === 0) return 0
  return Math.ceil((total - rows.length) / rows.length)
}

async function followPages(
  arm: Arm,
  kql: string,
  options: QueryOptions,
  take: (row: unknown) => void,
  first: Page,
): Promise<void> {
  if (first.skipToken === undefined) return
  refuseEmpty(first, options)
  await readRemaining(arm, kql, options, take, {
    read: first.rows.length,
    top: nextTop(first),
    skipToken: first.skipToken,
  })
}

/** Reads the remaining pages. Skips and reports rows that are too large for any answer. */
async function readRemaining(
  arm: Arm,
  kql: string,
  options: QueryOptions,
  take: (row: unknown) => void,
  from: { readonly read: number; readonly top: number; readonly skipToken?: string },
): Promise<void> {
  const watch = pageWatch(options.what)
  let { read, top } = from
  let skipToken = from.skipToken
  if (skipToken !== undefined) watch(skipToken)
  for (;;) {
    let page: Page
    try {
      const place = skipToken === undefined ? { skip: read } : { skipToken }
      page = await readPage(arm, kql, options, { top, ...place })
    } catch (error) {
      if (!isTooLarge(error)) throw error
      await skipRow(arm, kql, options, read, error)
      read += 1
      top = 1
      skipToken = undefined
      continue
    }
    for (const row of page.rows) take(row)
    skipToken = page.skipToken
    if (skipToken === undefined) return
    watch(skipToken)
    refuseEmpty(page, options)
    read += page.rows.length
    top = nextTop(page)
  }
}

/** Skips a row that is too large for any answer, reading only its id. */
async function skipRow(
  arm: Arm,
  kql: string,
  options: QueryOptions,
  read: number,
  error: unknown,
): Promise<void> {
  const ids = idsOnly(kql)
  if (options.onTooLarge === undefined || ids === undefined) throw error
  const { rows } = await readPage(arm, ids, options, { top: 1, skip: read })
  const id = idText(rows[0], 'id')
  if (id === undefined) throw error
  options.onTooLarge(id)
}

function refuseEmpty({ rows, correlationId }: Page, { what }: QueryOptions): void {
  if (rows.length > 0) return
  throw new AzureError(
    `${what}: Resource Graph returned an empty page although more pages follow.`,
    {
      remedy: 'Run again; if it happens again, open an issue with the correlation id.',
      correlationId,
    },
  )
}

/**
 * Queries the table of associations. Working queries use `insightsresources`, the documentation's
 * list has `insightresources` (facts, section 2.3): if Azure does not know the first, the second is
 * tried.
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
