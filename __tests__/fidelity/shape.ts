/**
 * The shape of a body: every path of keys with the type of its value. It includes values that
 * callers don't choose (type, location, state) and ids, because their spelling differs, but no
 * GUIDs, times, etags and hosts.
 */
export function shapeOf(body: unknown): ReadonlySet<string> {
  const paths = new Set<string>()
  walk(body, '', paths)
  return paths
}

/**
 * Differences between two bodies: `- path` only in the recording, `+ path` only in the simulator's.
 */
export function differencesOf(recorded: unknown, simulated: unknown): readonly string[] {
  const [left, right] = [shapeOf(recorded), shapeOf(simulated)]
  return [
    ...[...left].filter((path) => !right.has(path)).map((path) => `- ${path}`),
    ...[...right].filter((path) => !left.has(path)).map((path) => `+ ${path}`),
  ].sort()
}

/** The paths without their values: `properties.dataFlows[].streams[]`. */
export function pathsOf(body: unknown): ReadonlySet<string> {
  return new Set([...shapeOf(body)].map((path) => path.replace(/ = [\s\S]*$/, '')))
}

const spelled = new Set(['type', 'location', 'provisioningState', 'kind', 'code'])

function walk(value: unknown, path: string, paths: Set<string>): void {
  if (Array.isArray(value)) {
    if (value.length === 0) paths.add(`${path}[] = empty`)
    for (const entry of value) walk(entry, `${path}[]`, paths)
    return
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    if (entries.length === 0) paths.add(`${path} = {}`)
    for (const [key, inner] of entries) walk(inner, path === '' ? key : `${path}.${key}`, paths)
    return
  }
  paths.add(`${path} = ${leafOf(value, path.split('.').at(-1) ?? '')}`)
}

function leafOf(value: unknown, key: string): string {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value
  if (/^\/subscriptions\//i.test(value)) return withoutGuids(value)
  return spelled.has(key) ? JSON.stringify(value) : 'string'
}

/** GUIDs differ each time, except the subscription's, which the recordings zeroed. */
function withoutGuids(text: string): string {
  return text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, (guid) =>
    /^0{8}/.test(guid) ? guid : '{guid}',
  )
}
