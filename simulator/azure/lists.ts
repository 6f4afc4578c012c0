import { viewOf } from './present.ts'
import type { Answer } from '../http.ts'
import { answer, gatewayError, refuse } from './answers.ts'
import type { Kind } from './kind.ts'
import type { Call } from './state.ts'
import type { StoredResource } from './store.ts'

/** One page of a list, with the link to the next; omits what the caller may not read. */
export function answerList(call: Call, kind: Kind, entries: readonly StoredResource[]): Answer {
  const { azure, apiVersion, request } = call
  const visible = ordered(readableFor(call, kind, entries), azure.knobs.shuffle)
  const size = kind.lastPage === 'unpaged' ? visible.length : azure.knobs.pageSize
  const start = startOf(request.query.get('$skiptoken') ?? request.query.get('$skipToken'))
  const present = kind.presentInList ?? kind.present
  const view = viewOf(azure, azure.store, apiVersion)
  const value = visible.slice(start, start + size).map((entry) => present(entry, view))
  const isLast = start + size >= visible.length
  if (!isLast) return answer(200, { value, nextLink: nextLink(call, start + size) })
  const isBelowGroup = /\/resourcegroups\//i.test(call.path.holder)
  const saysNull =
    kind.lastPage === 'null' ||
    (kind.lastPage === 'null-below-group' && isBelowGroup && value.length > 0)
  return answer(200, saysNull ? { value, nextLink: null } : { value })
}

/** The entries in the order of the knob `shuffle`; cached per list. */
export function ordered<T extends { readonly path: { readonly key: string } }>(
  entries: readonly T[],
  shuffle: number | undefined,
): readonly T[] {
  if (shuffle === undefined) return entries
  const known = shuffled.get(entries)
  if (known?.seed === shuffle) return known.entries as readonly T[]
  const ranked = entries
    .map((entry) => ({ entry, rank: rankOf(entry.path.key, shuffle) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry)
  shuffled.set(entries, { seed: shuffle, entries: ranked })
  return ranked
}

const shuffled = new WeakMap<readonly unknown[], { seed: number; entries: readonly unknown[] }>()

/** FNV-1a over the seed and the key: fast, and different for every seed. */
function rankOf(key: string, seed: number): number {
  let hash = 2166136261 ^ seed
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 16777619)
  }
  return Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 0
}

function readableFor(
  { azure, principal, path }: Call,
  kind: Kind,
  entries: readonly StoredResource[],
): readonly StoredResource[] {
  const isBelowContainer = !path.holder.includes('/providers/')
  if (azure.access.isOpen || !isBelowContainer) return entries
  return entries.filter((entry) =>
    azure.access.allows(principal, `${kind.type}/read`, entry.path.key),
  )
}

function nextLink({ request }: Call, start: number): string {
  const query = new URLSearchParams(request.query)
  query.delete('$skipToken')
  query.set('$skiptoken', Buffer.from(`from ${start}`, 'utf8').toString('base64url'))
  return `${request.origin}${request.path}?${query.toString()}`
}

function startOf(token: string | null): number {
  if (token === null) return 0
  const match = /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))
  if (match) return Number(match[1])
  return refuse(gatewayError(400, 'InvalidSkipToken', `The $skiptoken '${token}' is not valid.`))
}
