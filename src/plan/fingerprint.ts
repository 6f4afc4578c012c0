import { compareText, idKey, sha256Hex } from '../resources/id.ts'
import type { Resource } from '../resources/resource.ts'
import type { Draft } from './draft.ts'

/**
 * The digest of one change, 64 hex digits. It covers what a reviewer relies on, and nothing that
 * changes by itself (contract section 7, "Action"): kind, id, action, wanted values and, for replace
 * and delete, the previous reference.
 */
export function digestOf(
  change: Pick<Draft, 'kind' | 'id' | 'action' | 'before' | 'after'>,
): string {
  const reference =
    change.action === 'replace' || change.action === 'delete' ? referenceOf(change.before) : null
  const covered = [
    change.kind,
    idKey(change.id),
    reviewedAction(change),
    wantedValues(change.after),
    reference,
  ]
  return sha256Hex(JSON.stringify(covered))
}

/**
 * The action as the reviewer saw it. After a link ends in state Failed, the next run of the same job
 * updates it. That update must match the reviewed create, or the job could never finish (contract
 * section 4, promise 4).
 */
function reviewedAction({ kind, action }: Pick<Draft, 'kind' | 'action'>): string {
  return kind === 'scopedResource' && action === 'update' ? 'create' : action
}

/** The fingerprint of a plan, over the digests of its changes in any order: `sha256:` and 64 hex digits. */
export function fingerprintOf(topology: string, digests: readonly string[]): string {
  return `sha256:${sha256Hex(JSON.stringify([1, topology, digests.toSorted(compareText)]))}`
}

function wantedValues(resource: Resource | null): unknown {
  switch (resource?.kind) {
    case undefined:
      return null
    case 'dataCollectionEndpoint': {
      const tags = Object.entries(resource.tags).toSorted(([a], [b]) => compareText(a, b))
      return [resource.location, resource.publicNetworkAccess, tags]
    }
    case 'scopedResource':
      return [idKey(resource.linkedResourceId)]
    case 'association':
      return [
        idKey(resource.endpointId ?? ''),
        ...(resource.mark === undefined ? [] : [resource.mark]),
      ]
    case 'accessModes':
      return [resource.ingestion, resource.query]
  }
}

/** The previous reference of an object: the endpoint or rule of an association, the linked resource of a link. */
function referenceOf(resource: Resource | null): unknown {
  switch (resource?.kind) {
    case 'scopedResource':
      return idKey(resource.linkedResourceId)
    case 'association':
      return idKey(resource.endpointId ?? resource.ruleId ?? '')
    case 'dataCollectionEndpoint':
    case 'accessModes':
    case undefined:
      return null
  }
}
