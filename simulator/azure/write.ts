import { defined } from './json.ts'
import type { SeedResource, SystemData } from './seed.ts'
import type { AzureState, Call, CommittedWrite } from './state.ts'
import type { StoredResource, Unstamped } from './store.ts'

/** Stores a client's write with its author and time, and notes the commit. */
export function commitWrite(
  call: Call,
  written: Omit<Unstamped, 'systemData'>,
  options: { readonly keepCreated: boolean; readonly phase?: CommittedWrite['phase'] },
): StoredResource {
  const before = call.azure.store.get(written.path.key)
  const stamp = stampOf(call.principal.clientId, 'Application', clockOf(call.azure))
  const { createdBy, createdByType, createdAt } = before?.systemData ?? stamp
  const systemData =
    before && options.keepCreated ? { ...stamp, createdBy, createdByType, createdAt } : stamp
  const stored = storeResource(call.azure, { ...written, systemData })
  noteCommit(call, options.phase ?? 'committed', before, stored)
  return stored
}

/** Removes a resource for a client, and notes the commit. */
export function commitDelete(
  call: Call,
  resource: StoredResource,
  phase: CommittedWrite['phase'] = 'committed',
): void {
  removeResource(call.azure, resource.path.key)
  noteCommit(call, phase, resource, undefined)
}

/** Notes a commit; listeners are called before the answer is sent. */
export function noteCommit(
  call: Call,
  phase: CommittedWrite['phase'],
  before: StoredResource | undefined,
  after: StoredResource | undefined,
): void {
  call.commits.push(committedWrite(call, phase, before, after))
}

/** The listener's view of one commit. */
export function committedWrite(
  call: Call,
  phase: CommittedWrite['phase'],
  before: StoredResource | undefined,
  after: StoredResource | undefined,
): CommittedWrite {
  return {
    n: call.request.n,
    at: Date.now(),
    method: call.request.method,
    id: (after ?? before)?.path.id ?? call.path.id,
    phase,
    ...(before ? { before: toSeed(before) } : {}),
    ...(after ? { after: toSeed(after) } : {}),
    principal: call.principal.clientId,
  }
}

/** Adds a resource to the store and to the history that Resource Graph follows. */
export function storeResource(azure: AzureState, resource: Unstamped): StoredResource {
  const stored = azure.store.put(resource)
  azure.changes.push({
    at: Date.now(),
    time: clockOf(azure),
    key: stored.path.key,
    resource: stored,
  })
  return stored
}

/** Removes a resource and everything below it from the store, and records that in the history. */
export function removeResource(azure: AzureState, key: string): void {
  for (const gone of azure.store.withChildren(key)) {
    azure.store.delete(gone)
    azure.changes.push({ at: Date.now(), time: clockOf(azure), key: gone })
  }
}

/** A stored resource in the form of a seed. */
export function toSeed(resource: StoredResource): SeedResource {
  const { path, location, tags, kind, identity, sku, plan, zones, extendedLocation, managedBy } =
    resource
  return defined({
    id: path.id,
    ...{ location, tags, kind, identity, sku, plan, zones, extendedLocation, managedBy },
    properties: resource.properties,
    systemData: resource.systemData,
  }) as unknown as SeedResource
}

/** The simulated clock, in milliseconds since 1970. */
export function clockOf({ knobs }: Pick<AzureState, 'knobs'>): number {
  return Date.now() + knobs.clockOffsetMs
}

/** `systemData` of something written just now. */
export function stampOf(by: string, type = 'Application', now = Date.now()): SystemData {
  const at = new Date(now).toISOString().replace('Z', '0000Z')
  return {
    createdBy: by,
    createdByType: type,
    createdAt: at,
    lastModifiedBy: by,
    lastModifiedByType: type,
    lastModifiedAt: at,
  }
}
