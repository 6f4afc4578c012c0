import { tidyId } from '../resources/id.ts'

/** JSON of unknown shape: the accessors below return `undefined` for missing values. */
export type Json = Readonly<Record<string, unknown>>

/** The value as an object; Resource Graph sometimes returns `properties` as text. */
export function asObject(value: unknown): Json | undefined {
  if (typeof value === 'string' && value.trimStart().startsWith('{')) {
    try {
      return asObject(JSON.parse(value))
    } catch {
      // Not JSON: just text that starts with a brace.
      return undefined
    }
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : undefined
}

/**
 * A property by name, ignoring case: Azure spells `privateLinkScopedResources` in two ways (facts,
 * section 1.10).
 */
export function field(value: unknown, ...path: readonly string[]): unknown {
  let current = value
  for (const name of path) {
    const object = asObject(current)
    if (object === undefined) return undefined
    current = Object.hasOwn(object, name) ? object[name] : anyCase(object, name)
  }
  return current
}

function anyCase(object: Json, name: string): unknown {
  const wanted = name.toLowerCase()
  const key = Object.keys(object).find((k) => k.toLowerCase() === wanted)
  return key === undefined ? undefined : object[key]
}

/** The text at a path; empty text counts as absent. */
export function text(value: unknown, ...path: readonly string[]): string | undefined {
  const found = field(value, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The resource id at a path; some come without the leading slash (facts, section 1.10). */
export function idText(value: unknown, ...path: readonly string[]): string | undefined {
  const found = text(value, ...path)
  return found === undefined ? undefined : tidyId(found)
}

/** The list at a path; empty for anything else. */
export function list(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = field(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The map of texts at a path, such as tags. */
export function texts(
  value: unknown,
  ...path: readonly string[]
): Readonly<Record<string, string>> {
  const found = asObject(field(value, ...path)) ?? {}
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, entry]) =>
      typeof entry === 'string' ? [[name, entry]] : [],
    ),
  )
}
