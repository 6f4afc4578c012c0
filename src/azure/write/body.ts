import { type Json, asObject } from '../azureJson.ts'

/**
 * The entries of an object without some keys and without nulls, which Azure returns for unset
 * values.
 */
export function omit(value: unknown, isLeftOut: (key: string) => boolean): Json {
  return Object.fromEntries(
    Object.entries(asObject(value) ?? {}).filter(([key, v]) => v !== null && !isLeftOut(key)),
  )
}

/**
 * Merges tags, keeping those that others added. Tag names ignore case, so ours replace names in
 * another case.
 */
export function mergeTags(
  live: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(ours).map((name) => name.toLowerCase()))
  const kept = Object.entries(live).filter(([name]) => !names.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...ours }
}
