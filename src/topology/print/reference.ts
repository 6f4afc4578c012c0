import type { ResourceId } from '../../resources/id.ts'
import { guid, segment } from '../fields.ts'
import { type Section, sectionTypes, writtenType } from '../types.ts'
import { scalar } from './scalar.ts'

/** True if the section allows the resource: its type fits, and the parser accepts its id. */
export function isWritable(id: ResourceId, section: Section): boolean {
  const types: readonly string[] = sectionTypes[section]
  return (
    types.some((type) => type.toLowerCase() === id.type) &&
    guid.test(id.subscription) &&
    segment.test(id.resourceGroup) &&
    segment.test(id.name)
  )
}

/** Prints a reference: the short form if it resolves to this resource, otherwise the full id. */
export function printReference(id: ResourceId, section: Section, subscription: string): string {
  const [short] = sectionTypes[section]
  const { resourceGroup, name, type } = id
  const isShort = id.subscription === subscription && short.toLowerCase() === type
  // The parser would read `subscriptions/<name>` as the start of a full id.
  const isClear = resourceGroup.toLowerCase() !== 'subscriptions'
  if (isShort && isClear) return scalar(`${resourceGroup}/${name}`)
  const full = `/subscriptions/${id.subscription}/resourceGroups/${resourceGroup}/providers/${writtenType(type)}/${name}`
  return scalar(full)
}
