import { NotSimulated } from './refusal.ts'

/**
 * Kusto's values in JavaScript: string → string (never null), bool → boolean, int long real decimal → number, datetime and
 * timespan → milliseconds, dynamic → parsed JSON; null is null.
 */
export type Value = unknown

const numbers = new Set(['int', 'long', 'real', 'decimal'])

export function isNumeric(type: string): boolean {
  return numbers.has(type)
}

/** The empty value of a column of that type: a string can't be null. */
export function nothing(type: string): Value {
  return type === 'string' ? '' : null
}

/** Converts as Kusto's `to…()` functions do; returns null when that is impossible. */
export function convert(value: Value, from: string, to: string): Value {
  if (from === to) return value
  if (to === 'string') return toText(value, from)
  if (to === 'dynamic') return toDynamic(value, from)
  if (value === null) return null
  if (isNumeric(to)) return toNumber(value, from, to)
  if (to === 'bool') return toBool(value)
  if (to === 'datetime') return typeof value === 'string' ? readDate(value) : null
  if (to === 'timespan') return typeof value === 'string' ? readTimespan(value) : null
  if (to === 'guid') return typeof value === 'string' ? value.toLowerCase() : null
  return null
}

/** `tostring()`: objects as compact JSON, null as the empty string. */
export function toText(value: Value, type: string): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') {
    if (type === 'datetime') return writeDate(value, 7)
    if (type === 'timespan') return writeTimespan(value)
    return type === 'real' && Number.isInteger(value) ? value.toFixed(1) : String(value)
  }
  return JSON.stringify(value)
}

/** A value as it appears in an array, a property bag or the JSON of an answer. */
export function toDynamic(value: Value, type: string): Value {
  if (typeof value !== 'number') return value ?? null
  if (type === 'datetime') return writeDate(value, 0)
  return type === 'timespan' ? writeTimespan(value) : value
}

function toNumber(value: Value, from: string, to: string): number | null {
  const whole = to === 'int' || to === 'long'
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') {
    if (from === 'datetime' || from === 'timespan') throw new NotSimulated(`a number of a ${from}`)
    return whole ? Math.trunc(value) : value
  }
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text, 16)
  const form = whole ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
  return form.test(text) ? Number(text) : null
}

function toBool(value: Value): boolean | null {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0
  if (typeof value !== 'string') return null
  const text = value.trim().toLowerCase()
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : null
}

function readDate(text: string): number | null {
  const withZone = /(z|[+-]\d\d:?\d\d)$/i.test(text) || !/\d:\d/.test(text) ? text : `${text}Z`
  const time = Date.parse(withZone.trim().replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(time) ? null : time
}

function writeDate(time: number, digits: 0 | 7): string {
  const iso = new Date(time).toISOString()
  return digits === 7 ? iso.replace('Z', '0000Z') : iso.replace(/\.?0*Z$/, 'Z')
}

/** Milliseconds of Kusto's units, by their names in the singular. */
const units: Readonly<Record<string, number>> = {
  ...named(86_400_000, 'd', 'day'),
  ...named(3_600_000, 'h', 'hr', 'hour'),
  ...named(60_000, 'm', 'min', 'minute'),
  ...named(1000, 's', 'sec', 'second'),
  ...named(1, 'ms', 'milli', 'millisec', 'millisecond'),
  ...named(0.001, 'micro', 'microsec', 'microsecond'),
  ...named(0.0001, 'tick'),
}

function named(milliseconds: number, ...names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, milliseconds]))
}

/** `1.5h`, `7d`, `2 hours`, or `d.hh:mm:ss.fffffff`; a bare number is days. */
export function readTimespan(text: string): number | null {
  const amount = /^(-?[\d.]+)\s*([a-z]*)$/i.exec(text)
  if (amount !== null) {
    const unit = (amount[2] ?? '').toLowerCase()
    const factor = units[unit === '' ? 'd' : unit] ?? units[unit.replace(/s$/, '')]
    return factor === undefined ? null : Number(amount[1]) * factor
  }
  const clock = /^(-?)(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(text)
  if (clock === null) return null
  const [, sign, days = '0', hours, minutes, seconds = '0'] = clock
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  return (sign === '-' ? -1 : 1) * total * 1000
}

function writeTimespan(time: number): string {
  const size = Math.abs(time)
  const days = Math.floor(size / 86_400_000)
  const clock = new Date(size % 86_400_000)
    .toISOString()
    .slice(11, 23)
    .replace(/\.000$/, '')
  const fraction = clock.includes('.') ? `${clock}0000` : clock
  return `${time < 0 ? '-' : ''}${days > 0 ? `${days}.` : ''}${fraction}`
}

/** Kusto's literals of type datetime: `2020-01-01`, `2020-01-01 10:00`. */
export function readDateLiteral(text: string): number | null {
  return text === 'null' ? null : readDate(text.replace(' ', 'T'))
}

/** Parses JSON as `parse_json()` does: text that isn't JSON stays a string. */
export function readJson(text: string): Value {
  if (text === '') return null
  try {
    return JSON.parse(text) as Value
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

/** A member of a property bag, or null. */
export function member(value: Value, key: string): Value {
  if (!isBag(value)) return null
  return Object.hasOwn(value, key) ? (value[key] ?? null) : null
}

/** An element of an array, counted from the end when negative, or null. */
export function item(value: Value, index: number): Value {
  if (!Array.isArray(value)) return null
  return (value.at(index) as Value) ?? null
}

export function isBag(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text that is equal for values that Kusto treats as the same group or set element. */
export function sameness(value: Value): string {
  return typeof value === 'string' ? `s${value}` : JSON.stringify(value)
}

/** Ascending order of two values of one type: texts by code unit, empty values first. */
export function inOrder(left: Value, right: Value): number {
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : 1
  return Number(left) - Number(right)
}
