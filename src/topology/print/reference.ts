import type { ResourceId } from '../../resources/id.ts'
import { guid, segment } from '../fields.ts'
import { type Section, sectionTypes, writtenType } from '../types.ts'
import { scalar } from './scalar.ts'

/** True when a resource can stand in the section: its type fits, and the parser takes its id. */
export function isWritable(id: ResourceId, section: Section): boolean {
  const types: readonly string[] = sectionTypes[section]
  return (
    types.some((type) => type.toLowerCase() === id.type) &&
    guid.test(id.subscription) &&
    segment.test(id.resourceGroup) &&
    segment.test(id.name)
  )
}

/** A reference as a colleague would write it: short where that resolves to just this resource. */
export function printReference(id: ResourceId, section: Section, subscription: string): string {
  const [short] = sectionTypes[section]
  const { resourceGroup, name, type } = id
  const isShort = id.subscription === subscription && short.toLowerCase() === type
  // A group of this name would make a full id of it.
  const isClear = resourceGroup.toLowerCase() !== 'subscriptions'
  if (isShort && isClear) return scalar(`${resourceGroup}/${name}`)
  const full = `/subscriptions/${id.subscription}/resourceGroups/${resourceGroup}/providers/${writtenType(type)}/${name}`
  return scalar(full)
}
