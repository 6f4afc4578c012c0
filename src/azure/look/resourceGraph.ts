import { AzureError } from '../../errors.ts'
import type { Arm } from '../arm.ts'
import { idText } from '../azureJson.ts'
import { pageWatch } from '../pages.ts'
import {
  isTooLarge,
  mostRows,
  nextTop,
  type Page,
  type QueryOptions,
  readPage,
} from './graphPage.ts'
import { readPacked } from './packed.ts'
import { idsOnly, packingOf } from './packing.ts'

export type { QueryOptions } from './graphPage.ts'

/**
 * Asks Resource Graph and gives every row of every page. Pages are followed by `$skipToken`;
 * `resultTruncated` says nothing of plain rows (recordings, quirk 25).
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
 * The same row by row, as the answers come: of many thousands only what is made of them is kept. Where more
 * than one page is left, they are asked for packed, many rows in one; the pages are what remains where
 * Azure refuses that, or where it doesn't add up. A row may then be given twice.
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

/** The first page that has something in it; `undefined` where there is nothing more to do. */
async function firstPage(
  arm: Arm,
  kql: string,
  options: QueryOptions,
  take: (row: unknown) => void,
): Promise<Page | undefined> {
  try {
    return await readPage(arm, kql, options, { top: mostRows })
  } catch (error) {
    if (!isTooLarge(error)) throw error
    await stepOver(arm, kql, options, 0, error)
    await goOn(arm, kql, options, take, { read: 1, top: 1 })
    return undefined
  }
}

/** How many pages of this size the rest is. */
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
  await goOn(arm, kql, options, take, {
    read: first.rows.length,
    top: nextTop(first),
    skipToken: first.skipToken,
  })
}

/** The pages from here on. A row that no answer can hold is stepped over, and told. */
async function goOn(
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
      await stepOver(arm, kql, options, read, error)
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

/** Of a row that is too large for any answer, only the id is asked for. */
async function stepOver(
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
  throw new AzureError(`${what}: Resource Graph gave an empty page with more to come.`, {
    remedy: 'Run again; if it stays so, open an issue with the correlation id.',
    correlationId,
  })
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
