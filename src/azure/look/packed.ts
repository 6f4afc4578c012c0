import { AzureError } from '../../errors.ts'
import { groupBy } from '../../resources/group.ts'
import type { Arm } from '../arm.ts'
import { idText, list, text } from '../azureJson.ts'
import { isTooLarge, mostRows, type Page, type QueryOptions, readPage } from './graphPage.ts'
import { numberIn, packedColumns, type PackedBy, type Packing } from './packing.ts'
import { literal, literals } from './queries.ts'

/** How large an answer is aimed at, in characters: room to Azure's 16 MiB, and memory for the run. */
const wanted = 12 * 1024 * 1024

/** A row is not taken for larger than this when it is packed, however large it is plain. */
const mostRowBytes = 1500

/** Packed rows in one answer, as far as they can be told before. */
const mostPacked = 900

/** Resource groups that one query names. */
const mostNames = 150

/** Some of the rows: a subscription's, or a resource group's. */
interface Unit {
  readonly subscription: string
  /** Absent: all of the subscription. */
  readonly group?: string
  readonly rows: number
  /** How many packed rows it makes. */
  readonly packed: Readonly<Record<PackedBy, number>>
}

/**
 * Reads all rows of a query packed. Nothing is believed of it but what adds up: each packed row says how many
 * it holds, the answer how many packed rows there are, and all together must be no fewer than the plain query
 * counted. `false` where Azure refuses it or it doesn't add up; the plain pages tell it then.
 */
