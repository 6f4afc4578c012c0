import { createHash } from 'node:crypto'
import type { Query } from './query.ts'
import { invalid, type QueryRequest } from './request.ts'
import type { Cells } from './scalar.ts'
import { isBag, readJson, toDynamic, type Value } from './values.ts'

/** The rows of one answer, their offset, and whether more follow. */
const mostRows = 1000

/**
 * One page of a result as the body of an answer. More rows and an `id` column: a `$skipToken`, and `resultTruncated` stays "false" (as
 * recorded); more rows and no way to page: "true" without token. `limit` and `take` switch off `$skip` and paging.
 */
export function pageOf(
  rows: readonly Cells[],
  query: Query,
  request: QueryRequest,
  pageSize: number,
): Record<string, Value> {
  const last = request.skipToken === undefined ? undefined : readToken(request.skipToken, request)
  const size = Math.min(request.top ?? last?.MaxRows ?? pageSize, pageSize, mostRows)
  const start = query.cut ? 0 : (request.skip ?? last?.RowsToSkip ?? 0)
  const page = rows.slice(start, start + size)
  const more = start + page.length < rows.length
  const pageable = !query.cut && query.columns.some(({ name }) => name === 'id')
  return {
    totalRecords: rows.length,
    count: page.length,
    data: request.format === 'table' ? asTable(page, query) : asObjects(page, query),
    facets: [],
    resultTruncated: more && !pageable ? 'true' : 'false',
    ...(more && pageable && { $skipToken: writeToken(request, size, start + page.length) }),
  }
}

function asObjects(rows: readonly Cells[], { columns }: Query): Value {
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, type }, index) => [name, toDynamic(row[index], type)])),
  )
}

function asTable(rows: readonly Cells[], { columns }: Query): Value {
  return {
    columns: columns.map(({ name, type }) => ({ name, type: jsonTypes[type] ?? 'string' })),
    rows: rows.map((row) => columns.map(({ type }, index) => toDynamic(row[index], type))),
  }
}

/** Kusto's types as the answer names them (specification, ColumnDataType). */
const jsonTypes: Readonly<Record<string, string>> = {
  string: 'string',
  int: 'integer',
  long: 'integer',
  real: 'number',
  decimal: 'number',
  bool: 'boolean',
  dynamic: 'object',
  datetime: 'datetime',
}

/** The service's token, in base64; ours has the query's fingerprint instead of the service's cluster. */
interface Token {
  readonly MaxRows: number
  readonly RowsToSkip: number
}

function writeToken(request: QueryRequest, size: number, skip: number): string {
  const token = { $id: '1', MaxRows: size, RowsToSkip: skip, Query: fingerprint(request) }
  return Buffer.from(JSON.stringify(token, undefined, 2)).toString('base64')
}

/** The specification: a token goes "together with the same query and scopes used in the current request". */
function readToken(text: string, request: QueryRequest): Token {
  const token = readJson(Buffer.from(text, 'base64').toString('utf8'))
  const { MaxRows, RowsToSkip, Query } = isBag(token) ? token : {}
  if (typeof MaxRows !== 'number' || typeof RowsToSkip !== 'number' || typeof Query !== 'string')
    throw invalid('The option $skipToken is not a token that this service gave.')
  if (Query !== fingerprint(request))
    throw invalid('The option $skipToken belongs to another query or to other scopes.')
  return { MaxRows, RowsToSkip }
}

function fingerprint({ query, subscriptions }: QueryRequest): string {
  const scopes = subscriptions === undefined ? null : [...subscriptions].sort()
  return createHash('sha256')
    .update(JSON.stringify([query, scopes]))
    .digest('hex')
    .slice(0, 16)
}
