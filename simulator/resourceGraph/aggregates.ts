import type { Cells, Scalar } from './scalar.ts'
import { inOrder, isBag, nothing, sameness, toDynamic, type Value } from './values.ts'

/** Starts an accumulation over the rows of one group. */
export type Aggregate = () => { add(row: Cells): void; result(): Value }

/** The aggregation functions that return one value, by name. They ignore nulls, as in Kusto. */
export const aggregates: Readonly<
  Record<string, (args: readonly Scalar[], type: string) => Aggregate>
> = {
  count: () => counting(() => true),
  countif: ([condition]) => counting((row) => condition?.at(row) === true),
  dcount: ([value]) =>
    folding<Set<string>>(
      () => new Set(),
      (seen, row) => {
        const each = value?.at(row) ?? null
        return each === null ? seen : seen.add(sameness(each))
      },
      (seen) => seen.size,
    ),
  sum: ([value]) =>
    folding(
      () => 0,
      (total, row) => total + Number(value?.at(row) ?? 0),
      (total) => total,
    ),
  min: ([value], type) => extreme(value, type, -1),
  max: ([value], type) => extreme(value, type, 1),
  make_list: (args) => collecting(args, false),
  make_set: (args) => collecting(args, true),
  make_bag: ([bag]) =>
    folding<Record<string, Value>>(
      () => ({}),
      (all, row) => {
        const each = bag?.at(row)
        return isBag(each) ? { ...each, ...all } : all
      },
      (all) => all,
    ),
  any: ([value], type) => firstOf(value, type),
  take_any: ([value], type) => firstOf(value, type),
}

function folding<State>(
  start: () => State,
  step: (state: State, row: Cells) => State,
  finish: (state: State) => Value,
): Aggregate {
  return () => {
    let state = start()
    return {
      add(row) {
        state = step(state, row)
      },
      result: () => finish(state),
    }
  }
}

function counting(counts: (row: Cells) => boolean): Aggregate {
  return folding(
    () => 0,
    (total, row) => (counts(row) ? total + 1 : total),
    (total) => total,
  )
}

function extreme(value: Scalar | undefined, type: string, sign: 1 | -1): Aggregate {
  return folding<Value>(
    () => null,
    (best, row) => {
      const each = value?.at(row) ?? null
      if (each === null) return best
      return best === null || sign * inOrder(each, best) > 0 ? each : best
    },
    (best) => best ?? nothing(type),
  )
}

/** `make_list(x [, size])`, `make_set(x [, size])`: in order of occurrence. */
function collecting([value, size]: readonly Scalar[], unique: boolean): Aggregate {
  return () => {
    const most = size === undefined ? Infinity : Number(size.at([]))
    const found: Value[] = []
    const seen = new Set<string>()
    return {
      add(row) {
        const each = value === undefined ? null : toDynamic(value.at(row), value.type)
        if (each === null || found.length >= most) return
        const key = sameness(each)
        if (unique && seen.has(key)) return
        seen.add(key)
        found.push(each)
      },
      result: () => found,
    }
  }
}

/** Any value of the group: here the first, which Azure does not guarantee. */
function firstOf(value: Scalar | undefined, type: string): Aggregate {
  return folding<Value>(
    () => null,
    (found, row) => {
      const each = value?.at(row) ?? null
      return found ?? (each === '' ? null : each)
    },
    (found) => found ?? nothing(type),
  )
}
