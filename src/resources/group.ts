/** Appends a value to the list under a key, in place: copying would be quadratic. */
export function pushTo<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const known = groups.get(key)
  if (known === undefined) groups.set(key, [value])
  else known.push(value)
}

/** Groups items by key; keys are in order of first appearance. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
