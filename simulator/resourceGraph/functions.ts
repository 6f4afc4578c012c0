import { elements, type Node } from './kusto.ts'
import { NotSimulated } from './refusal.ts'
import { everywhere, expression } from './regex.ts'
import { converted, type Cells, type Scalar, type Scope } from './scalar.ts'
import { convert, isBag, readJson, sameness, toDynamic, toText, type Value } from './values.ts'

/** A call of a scalar function: compiled arguments (without `typeof(…)`), the syntax of all of them, and the type of the result. */
export interface Call {
  readonly type: string
  readonly nodes: readonly Node[]
  readonly args: readonly Scalar[]
  readonly scope: Scope
}

/**
 * The scalar functions that the simulator evaluates, by name. Resource Graph has more; a query that uses one of those is
 * answered with `NotSimulated`, one that uses a function unknown to Kusto with Azure's refusal.
 */
export const functions: Readonly<Record<string, (call: Call) => Scalar>> = {
  tolower: text((value) => value.toLowerCase()),
  toupper: text((value) => value.toUpperCase()),
  strlen: text((value) => value.length),
  tostring: conversion('string'),
  toint: conversion('int'),
  tolong: conversion('long'),
  toreal: conversion('real'),
  todouble: conversion('real'),
  tobool: conversion('bool'),
  toboolean: conversion('bool'),
  todatetime: conversion('datetime'),
  todynamic: parseJson,
  parse_json: parseJson,
  not: plain(([value]) => (typeof value === 'boolean' ? !value : null)),
  isnull: plain(([value]) => value === null),
  isnotnull: plain(([value]) => value !== null),
  notnull: plain(([value]) => value !== null),
  isempty: plain(([value]) => value === null || value === ''),
  isnotempty: plain(([value]) => value !== null && value !== ''),
  notempty: plain(([value]) => value !== null && value !== ''),
  substring: substring,
  split: split,
  strcat: texts((all) => all.join('')),
  strcat_array: plain(([list, delimiter]) =>
    Array.isArray(list)
      ? list.map((each: Value) => toText(each, 'dynamic')).join(toText(delimiter, 'string'))
      : '',
  ),
  replace_string: texts(([value = '', sought = '', by = '']) =>
    sought === '' ? value : value.replaceAll(sought, () => by),
  ),
  replace_regex: texts(([value = '', pattern = '', by = '']) =>
    value.replace(everywhere(pattern), by.replace(/\$/g, '$$$$').replace(/\\(\d)/g, '$$$1')),
  ),
  trim: texts(([pattern = '', value = '']) => trimmed(value, pattern, true, true)),
  trim_start: texts(([pattern = '', value = '']) => trimmed(value, pattern, true, false)),
  trim_end: texts(([pattern = '', value = '']) => trimmed(value, pattern, false, true)),
  extract: extract,
  indexof: indexOf,
  countof: countOf,
  iff: choose,
  iif: choose,
  case: choose,
  coalesce: coalesce,
  array_length: plain(([list]) => (Array.isArray(list) ? list.length : null)),
  array_concat: plain((lists) =>
    lists.flatMap((list) => (Array.isArray(list) ? list : []) as Value[]),
  ),
  set_has_element: plain(([list, value]) =>
    Array.isArray(list) ? list.some((each: Value) => sameness(each) === sameness(value)) : null,
  ),
  bag_keys: plain(([bag]) => (isBag(bag) ? Object.keys(bag) : null)),
  pack: packed,
  bag_pack: packed,
  pack_dictionary: packed,
  pack_array: packedArray,
  now: ({ args: [offset], scope }) =>
    clock('datetime', scope, (now, row) => now + Number(offset?.at(row) ?? 0)),
  ago: ({ args: [span], scope }) =>
    clock('datetime', scope, (now, row) => now - Number(span?.at(row) ?? 0)),
  bin: bin,
}

/** A function of the unconverted values. */
function plain(compute: (values: readonly Value[]) => Value): (call: Call) => Scalar {
  return ({ type, args }) => result(type, args, (row) => compute(args.map((each) => each.at(row))))
}

/** A function of one text. */
function text(compute: (value: string) => Value): (call: Call) => Scalar {
  return ({ type, args }) => {
    const [only] = args
    if (only === undefined) throw new NotSimulated('a call without its argument')
    const from = only.type
    return result(type, args, (row) => compute(toText(only.at(row), from)))
  }
}

/** A function of texts: every argument is converted to text. */
function texts(compute: (values: readonly string[]) => Value): (call: Call) => Scalar {
  return ({ type, args }) =>
    result(type, args, (row) => compute(args.map((each) => toText(each.at(row), each.type))))
}

function result(type: string, args: readonly Scalar[], at: (row: Cells) => Value): Scalar {
  return { type, constant: args.every(({ constant }) => constant), at }
}

function conversion(to: string): (call: Call) => Scalar {
  return ({ args: [only] }) => {
    if (only === undefined) throw new NotSimulated('a conversion of nothing')
    return converted(only, to)
  }
}

/** `parse_json()`; also for a dynamic value that holds JSON as text, as `properties` sometimes does. */
function parseJson({ args }: Call): Scalar {
  const [only] = args
  return result('dynamic', args, (row) => {
    const value = only?.at(row) ?? null
    return typeof value === 'string' ? readJson(value) : convert(value, only?.type ?? '', 'dynamic')
  })
}

