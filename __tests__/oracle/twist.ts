import type { ChangedBy, Endpoint, Estate, Reading } from '../../src/estate/estate.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { found, type World } from './world.ts'

/** Equivalent representations of the same Azure, for which a plan must be the same. */

type Random = () => number

/** The same world with answers in another order. */
export function shuffle(world: World, random: Random): World {
  const list = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, place: random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item)
  const map = <V>(items: ReadonlyMap<string, V>) => new Map(list([...items]))
  return {
    scope: world.scope,
    links: list(world.links),
    privateEndpoints: list(world.privateEndpoints),
    targets: map(world.targets),
    selected: world.selected.map(list),
    hiddenSubscriptions: world.hiddenSubscriptions,
    monitorWorkspaces: map(world.monitorWorkspaces),
    logWorkspaces: map(world.logWorkspaces),
    endpoints: map(world.endpoints),
    rules: new Map(
      [...map(world.rules)].map(([key, reading]) => [
        key,
        reading.state === 'found'
          ? found({
              ...reading.value,
              streams: list(reading.value.streams),
              logDestinations: list(reading.value.logDestinations),
              metricsDestinations: list(reading.value.metricsDestinations),
            })
          : reading,
      ]),
    ),
    associations: map(world.associations),
    ruleAssociations: new Map(
      [...map(world.ruleAssociations)].map(([key, rules]) => [key, list(rules)]),
    ),
  }
}

/** The same world with ids in other case; map keys stay the same. */
export function recase(world: World, random: Random): World {
  const flip = (value: string) =>
    value.startsWith('/')
      ? value.replace(/./g, (c) => (random() < 0.3 ? c.toUpperCase() : c.toLowerCase()))
      : value
  const deep = <T>(value: T): T => {
    if (typeof value === 'string') return flip(value) as T
    if (value instanceof Map)
      return new Map([...value].map(([k, v]) => [k as string, deep<unknown>(v)])) as T
    if (Array.isArray(value)) return value.map((one: unknown) => deep(one)) as T
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, deep<unknown>(v)])) as T
  }
  const { selected, ruleAssociations, ...rest } = world
  const cased = deep(rest)
  // A link's name is the end of its id, in the same case.
  const links = cased.links.map((link) => ({ ...link, name: link.id.split('/').at(-1) ?? '' }))
  return { ...cased, links, selected, ruleAssociations }
}

/** The same world with other volatile properties: hosts, tags of others, last changes. */
export function ruffle(world: World, random: Random): World {
  const changed: ChangedBy = {
    by: `somebody-${random()}`,
    type: 'User',
    at: '2026-01-01T00:00:00Z',
  }
  const endpoints = new Map<string, Reading<Endpoint>>()
  for (const [key, reading] of world.endpoints) {
    endpoints.set(
      key,
      reading.state !== 'found'
        ? reading
        : found({
            ...reading.value,
            tags: { ...reading.value.tags, 'hidden-link': String(random()) },
            configurationAccess: `https://x-${random()}.handler.control.monitor.azure.com`,
            changed,
          }),
    )
  }
  return {
    ...world,
    endpoints,
    links: world.links.map((link) => ({ ...link, changed })),
    associations: new Map([...world.associations].map(([key, one]) => [key, { ...one, changed }])),
  }
}

/** The file with its targets, Log Analytics workspaces and waivers in another order, which must not matter. */
export function reorder(topology: Topology): Topology {
  return {
    ...topology,
    targets: topology.targets.toReversed(),
    logAnalyticsWorkspaces: topology.logAnalyticsWorkspaces.toReversed(),
    waivers: topology.waivers.toReversed(),
    endpoints: { ...topology.endpoints, existing: topology.endpoints.existing.toReversed() },
  }
}

/** The result of a Resource Graph that omits some associations. */
export function leaveOut(estate: Estate, random: Random): Estate {
  const some = <V>(items: ReadonlyMap<string, V>) =>
    new Map([...items].filter(() => random() < 0.6))
  return {
    ...estate,
    targets: some(estate.targets),
    associations: some(estate.associations),
    ruleAssociations: new Map(
      [...some(estate.ruleAssociations)].map(([key, rules]) => [
        key,
        rules.filter(() => random() < 0.6),
      ]),
    ),
  }
}

/** The estate before any question is answered: Resource Graph's data, unconfirmed. */
export function forget(estate: Estate, isOurs: (endpoint: Endpoint) => boolean): Estate {
  const ours = [...estate.endpoints].filter(([, one]) => one.state === 'found' && isOurs(one.value))
  const found = [...estate.targets].filter(([, one]) => one.state === 'found')
  return {
    ...estate,
    endpoints: new Map(ours),
    targets: new Map(found),
    monitorWorkspaces: new Map(),
    logWorkspaces: new Map(),
    rules: new Map(),
    uses: new Map(),
    confirmed: new Set(),
  }
}
