/** Adds a value to the list under a key, in place: what is grouped by the ten thousand isn't copied. */
export function pushTo<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const known = groups.get(key)
  if (known === undefined) groups.set(key, [value])
  else known.push(value)
}
