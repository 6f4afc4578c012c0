import { idKey } from './id.ts'
import type { Resource } from './resource.ts'

/** The key that matches desired with live resources. A link's key is the id of the linked resource, not its own. */
export function resourceKey(resource: Resource): string {
  switch (resource.kind) {
    case 'scopedResource':
      return `link ${idKey(resource.linkedResourceId)}`
    case 'association':
      return `association ${idKey(resource.target)}`
    case 'dataCollectionEndpoint':
      return `endpoint ${idKey(resource.id)}`
    case 'accessModes':
      return `modes ${idKey(resource.id)}`
  }
}