export async function readPacked(
  arm: Arm,
  packing: Packing,
  first: Page,
  options: QueryOptions,
  take: (row: unknown) => void,
): Promise<boolean> {
  const { total = 0, rows, bytes } = first
  const perRow = Math.min(bytes / rows.length, mostRowBytes)
  const read = (by: PackedBy, condition?: string) =>
    readPart(arm, packing.rows(by, condition), packing, options, take)
  try {
    if (total * perRow <= wanted) {
      const whole = await read(groupsAhead(first) <= mostPacked ? 'resourceGroup' : 'lastLetter')
      if (typeof whole === 'number') return whole >= total
      if (whole === 'short') return false
    }
    const units = await divide(arm, packing, options, perRow)
    if (units === undefined) return false
    let sum = 0
    const { by, parts } = packFewest(units, perRow)
    for (const part of parts) {
      const found = await readUnits(part, (condition) => read(by, condition))
      if (found === undefined) return false
      sum += found
    }
    return sum >= total
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

/** How many resource groups all rows are probably in, by those of the first page. */
function groupsAhead({ rows, total = 0 }: Page): number {
  const groups = new Set(
    rows.map(
      (row) => /^.*\/resourcegroups\/[^/]+/.exec(idText(row, 'id')?.toLowerCase() ?? '')?.[0],
    ),
  )
  return (groups.size * total) / rows.length
}

/** Not what says that this identity may not ask at all: the plain pages would be refused the same. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    error.status !== undefined &&
    error.status >= 400 &&
    ![401, 403, 429].includes(error.status)
  )
}

/**
 * One packed answer: how many rows it held, all of them taken. `many`: it is too large, or has more packed
 * rows than one page; `short`: something is missing in it. Then none is taken.
 */
async function readPart(
  arm: Arm,
  kql: string,
  packing: Packing,
  options: QueryOptions,
  take: (row: unknown) => void,
): Promise<number | 'many' | 'short'> {
  const page = await readWhole(arm, kql, options)
  if (page === 'many') return 'many'
  const isWhole = page.every(
    (row) => numberIn(row, packedColumns.count) === list(row, packedColumns.entries).length,
  )
  if (!isWhole) return 'short'
  let count = 0
  for (const row of page) {
    for (const entry of list(row, packedColumns.entries)) {
      take(packing.unpack(entry))
      count += 1
    }
  }
  return count
}

/** The rows of an answer that is one page; a second page of rows that were put together is never relied upon. */
async function readWhole(
  arm: Arm,
  kql: string,
  options: QueryOptions,
): Promise<readonly unknown[] | 'many'> {
  try {
    // Half of the packed rows are of no use: no smaller page is asked for.
    const page = await readPage(arm, kql, options, { top: mostRows, isWhole: true })
    const { rows, total, skipToken, isCut } = page
    return isCut || skipToken !== undefined || total !== rows.length ? 'many' : rows
  } catch (error) {
    if (isTooLarge(error)) return 'many'
    throw error
  }
}

/** How many rows there are where: by subscription, and by resource group where one subscription is too much. */
async function divide(
  arm: Arm,
  packing: Packing,
  options: QueryOptions,
  perRow: number,
): Promise<readonly Unit[] | undefined> {
  const counted = await readWhole(arm, packing.count(), options)
  if (counted === 'many') return undefined
  const units: Unit[] = []
  for (const row of counted) {
    const unit = {
      subscription: text(row, 'subscriptionId') ?? '',
      rows: numberIn(row, packedColumns.count) ?? 0,
      packed: {
        resourceGroup: numberIn(row, packedColumns.groups) ?? 0,
        lastLetter: numberIn(row, packedColumns.letters) ?? 0,
      },
    }
    if (unit.rows * perRow <= wanted) units.push(unit)
    else {
      const groups = await divideSubscription(arm, packing, options, unit.subscription)
      if (groups === undefined) return undefined
      units.push(...groups)
    }
  }
  return units
}

async function divideSubscription(
  arm: Arm,
  packing: Packing,
  options: QueryOptions,
  subscription: string,
): Promise<readonly Unit[] | undefined> {
  const kql = packing.countGroups(`subscriptionId =~ ${literal(subscription)}`)
  const counted = await readWhole(arm, kql, options)
  if (counted === 'many') return undefined
  return counted.map((row) => ({
    subscription,
    group: text(row, 'resourceGroup') ?? '',
    rows: numberIn(row, packedColumns.count) ?? 0,
    packed: { resourceGroup: 1, lastLetter: 1 },
  }))
}

/** Units put together to answers of the wanted size: by resource group unless the last letter makes fewer. */
function packFewest(
  units: readonly Unit[],
  perRow: number,
): { readonly by: PackedBy; readonly parts: readonly (readonly Unit[])[] } {
  const [groups, letters] = [
    pack(units, perRow, 'resourceGroup'),
    pack(units, perRow, 'lastLetter'),
  ]
  return groups.length <= letters.length
    ? { by: 'resourceGroup', parts: groups }
    : { by: 'lastLetter', parts: letters }
}

function pack(units: readonly Unit[], perRow: number, by: PackedBy): readonly (readonly Unit[])[] {
  const parts: Unit[][] = []
  let size = { rows: 0, packed: 0, names: 0 }
  for (const unit of units) {
    const names = unit.group === undefined ? 0 : 1
    const next = {
      rows: size.rows + unit.rows,
      packed: size.packed + unit.packed[by],
      names: size.names + names,
    }
    const fits =
      next.rows * perRow <= wanted && next.packed <= mostPacked && next.names <= mostNames
    const part = fits ? parts.at(-1) : undefined
    if (part === undefined) {
      parts.push([unit])
      size = { rows: unit.rows, packed: unit.packed[by], names }
    } else {
      part.push(unit)
      size = next
    }
  }
  return parts
}

/** Reads units as one answer, or as two where they are too much for one; `undefined` where that can't be done. */
async function readUnits(
  units: readonly Unit[],
  read: (condition: string) => Promise<number | 'many' | 'short'>,
): Promise<number | undefined> {
  const found = await read(conditionOf(units))
  if (typeof found === 'number') return found
  if (found === 'short' || units.length < 2) return undefined
  const half = Math.ceil(units.length / 2)
  const first = await readUnits(units.slice(0, half), read)
  const second = first === undefined ? undefined : await readUnits(units.slice(half), read)
  return first === undefined || second === undefined ? undefined : first + second
}

function conditionOf(units: readonly Unit[]): string {
  const whole = units.filter(({ group }) => group === undefined)
  const bySubscription = groupBy(
    units.filter(({ group }) => group !== undefined),
    ({ subscription }) => subscription,
  )
  return [
    ...(whole.length === 0
      ? []
      : [`subscriptionId in~ ${literals(whole.map(({ subscription }) => subscription))}`]),
    ...[...bySubscription].map(
      ([subscription, groups]) =>
        `(subscriptionId =~ ${literal(subscription)} and resourceGroup in~ ${literals(groups.map(({ group = '' }) => group))})`,
    ),
  ].join(' or ')
}
