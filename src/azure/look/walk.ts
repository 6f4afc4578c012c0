import { carriersOf } from '../../discovery/carriers.ts'
import { groupBy } from '../../resources/group.ts'
import { compareText, idKey, parseResourceId, type ResourceId } from '../../resources/id.ts'
import { defaultNames } from '../../topology/templates.ts'
import { targetTypes, type TargetKind, type Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { listEndpointAssociations } from './endpoint.ts'
import { idsPerQuery, look } from './look.ts'
import {
  emptyEstate,
  type LookOptions,
  type OpenEstate,
  storeResource,
  storeAssociation,
} from './openEstate.ts'
import { parseTarget } from './parseResource.ts'
import { queryAssociations, queryEach } from './resourceGraph.ts'
import { associationFromRow, resourceFromRow, targetFromRow } from './rows.ts'
import { lookAtScope } from './scope.ts'
import {
  associationsWithQuery,
  machinesOfGroupsQuery,
  rulesToWorkspacesQuery,
  throughEndpointsQuery,
} from './walkQueries.ts'

/**
 * The most pages of endpoints' own lists that a walk reads; the rest comes only from Resource
 * Graph.
 */
const maxPages = 24

/** The assumed number of entries per page of such a list. */
const perPage = 50

/**
 * Walks from a scope to everything that uses it: links → endpoints and workspaces → associations
 * and rules → targets → their surroundings. Reads broadly from Resource Graph, and endpoints' own
 * lists if there are few, because these also show targets that this identity cannot read.
 *
 * @param open returns a connection that shares reads with the other ones it returned
 */
export async function walk(
  open: () => Arm,
  scope: ResourceId,
  options: LookOptions,
): Promise<OpenEstate> {
  const arm = open()
  const first = emptyEstate({ selects: [] })
  Object.assign(first, await lookAtScope(arm, { privateLinkScope: { id: scope } }, options))
  if (first.scope.state !== 'found') return first
  await findUsers(arm, first)
  await readOwnLists(arm, first)
  const estate = await look(open(), topologyAround(scope, first), options)
  mergeInto(estate, first)
  await findNeighbours(arm, estate)
  return estate
}

/** Finds the resources that are associated with what the scope links, or send through or to it. */
async function findUsers(arm: Arm, estate: OpenEstate): Promise<void> {
  const endpoints = linkedIds(estate, 'microsoft.insights/datacollectionendpoints')
  const workspaces = linkedIds(estate, 'microsoft.operationalinsights/workspaces')
  const what = 'find what uses the scope with Resource Graph'
  const take = (row: unknown) => {
    storeResource(estate, resourceFromRow(row))
  }
  await Promise.all([
    ...chunked(endpoints).map((ids) => queryEach(arm, throughEndpointsQuery(ids), { what }, take)),
    ...chunked(workspaces).map((ids) =>
      queryEach(arm, rulesToWorkspacesQuery(ids), { what }, take),
    ),
  ])
  const rules = [...estate.rules.keys()]
  await Promise.all(
    chunked([...endpoints, ...rules]).map((ids) =>
      queryAssociations(
        arm,
        (table) => associationsWithQuery(ids, table),
        { what: 'find who uses the scope with Resource Graph' },
        (row) => storeAssociation(estate, associationFromRow(row)),
      ),
    ),
  )
}

function linkedIds({ links }: OpenEstate, type: string): readonly string[] {
  return [...new Set(links.map((link) => idKey(link.linkedResourceId)))]
    .filter((key) => parseResourceId(key)?.type === type)
    .toSorted(compareText)
}

function chunked(ids: readonly string[]): readonly (readonly string[])[] {
  const sorted = ids.toSorted(compareText)
  return Array.from({ length: Math.ceil(sorted.length / idsPerQuery) }, (_, i) =>
    sorted.slice(i * idsPerQuery, (i + 1) * idsPerQuery),
  )
}

/** Reads the endpoints' own lists, shortest first, within the page limit. */
async function readOwnLists(arm: Arm, estate: OpenEstate): Promise<void> {
  const known = new Map<string, number>()
  for (const { endpointId } of estate.associations.values()) {
    if (endpointId === undefined) continue
    known.set(idKey(endpointId), (known.get(idKey(endpointId)) ?? 0) + 1)
  }
  const pagesOf = (key: string) => Math.floor((known.get(key) ?? 0) / perPage) + 1
  let left = maxPages
  const chosen = linkedIds(estate, 'microsoft.insights/datacollectionendpoints')
    .toSorted((a, b) => pagesOf(a) - pagesOf(b) || compareText(a, b))
    .filter((key) => (left -= pagesOf(key)) >= 0)
  const lists = await Promise.all(chosen.map((key) => listEndpointAssociations(arm, key)))
  for (const raw of lists.flatMap((list) => (list.state === 'found' ? list.value : []))) {
    storeAssociation(estate, raw)
  }
}

/** A topology of what was found so far, so that its surroundings can be read as for any plan. */
function topologyAround(scope: ResourceId, estate: OpenEstate): Topology {
  const at = { line: 1, column: 1 }
  const targets = carriersOf(estate).targets.flatMap((id) => {
    const parsed = parseResourceId(id)
    const kind = kindOf(parsed?.type ?? '')
    return parsed === undefined || kind === undefined ? [] : [{ kind, id: parsed, logs: [], at }]
  })
  const workspaces = (ids: Iterable<string>) =>
    [...ids].toSorted(compareText).flatMap((key, index) => {
      const id = parseResourceId(key)
      return id === undefined ? [] : [{ alias: `w${index}`, id, at }]
    })
  return {
    file: '',
    name: 'import',
    formerNames: [],
    subscription: scope.subscription,
    privateLinkScope: { id: scope, at },
    accessModes: { at },
    azureMonitorWorkspaces: workspaces(estate.monitorWorkspaces.keys()),
    logAnalyticsWorkspaces: workspaces(
      linkedIds(estate, 'microsoft.operationalinsights/workspaces'),
    ),
    targets,
    selects: [],
    remoteWrite: [],
    endpoints: {
      ...defaultNames,
      machineIngestion: 'none',
      publicNetworkAccess: 'Disabled',
      tags: {},
      existing: [],
      at,
    },
    existingAssociations: 'adopt',
    waivers: [],
  }
}

function kindOf(type: string): TargetKind | undefined {
  return (['cluster', 'machine'] as const).find((kind) => targetTypes[kind].includes(type))
}

/** Adds what the first steps found beyond `look`. The providers' own lists take precedence. */
function mergeInto(estate: OpenEstate, first: OpenEstate): void {
  for (const shelf of ['endpoints', 'rules', 'monitorWorkspaces', 'logWorkspaces'] as const) {
    const known: Map<string, unknown> = estate[shelf]
    for (const [key, reading] of first[shelf]) if (!known.has(key)) known.set(key, reading)
  }
  for (const [key, association] of first.associations) estate.associations.set(key, association)
  for (const [key, rules] of first.ruleAssociations) {
    const all = new Set([...(estate.ruleAssociations.get(key) ?? []), ...rules])
    estate.ruleAssociations.set(key, [...all].toSorted(compareText))
  }
}

/** A select may be proposed for more machines of a resource group than this. */
const manyMachines = 20

/**
 * Finds the other machines in resource groups with many targets, because a select of the group
 * would match them too.
 */
async function findNeighbours(arm: Arm, estate: OpenEstate): Promise<void> {
  const machines = carriersOf(estate)
    .targets.flatMap((id) => parseResourceId(id) ?? [])
    .filter(({ type }) => targetTypes.machine.includes(type))
  const crowded = [
    ...groupBy(machines, (id) => `${id.subscription}/${id.resourceGroup.toLowerCase()}`).values(),
  ].filter((group) => group.length > manyMachines)
  const firsts = crowded.flatMap(([first]) => first ?? [])
  if (firsts.length === 0) return
  const kql = machinesOfGroupsQuery(
    firsts.map(({ subscription }) => subscription),
    firsts.map(({ resourceGroup }) => resourceGroup.toLowerCase()),
  )
  await queryEach(
    arm,
    kql,
    { what: 'find other machines of resource groups with Resource Graph' },
    (row) => {
      const target = parseTarget(targetFromRow(row))
      const key = idKey(target.id)
      if (target.location === '' || estate.targets.has(key)) return
      estate.targets.set(key, { state: 'found', value: target })
    },
  )
}
