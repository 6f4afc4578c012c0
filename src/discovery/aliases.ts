import { compareText, idKey, parseResourceId, sha256Hex } from '../resources/id.ts'
import type { FoundWorkspaces } from './destinations.ts'

/** Longest alias that a file may have. */
const longest = 64

interface Named {
  readonly key: string
  readonly name: string
  readonly group: string
  readonly kind: 'metrics' | 'logs'
}

/**
 * An alias for each workspace, by key: its name. If two workspaces would share an alias, the kind,
 * the resource group or, last, a hash is appended.
 */
export function aliasesFor(workspaces: FoundWorkspaces): ReadonlyMap<string, string> {
  const named = [
    ...[...workspaces.monitor.values()].map((w) => toName(w.id, 'metrics')),
    ...[...workspaces.logs.values()].map((w) => toName(w.id, 'logs')),
  ]
  const levels = new Map(named.map(({ key }) => [key, 0]))
  for (let round = 0; round < forms.length; round++) {
    const users = new Map<string, number>()
    for (const one of named) {
      const alias = aliasOf(one, levels)
      users.set(alias, (users.get(alias) ?? 0) + 1)
    }
    for (const one of named) {
      const level = levels.get(one.key) ?? 0
      const isShared = (users.get(aliasOf(one, levels)) ?? 0) > 1
      if (isShared) levels.set(one.key, Math.min(level + 1, forms.length - 1))
    }
  }
  return new Map(
    named
      .toSorted((a, b) => compareText(a.key, b.key))
      .map((one) => [one.key, aliasOf(one, levels)]),
  )
}

function toName(id: string, kind: Named['kind']): Named {
  const parsed = parseResourceId(id)
  return { key: idKey(id), name: parsed?.name ?? '', group: parsed?.resourceGroup ?? '', kind }
}

/** From the plainest form to one that is always unique. */
const forms: readonly ((one: Named) => string)[] = [
  ({ name }) => slug(name),
  ({ name, kind }) => `${slug(name)}-${kind}`,
  ({ name, group }) => `${slug(name)}-${tail(group)}`,
  ({ name, key }) => `${slug(name).slice(0, longest - 9)}-${sha256Hex(key, 8)}`,
]

function aliasOf(one: Named, levels: ReadonlyMap<string, number>): string {
  const form = forms[levels.get(one.key) ?? 0]
  return (form?.(one) ?? '').slice(0, longest).replace(/-+$/, '')
}

/** Lower-case letters, digits and single dashes, the first a letter. */
function slug(text: string): string {
  const clean = tail(text)
  if (/^[a-z]/.test(clean)) return clean
  return clean === '' ? 'workspace' : `ws-${clean}`
}

function tail(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}