function substring({ type, args }: Call): Scalar {
  const [source, start, length] = args
  return result(type, args, (row) => {
    const whole = toText(source?.at(row), source?.type ?? '')
    const from = Number(start?.at(row) ?? 0)
    const first = from < 0 ? Math.max(0, whole.length + from) : from
    const size = length?.at(row)
    return whole.slice(first, typeof size === 'number' ? first + Math.max(0, size) : undefined)
  })
}

/** `split(source, delimiter [, index])`: always an array, of one element when an index is given. */
function split({ type, args }: Call): Scalar {
  const [source, delimiter, index] = args
  return result(type, args, (row) => {
    const whole = toText(source?.at(row), source?.type ?? '')
    const parts = whole.split(toText(delimiter?.at(row), 'string'))
    const wanted = index?.at(row)
    if (typeof wanted !== 'number') return parts
    const found = parts[wanted]
    return found === undefined ? [] : [found]
  })
}

/** `extract(regex, group, source [, typeof(…)])`. */
function extract({ type, args }: Call): Scalar {
  const [pattern, group, source] = args
  return result(type, args, (row) => {
    const match = expression(toText(pattern?.at(row), 'string')).exec(
      toText(source?.at(row), source?.type ?? ''),
    )
    return convert(match?.[Number(group?.at(row) ?? 0)] ?? '', 'string', type)
  })
}

function indexOf({ type, args }: Call): Scalar {
  const [source, sought, start, length, occurrence] = args
  if (length !== undefined || occurrence !== undefined)
    throw new NotSimulated('indexof() with a length or an occurrence')
  return result(type, args, (row) => {
    const whole = toText(source?.at(row), source?.type ?? '')
    return whole.indexOf(toText(sought?.at(row), sought?.type ?? ''), Number(start?.at(row) ?? 0))
  })
}

/** `countof(text, search [, 'normal' | 'regex'])`: plain matches may overlap, regex matches may not. */
function countOf({ type, args }: Call): Scalar {
  const [source, sought, kind] = args
  return result(type, args, (row) => {
    const whole = toText(source?.at(row), source?.type ?? '')
    const search = toText(sought?.at(row), sought?.type ?? '')
    if (kind?.at(row) === 'regex') return [...whole.matchAll(everywhere(search))].length
    let count = 0
    for (
      let at = whole.indexOf(search);
      at !== -1 && search !== '';
      at = whole.indexOf(search, at + 1)
    )
      count++
    return count
  })
}

/** `iff(condition, then, else)` and `case(condition, then, …, else)`: the first true condition decides. */
function choose({ type, args }: Call): Scalar {
  const results = args.map((each) => converted(each, type))
  return result(type, args, (row) => {
    for (let index = 0; index + 1 < args.length; index += 2)
      if (args[index]?.at(row) === true) return results[index + 1]?.at(row) ?? null
    return results.at(-1)?.at(row) ?? null
  })
}

/** The first value that is neither null nor an empty string. */
function coalesce({ type, args }: Call): Scalar {
  const results = args.map((each) => converted(each, type))
  return result(type, args, (row) => {
    for (const each of results) {
      const value = each.at(row)
      if (value !== null && value !== '') return value
    }
    return type === 'string' ? '' : null
  })
}

function packed({ args }: Call): Scalar {
  return result('dynamic', args, (row) => {
    const values = args.map((each) => toDynamic(each.at(row), each.type))
    const pairs = values.flatMap((key, index): [string, Value][] =>
      index % 2 === 0 ? [[toText(key, 'dynamic'), values[index + 1] ?? null]] : [],
    )
    return Object.fromEntries(pairs)
  })
}

function packedArray({ args, nodes }: Call): Scalar {
  if (nodes.some(({ kind }) => kind === 'StarExpression')) throw new NotSimulated('pack_array(*)')
  return result('dynamic', args, (row) => args.map((each) => toDynamic(each.at(row), each.type)))
}

/** `bin(value, size)` for numbers, dates and time spans. */
function bin({ type, args }: Call): Scalar {
  const [value, size] = args
  return result(type, args, (row) => {
    const [number, step] = [value?.at(row), size?.at(row)]
    if (typeof number !== 'number' || typeof step !== 'number' || step === 0) return null
    return Math.floor(number / step) * step
  })
}

/** A value that depends on the clock is never folded into a constant. */
function clock(type: string, scope: Scope, at: (now: number, row: Cells) => Value): Scalar {
  return { type, constant: false, at: (row) => at(scope.now(), row) }
}

function trimmed(value: string, pattern: string, start: boolean, end: boolean): string {
  const { source, flags } = expression(pattern)
  const without = start ? value.replace(new RegExp(`^(?:${source})+`, flags), '') : value
  return end ? without.replace(new RegExp(`(?:${source})+$`, flags), '') : without
}

/** The type named in a `typeof(…)` among the arguments of a call or in a `to typeof(…)` clause. */
export function typeNamed(node: Node): string {
  return elements(node, 'Types')[0]?.text ?? 'dynamic'
}
