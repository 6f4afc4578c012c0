import { idKey } from './id.ts'
import type { Resource } from './resource.ts'

/** What a resource is known by when wants and live objects are matched; a link by what it links. */
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
