import { Buffer } from 'node:buffer'
import { invalidQuery, Refused } from './refusal.ts'
import type { Cells } from './scalar.ts'
import type { Value } from './values.ts'

/** The maximum size of an answer in bytes (quoted in microsoft/ARI#199). */
export const mostBytes = 16_777_216

/** The behaviour of `make_list`: as in Kusto, refused, or lists cut to this many entries. */
export type ListLimit = 'taken' | 'refused' | number

/** Refuses rows that exceed the size of an answer, with Azure's message. */
export function refuseTooLarge(data: Value, most: number): void {
  const size = Buffer.byteLength(JSON.stringify(data))
  if (size <= most) return
  throw new Refused([
    {
      code: 'ResponsePayloadTooLarge',
      message: `Response payload size is ${size}, and has exceeded the limit of ${most}. Please consider querying less data at a time and make paginated call if needed.`,
    },
  ])
}

/** True for a query that builds lists. */
export function makesLists(query: string): boolean {
  return /\bmake_list\(/.test(query)
}

/** The refusal of a Resource Graph without `make_list`. */
export function notTaken(): Refused {
  return new Refused([
    invalidQuery,
    { code: 'UnknownFunction', message: "Unknown function: 'make_list'." },
  ])
}

/** Silently truncates lists. */
export function cutLists(rows: readonly Cells[], query: string, most: number): readonly Cells[] {
  if (!makesLists(query)) return rows
  return rows.map((row) => row.map((cell) => (Array.isArray(cell) ? cell.slice(0, most) : cell)))
}
