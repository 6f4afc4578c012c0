import { type Json, asObject } from '../azureJson.ts'

/** Entries of an object but for some, and without nulls, which Azure gives for what isn't set. */
export function omit(value: unknown, isLeftOut: (key: string) => boolean): Json {
  return Object.fromEntries(
    Object.entries(asObject(value) ?? {}).filter(([key, v]) => v !== null && !isLeftOut(key)),
  )
}

/** Tags that others added are kept; names have no case, so ours take the place of one in another case. */
export function mergeTags(
  live: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(ours).map((name) => name.toLowerCase()))
  const kept = Object.entries(live).filter(([name]) => !names.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...ours }
}
