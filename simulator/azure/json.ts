/** Reads and rebuilds JSON of unknown shape. */
export type JsonObject = Readonly<Record<string, unknown>>

/** True for a JSON object, not for arrays and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path of keys; `undefined` when anything on the path is missing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value)
}

/** The string at a path of keys; `undefined` when there is none. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys)
  return typeof found === 'string' ? found : undefined
}

/** The object at a path of keys; an empty object when there is none. */
export function objectAt(value: unknown, ...keys: readonly string[]): JsonObject {
  const found = at(value, ...keys)
  return isObject(found) ? found : {}
}

/** A copy with `change` applied to every string, but not to keys. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]),
  )
}

/** A copy without the named keys. */
export function without(value: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
}

/** A copy without keys whose value is `undefined`. */
export function defined(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined))
}

/** A copy with the value at a path of keys set, creating objects on the path. */
export function withValueAt(
  value: JsonObject,
  keys: readonly string[],
  wanted: unknown,
): JsonObject {
  const [key, ...rest] = keys
  if (key === undefined) return value
  return {
    ...value,
    [key]: rest.length === 0 ? wanted : withValueAt(objectAt(value, key), rest, wanted),
  }
}
