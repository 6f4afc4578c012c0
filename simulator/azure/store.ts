import { compareText, sha256Hex } from '../../src/resources/id.ts'
import { type JsonObject, textAt } from './json.ts'
import type { ResourcePath } from './path.ts'
import type { SystemData } from './seed.ts'

/** A resource as stored: as written, without what the service adds in answers. */
export interface StoredResource {
  readonly path: ResourcePath
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly kind?: string
  readonly identity?: JsonObject
  readonly sku?: JsonObject
  readonly plan?: JsonObject
  readonly zones?: readonly string[]
  readonly extendedLocation?: JsonObject
  readonly managedBy?: string
  readonly properties: JsonObject
  readonly systemData: SystemData
  /** How often a resource with this id has been created: a new one gets new host names. */
  readonly generation: number
  /** How often it has been written; determines the etag. */
  readonly version: number
}

/** A resource to store; the store counts creations and writes. */
export type Unstamped = Omit<StoredResource, 'generation' | 'version'>

export interface StoredGroup {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly subscription: string
  readonly location: string
}

const referringProperties = [
  'dataCollectionEndpointId',
  'dataCollectionRuleId',
  'linkedResourceId',
] as const

/** All resources, with lookups by id, by holder and type, and by reference. */
export class Store {
  readonly resources = new Map<string, StoredResource>()
  readonly groups = new Map<string, StoredGroup>()
  readonly #collections = new Map<string, Map<string, StoredResource>>()
  readonly #sorted = new Map<string, readonly StoredResource[]>()
  readonly #children = new Map<string, Set<string>>()
  readonly #gone = new Map<string, { generation: number; version: number }>()
  readonly #referrers = new Map<string, Set<string>>()

  get(key: string): StoredResource | undefined {
    return this.resources.get(key)
  }

  /** Stores a resource, under its previous id if it exists, and counts the write. */
  put(resource: Unstamped): StoredResource {
    const before = this.resources.get(resource.path.key)
    const gone = this.#gone.get(resource.path.key)
    const stored: StoredResource = {
      ...resource,
      path: before?.path ?? resource.path,
      generation: before?.generation ?? (gone ? gone.generation + 1 : 0),
      version: (before ?? gone ?? { version: -1 }).version + 1,
    }
    this.set(stored)
    return stored
  }

  /** Stores a resource unchanged. */
  set(resource: StoredResource): void {
    const { key } = resource.path
    this.#unlink(key)
    this.resources.set(key, resource)
    for (const collection of collectionsOf(resource.path)) {
      this.#collection(collection).set(key, resource)
      this.#sorted.delete(collection)
    }
    this.#children.set(
      resource.path.holder,
      (this.#children.get(resource.path.holder) ?? new Set()).add(key),
    )
    for (const target of referencesOf(resource)) {
      const from = this.#referrers.get(target) ?? new Set()
      this.#referrers.set(target, from.add(key))
      this.#sorted.delete(`${resource.path.type} <- ${target}`)
    }
    this.addGroup(resource.path, resource.location)
  }

  delete(key: string): void {
    const before = this.resources.get(key)
    if (!before) return
    this.#gone.set(key, { generation: before.generation, version: before.version })
    this.#unlink(key)
    this.resources.delete(key)
  }

  /** Keys of a resource and of all its children and extensions, children first. */
  withChildren(key: string): readonly string[] {
    return [
      ...[...(this.#children.get(key) ?? [])].flatMap((child) => this.withChildren(child)),
      key,
    ]
  }

  /** Registers the resource group of a path; the first location seen becomes the group's. */
  addGroup(path: { subscription: string; resourceGroup: string }, location?: string): void {
    if (path.resourceGroup === '') return
    const id = `/subscriptions/${path.subscription}/resourceGroups/${path.resourceGroup}`
    const key = id.toLowerCase()
    if (this.groups.has(key)) return
    this.groups.set(key, {
      id,
      key,
      name: path.resourceGroup,
      subscription: path.subscription,
      location: location ?? 'westeurope',
    })
  }

  /** The resources of a type (lower case) below a holder or in a subscription (its key), by id. */
  members(type: string, holder: string): readonly StoredResource[] {
    const name = `${type} ${holder}`
    const known = this.#sorted.get(name)
    if (known) return known
    const members = [...(this.#collections.get(name)?.values() ?? [])]
    members.sort((a, b) => compareText(a.path.key, b.path.key))
    this.#sorted.set(name, members)
    return members
  }

  /** The resources of a type (lower case) that refer to this one, by id. */
  referrers(key: string, type: string): readonly StoredResource[] {
    const name = `${type} <- ${key}`
    const known = this.#sorted.get(name)
    if (known) return known
    const referrers = [...(this.#referrers.get(key) ?? [])]
      .map((from) => this.resources.get(from))
      .filter((resource) => resource !== undefined)
      .filter((resource) => resource.path.type === type)
      .sort((a, b) => compareText(a.path.key, b.path.key))
    this.#sorted.set(name, referrers)
    return referrers
  }

  #collection(name: string): Map<string, StoredResource> {
    const collection = this.#collections.get(name) ?? new Map<string, StoredResource>()
    this.#collections.set(name, collection)
    return collection
  }

  #unlink(key: string): void {
    const before = this.resources.get(key)
    if (!before) return
    for (const collection of collectionsOf(before.path)) {
      this.#collections.get(collection)?.delete(key)
      this.#sorted.delete(collection)
    }
    this.#children.get(before.path.holder)?.delete(key)
    for (const target of referencesOf(before)) {
      this.#referrers.get(target)?.delete(key)
      this.#sorted.delete(`${before.path.type} <- ${target}`)
    }
  }
}

/** A GUID derived from a text. */
export function guidFor(text: string): string {
  const hex = sha256Hex(text)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

function collectionsOf(path: ResourcePath): readonly string[] {
  const own = `${path.type} ${path.holder}`
  const subscription = `/subscriptions/${path.subscription}`
  const group = `${subscription}/resourcegroups/${path.resourceGroup.toLowerCase()}`
  return path.holder === group ? [own, `${path.type} ${subscription}`] : [own]
}

function referencesOf(resource: StoredResource): readonly string[] {
  return referringProperties
    .map((property) => textAt(resource.properties, property)?.toLowerCase())
    .filter((id) => id !== undefined)
}
