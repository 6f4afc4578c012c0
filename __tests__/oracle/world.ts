import type {
  ConfigurationAssociation,
  Endpoint,
  Estate,
  Link,
  Reading,
} from '../../src/estate/estate.ts'
import type { Change } from '../../src/plan/plan.ts'

/**
 * A whole small Azure, from which estates are read. Like an estate, but endpoints list only their links
 * in other scopes, and it has the associations of all resources.
 */
export type World = Omit<Estate, 'uses' | 'confirmed'>

/** The form by which ids are compared; written independently of the product's own. */
export function low(id: string): string {
  const trimmed = id.trim().toLowerCase().split('/').filter(Boolean).join('/')
  return `/${trimmed}`
}

/** The part of an id after the last slash. */
export function last(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

/** An estate in which everything is known and confirmed. */
export function observe(world: World): Estate {
  const endpoints = new Map<string, Reading<Endpoint>>()
  for (const [key, reading] of world.endpoints) {
    endpoints.set(key, reading.state === 'found' ? found(withLinks(reading.value, world)) : reading)
  }
  const uses = new Map([...world.endpoints.keys()].map((key) => [key, usesOf(world, key)]))
  return { ...world, endpoints, uses, confirmed: confirmAll(world) }
}

export function found<T>(value: T): Reading<T> {
  return { state: 'found', value }
}

function withLinks(endpoint: Endpoint, world: World): Endpoint {
  const here = world.links
    .filter((link) => low(link.linkedResourceId) === low(endpoint.id))
    .map((link) => ({
      scopedResourceId: link.id,
      scopeId: link.id.split(/\/scopedResources\//i)[0] ?? '',
    }))
  return { ...endpoint, links: [...endpoint.links, ...here] }
}

/** The users of an endpoint, as the resource providers would list them. */
export function usesOf(world: World, endpoint: string) {
  const points = (id: string | undefined) => id !== undefined && low(id) === low(endpoint)
  return {
    // A deleted endpoint lists nothing.
    associations:
      world.endpoints.get(low(endpoint))?.state === 'found'
        ? [...world.associations.values()].filter((one) => points(one.endpointId))
        : [],
    rules: [...world.rules.values()].flatMap((reading) =>
      reading.state === 'found' && points(reading.value.endpointId) ? [reading.value.id] : [],
    ),
  }
}

function confirmAll(world: World): Set<string> {
  const confirmed = new Set<string>()
  const add = (what: string, keys: Iterable<string>) => {
    for (const key of keys) confirmed.add(`${what}:${key}`)
  }
  const carriers = [...world.targets.keys(), ...world.associations.keys()]
  add('target', world.targets.keys())
  add('monitorWorkspace', world.monitorWorkspaces.keys())
  add('logWorkspace', world.logWorkspaces.keys())
  add('endpoint', world.endpoints.keys())
  add('rule', world.rules.keys())
  add('uses', world.endpoints.keys())
  add('association', carriers)
  add('ruleAssociations', carriers)
  return confirmed
}

/** The answer to a question about an unknown resource: it doesn't exist and has no users. */
export function answer(
  estate: Estate,
  questions: readonly { what: string; id: string }[],
  world: World,
): Estate {
  const next = {
    ...estate,
    targets: new Map(estate.targets),
    monitorWorkspaces: new Map(estate.monitorWorkspaces),
    logWorkspaces: new Map(estate.logWorkspaces),
    endpoints: new Map(estate.endpoints),
    rules: new Map(estate.rules),
    associations: new Map(estate.associations),
    ruleAssociations: new Map(estate.ruleAssociations),
    uses: new Map(estate.uses),
    confirmed: new Set(estate.confirmed),
  }
  const all = observe(world)
  for (const { what, id } of questions) {
    const key = low(id)
    next.confirmed.add(`${what}:${key}`)
    if (what === 'target') next.targets.set(key, all.targets.get(key) ?? missing)
    if (what === 'monitorWorkspace')
      next.monitorWorkspaces.set(key, all.monitorWorkspaces.get(key) ?? missing)
    if (what === 'logWorkspace') next.logWorkspaces.set(key, all.logWorkspaces.get(key) ?? missing)
    if (what === 'endpoint') next.endpoints.set(key, all.endpoints.get(key) ?? missing)
    if (what === 'rule') next.rules.set(key, all.rules.get(key) ?? missing)
    if (what === 'ruleAssociations')
      next.ruleAssociations.set(key, all.ruleAssociations.get(key) ?? [])
    if (what === 'ruleUses') {
      for (const [carrier, rules] of all.ruleAssociations) {
        if (!rules.includes(key)) continue
        const known = next.ruleAssociations.get(carrier) ?? []
        next.ruleAssociations.set(carrier, [...new Set([...known, key])])
      }
    }
    if (what === 'uses') {
      for (const association of usesOf(world, key).associations) {
        next.associations.set(low(association.target), association)
      }
      next.uses.set(key, usesOf(world, key))
      next.endpoints.set(key, all.endpoints.get(key) ?? missing)
    }
    if (what === 'association') {
      const association = all.associations.get(key)
      if (association) next.associations.set(key, association)
      else next.associations.delete(key)
    }
  }
  return next
}

const missing = { state: 'missing' } as const

/** The state of Azure after one successful write. */
export function write(world: World, change: Change): World {
  const { after, before } = change
  const kept = before ?? after
  switch (kept.kind) {
    case 'accessModes': {
      if (after?.kind !== 'accessModes' || world.scope.state !== 'found') return world
      const modes = { ingestion: after.ingestion, query: after.query }
      return { ...world, scope: found({ ...world.scope.value, modes }) }
    }
    case 'scopedResource': {
      const rest = world.links.filter((link) => low(link.id) !== low(change.id))
      if (after?.kind !== 'scopedResource') return { ...world, links: rest }
      const link: Link = {
        id: change.id,
        name: last(change.id),
        linkedResourceId: after.linkedResourceId,
        provisioningState: 'Succeeded',
      }
      return { ...world, links: [...rest, link] }
    }
    case 'association': {
      const associations = new Map(world.associations)
      if (after?.kind !== 'association') associations.delete(low(kept.target))
      else associations.set(low(after.target), writtenAssociation(change, after))
      return { ...world, associations }
    }
    case 'dataCollectionEndpoint': {
      const endpoints = new Map(world.endpoints)
      if (after?.kind !== 'dataCollectionEndpoint') endpoints.set(low(change.id), missing)
      else endpoints.set(low(change.id), found(writtenEndpoint(world, change, after)))
      return { ...world, endpoints }
    }
  }
}

function writtenAssociation(
  change: Change,
  after: { readonly target: string; readonly endpointId?: string },
): ConfigurationAssociation {
  return {
    id: change.id,
    target: after.target,
    ...(after.endpointId !== undefined && { endpointId: after.endpointId }),
  }
}

/** Tags after a PUT: ours win, whatever their case; those of others stay. */
function writtenEndpoint(
  world: World,
  change: Change,
  after: {
    location: string
    tags: Readonly<Record<string, string>>
    publicNetworkAccess: Endpoint['publicNetworkAccess']
  },
): Endpoint {
  const live = world.endpoints.get(low(change.id))
  const before = live?.state === 'found' ? live.value : undefined
  const set = new Set(Object.keys(after.tags).map((name) => name.toLowerCase()))
  const others = Object.entries(before?.tags ?? {}).filter(([name]) => !set.has(name.toLowerCase()))
  return {
    id: change.id,
    name: last(change.id),
    location: after.location,
    tags: { ...Object.fromEntries(others), ...after.tags },
    publicNetworkAccess: after.publicNetworkAccess,
    links: before?.links ?? [],
  }
}
