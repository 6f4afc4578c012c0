import { AzureError } from '../../errors.ts'
import { groupBy } from '../../resources/group.ts'
import type { Arm } from '../arm.ts'
import { idText, list, text } from '../azureJson.ts'
import { isTooLarge, maxRows, type Page, type QueryOptions, readPage } from './graphPage.ts'
import { numberIn, packedColumns, type PackedBy, type Packing } from './packing.ts'
import { literal, literals } from './queries.ts'

/** The target size of an answer, in characters: below Azure's 16 MiB, and easy on memory. */
const wanted = 12 * 1024 * 1024

/** The assumed maximum size of a packed row, however large the plain row is. */
const maxRowBytes = 1500

/** The most packed rows to plan for one answer. */
const maxPacked = 900

/** The most resource groups in one query. */
const maxNames = 150

/** A part of the rows: those of a subscription, or of a resource group. */
interface Unit {
  readonly subscription: string
  /** Absent for a whole subscription. */
  readonly group?: string
  readonly rows: number
  /** The number of packed rows for it. */
  readonly packed: Readonly<Record<PackedBy, number>>
}

/**
 * Reads all rows of a query in packed form. The result only counts if it is complete: each packed
 * row contains its number of entries, the answer the number of packed rows, and the total must
 * reach the plain query's count. Returns `false` if Azure refuses the query or the counts do not
 * match; the caller then reads plain pages.
 */
export async function readPacked(
  arm: Arm,
  packing: Packing,
  first: Page,
  options: QueryOptions,
  take: (row: unknown) => void,
): Promise<boolean> {
  const { total = 0, rows, bytes } = first
  const perRow = Math.min(bytes / rows.length, maxRowBytes)
  const read = (by: PackedBy, condition?: string) =>
    readPart(arm, packing.rows(by, condition), packing, options, take)
  try {
    if (total * perRow <= wanted) {
      const whole = await read(groupsAhead(first) <= maxPacked ? 'resourceGroup' : 'lastLetter')
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

/** The estimated number of resource groups of all rows, extrapolated from the first page. */
function groupsAhead({ rows, total = 0 }: Page): number {
  const groups = new Set(
    rows.map(
      (row) => /^.*\/resourcegroups\/[^/]+/.exec(idText(row, 'id')?.toLowerCase() ?? '')?.[0],
    ),
  )
  return (groups.size * total) / rows.length
}

/**
 * True for a refusal of this query. Not for refusals of the identity or the rate, which would
 * affect plain pages too.
 */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    error.status !== undefined &&
    error.status >= 400 &&
    ![401, 403, 429].includes(error.status)
  )
}

/**
 * Reads one packed answer and returns its number of rows. `many`: it is too large, or has more
 * packed rows than one page; `short`: it is incomplete. In both cases, no row is used.
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

/** Reads an answer that fits on one page. A second page of packed rows is never trusted. */
async function readWhole(
  arm: Arm,
  kql: string,
  options: QueryOptions,
): Promise<readonly unknown[] | 'many'> {
  try {
    // Half of the packed rows would be useless, so no smaller page is requested.
    const page = await readPage(arm, kql, options, { top: maxRows, isWhole: true })
    const { rows, total, skipToken, isCut } = page
    return isCut || skipToken !== undefined || total !== rows.length ? 'many' : rows
  } catch (error) {
    if (isTooLarge(error)) return 'many'
    throw error
  }
}

/** Counts rows by subscription, and by resource group if a subscription is too large. */
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

/**
 * Combines units into answers of the target size: packed by resource group, unless packing by last
 * letter needs fewer answers.
 */
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
    const fits = next.rows * perRow <= wanted && next.packed <= maxPacked && next.names <= maxNames
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

/** Reads units as one answer, or as two if they are too large; `undefined` if that fails. */
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
