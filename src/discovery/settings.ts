import type { Endpoint, Estate, MonitorWorkspace } from '../estate/estate.ts'
import { groupBy } from '../resources/group.ts'
import { compareText, idKey, parseResourceId, type ResourceId } from '../resources/id.ts'
import { machineEndpointName, regionalIngestionName } from '../resources/names.ts'
import { defaultNames } from '../topology/templates.ts'
import type { WrittenEndpoints } from '../topology/print/written.ts'
import { ownershipTag } from '../resources/ownership.ts'
import { ownedEndpoints } from './marks.ts'
import type { Notebook } from './notebook.ts'

/** A machine that sends metrics, and the workspace that receives them. */
export interface Sender {
  readonly id: ResourceId
  readonly workspace: MonitorWorkspace
}

type Settings = Pick<
  WrittenEndpoints,
  'resourceGroup' | 'machineIngestion' | 'publicNetworkAccess' | 'tags'
>

/**
 * Chooses how endpoints are named and placed, so that the plan neither renames nor duplicates
 * existing ones: `machineIngestion` other than `none` only if every ingestion endpoint already
 * exists under the name that it would get.
 */
export function chooseSettings(
  estate: Estate,
  topology: { readonly name: string; readonly scope: ResourceId },
  senders: readonly Sender[],
  notebook: Notebook,
): Settings & { readonly relied: ReadonlySet<string> } {
  const { name, scope } = topology
  const ours = ownedEndpoints(estate, name, scope)
  const ingestion = chooseIngestion(estate, topology, senders)
  const group = ingestion?.group ?? commonGroup(ours) ?? scope
  return {
    resourceGroup: { subscription: group.subscription, name: group.resourceGroup },
    ...(ingestion === undefined || ingestion.mode === 'perMachine'
      ? {}
      : { machineIngestion: ingestion.mode }),
    ...(ours.length === 0 ? {} : { publicNetworkAccess: commonAccess(ours, notebook) }),
    tags: commonTags(ours),
    relied: ingestion?.relied ?? new Set(),
  }
}

type Group = Pick<ResourceId, 'subscription' | 'resourceGroup'>

interface Ingestion {
  readonly mode: 'perMachine' | 'perRegion' | 'none'
  /** The resource group of all its endpoints. */
  readonly group?: Group
  /** Keys of its endpoints. */
  readonly relied: ReadonlySet<string>
}

/** `undefined` if no machine sends metrics: no ingestion endpoint is needed then. */
function chooseIngestion(
  estate: Estate,
  { name, scope }: { readonly name: string; readonly scope: ResourceId },
  senders: readonly Sender[],
): Ingestion | undefined {
  if (senders.length === 0) return undefined
  const byName = endpointsByName(estate)
  const nameOf = {
    perMachine: ({ id, workspace: { location: region } }: Sender) =>
      machineEndpointName(defaultNames.machineName, { topology: name, region, machineId: id.key }),
    perRegion: ({ workspace: { location: region } }: Sender) =>
      regionalIngestionName(defaultNames.regionalName, { topology: name, region }),
  }
  for (const mode of ['perMachine', 'perRegion'] as const) {
    const groups = senders.map((sender) => {
      const wanted = nameOf[mode](sender)?.toLowerCase() ?? ''
      const there = byName.get(wanted) ?? []
      return there.filter((endpoint) => endpoint.location === sender.workspace.location)
    })
    const group = sharedGroup(groups, scope)
    if (group === undefined) continue
    const relied = groups
      .flat()
      .filter(({ id }) => groupKey({ id }) === groupKey({ id: group.text }))
    return { mode, group, relied: new Set(relied.map(({ id }) => idKey(id))) }
  }
  return { mode: 'none', relied: new Set() }
}

function endpointsByName(estate: Estate): ReadonlyMap<string, readonly Endpoint[]> {
  const found = [...estate.endpoints.values()].flatMap((reading) =>
    reading.state === 'found' ? [reading.value] : [],
  )
  return groupBy(found, (endpoint) => endpoint.name.toLowerCase())
}

/** A resource group in which each of these lists has an endpoint, preferably the scope's. */
function sharedGroup(
  lists: readonly (readonly Endpoint[])[],
  scope: ResourceId,
): ResourceId | undefined {
  const [first = [], ...rest] = lists.map((list) => new Map(list.map((e) => [groupKey(e), e])))
  const shared = [...first].filter(([key]) => rest.every((groups) => groups.has(key)))
  const own = groupKey({ id: scope.text })
  const [chosen] = shared.toSorted(
    ([a], [b]) => Number(b === own) - Number(a === own) || compareText(a, b),
  )
  return chosen === undefined ? undefined : parseResourceId(chosen[1].id)
}

function groupKey({ id }: Pick<Endpoint, 'id'>): string {
  return idKey(id).split('/').slice(0, 5).join('/')
}

/** The resource group that holds most of the endpoints we own. */
function commonGroup(ours: readonly Endpoint[]): Group | undefined {
  const groups = [...groupBy(ours, groupKey)].toSorted(
    ([a, x], [b, y]) => y.length - x.length || compareText(a, b),
  )
  const endpoint = groups[0]?.[1][0]
  return endpoint === undefined ? undefined : parseResourceId(endpoint.id)
}

function commonAccess(
  ours: readonly Endpoint[],
  { remarks, shortId }: Notebook,
): 'Enabled' | 'Disabled' {
  const count = (access: string) => ours.filter((e) => e.publicNetworkAccess === access).length
  const common = count('Enabled') > count('Disabled') ? 'Enabled' : 'Disabled'
  for (const endpoint of ours.filter((e) => e.publicNetworkAccess !== common)) {
    remarks.dataCollectionEndpoints.push(
      `${shortId(endpoint.id)} belongs to this topology, but its public network access is ${endpoint.publicNetworkAccess}: the file has one setting for all endpoints.`,
    )
  }
  return common
}

/** Tags that all endpoints we own share and that a file may hold. */
function commonTags(ours: readonly Endpoint[]): Readonly<Record<string, string>> {
  const [first, ...rest] = ours
  const others = rest.map(
    ({ tags }) => new Map(Object.entries(tags).map(([k, v]) => [k.toLowerCase(), v])),
  )
  const shared = Object.entries(first?.tags ?? {}).filter(
    ([name, value]) =>
      name.toLowerCase() !== ownershipTag &&
      isWritableTag(name, value) &&
      others.every((tags) => tags.get(name.toLowerCase()) === value),
  )
  return Object.fromEntries(shared.toSorted(([a], [b]) => compareText(a, b)).slice(0, maxTags))
}

const maxTags = 49

/** True for a tag that the parser accepts. Half a surrogate pair is not accepted. */
export function isWritableTag(name: string, value: string): boolean {
  const isWhole = (text: string) => !/[\uFFFD\uFFFE\uFFFF]|\p{Cs}/u.test(text)
  return (
    /^[^<>%&\\?/\n\t]{1,512}$/.test(name) &&
    /^[^\n\t]{0,256}$/.test(value) &&
    isWhole(name) &&
    isWhole(value)
  )
}
