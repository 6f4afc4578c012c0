import { compareText, idKey, sha256Hex } from '../resources/id.ts'
import type { Resource } from '../resources/resource.ts'
import type { Draft } from './draft.ts'

/**
 * The digest of one change: what a reviewer relied on, and nothing that changes by itself (contract
 * section 7, "Action"): kind, id, action, wanted values and, for replace and delete, the reference
 * that the object had. 64 hex digits.
 */
export function digestOf(
  change: Pick<Draft, 'kind' | 'id' | 'action' | 'before' | 'after'>,
): string {
  const had =
    change.action === 'replace' || change.action === 'delete' ? referenceOf(change.before) : null
  const meaning = [change.kind, idKey(change.id), wishOf(change), wantedValues(change.after), had]
  return sha256Hex(JSON.stringify(meaning))
}

/**
 * A link that ends Failed is written again as an update by the next run of the same job: that is the
 * link that a reviewer saw as a create, or the run could never finish (contract section 4, promise 4).
 */
function wishOf({ kind, action }: Pick<Draft, 'kind' | 'action'>): string {
  return kind === 'scopedResource' && action === 'update' ? 'create' : action
}

/** The fingerprint of a plan: over the digests of its changes, in no order. `sha256:` and 64 hex digits. */
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

/** What the object pointed to before: an association its endpoint or rule, a link what it links. */
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
