import { AzureError } from '../../errors.ts'
import type { Endpoint, Estate } from '../../estate/estate.ts'
import { type Question } from '../../estate/question.ts'
import { compareText, idKey, nameOf, parseResourceId } from '../../resources/id.ts'
import { isOurEndpoint } from '../../estate/ownership.ts'
import { select } from '../../estate/select.ts'
import { findUnmatched } from '../../estate/unmatched.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { answer } from './answer.ts'
import { query, queryAssociations, queryEach } from './resourceGraph.ts'
import { idText } from '../azureJson.ts'
import { parseTarget } from './parseResource.ts'
import {
  agentsQuery,
  associationsQuery,
  elsewhereQuery,
  resourcesQuery,
  nearbyQuery,
  subscriptionsOf,
  targetsQuery,
} from './queries.ts'
import { associationFromRow, resourceFromRow, targetFromRow } from './rows.ts'
import { lookAtScope } from './scope.ts'
import { findHiddenSubscriptions } from './findSubscriptions.ts'
import {
  emptyEstate,
  type LookOptions,
  type OpenEstate,
  storeResource,
  storeAssociation,
} from './openEstate.ts'

/** The most endpoint ids in one query. */
export const idsPerQuery = 200

/**
 * Reads Azure: broadly from Resource Graph, and the scope with its links from the provider. The
 * plan then asks for what it needs exactly, and `answer` reads that.
 */
export async function look(
  arm: Arm,
  topology: Topology,
  options: LookOptions,
): Promise<OpenEstate> {
  const estate = emptyEstate(topology)
  const subscriptions = subscriptionsOf(topology)
  const tooLarge = new Set<string>()
  const onTooLarge = (id: string) => tooLarge.add(id)
  const [scope, targets, agents] = await Promise.all([
    lookAtScope(arm, topology, options),
    findTargets(arm, topology, onTooLarge),
    findAgents(arm, topology),
    // Needs only the endpoints, so it doesn't wait for the rest.
    findResources(arm, topology, estate, onTooLarge).then(() =>
      findElsewhere(arm, topology, estate, subscriptions),
    ),
    queryAssociations(
      arm,
      (table) => associationsQuery(subscriptions, table),
      { what: 'find associations with Resource Graph' },
      (row) => storeAssociation(estate, associationFromRow(row)),
    ),
  ])
  estate.scope = scope.scope
  estate.links = scope.links
  estate.privateEndpoints = scope.privateEndpoints
  if (agents !== undefined) estate.agents = agents
  for (const row of targets) {
    const target = parseTarget(targetFromRow(row), agents?.keys)
    if (target.location === '') continue
    estate.targets.set(idKey(target.id), { state: 'found', value: target })
  }
  estate.selected = select(topology, estate)
  if (tooLarge.size > 0) {
    const endpoints = estate.endpoints.size
    await readTooLarge(arm, topology, estate, [...tooLarge], options)
    if (estate.endpoints.size > endpoints) await findElsewhere(arm, topology, estate, subscriptions)
  }
  estate.nearby = await findNearby(arm, topology, estate)
  estate.hiddenSubscriptions = await findHiddenSubscriptions(arm, topology, estate)
  return estate
}

/** Finds workspaces, endpoints and rules. */
async function findResources(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
  onTooLarge: (id: string) => void,
): Promise<void> {
  await queryEach(
    arm,
    resourcesQuery(topology, subscriptionsOf(topology)),
    { what: 'find workspaces, endpoints and rules with Resource Graph', onTooLarge },
    (row) => {
      storeResource(estate, resourceFromRow(row))
    },
  )
}

/**
 * Reads resources that are too large for any Resource Graph answer from their providers, one by
 * one.
 */
async function readTooLarge(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
  ids: readonly string[],
  options: LookOptions,
): Promise<void> {
  const names = ids.slice(0, 5).map(nameOf).join(', ')
  options.log(
    `Resource Graph cannot return ${names}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}: read from ${ids.length === 1 ? 'its provider' : 'their providers'}.`,
  )
  const questions = ids.flatMap((id): readonly Question[] => {
    const what = whatIs[parseResourceId(id)?.type ?? ''] ?? 'target'
    return [{ what, id }]
  })
  await answer(arm, topology, estate, questions)
}

/** The question for a resource, by its type; any other resource is a target. */
const whatIs: Readonly<Record<string, Question['what']>> = {
  'microsoft.insights/datacollectionendpoints': 'endpoint',
  'microsoft.insights/datacollectionrules': 'rule',
  'microsoft.monitor/accounts': 'monitorWorkspace',
  'microsoft.operationalinsights/workspaces': 'logWorkspace',
}

/**
 * Finds what a select that matches nothing may have meant. It only improves a message, so a failure
 * does not fail the plan.
 */
async function findNearby(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
): Promise<NonNullable<Estate['nearby']>> {
  const idle = topology.selects.filter((entry, index) =>
    findUnmatched(entry, estate.selected[index] ?? [], estate).some(
      ({ what }) => what !== 'exclude',
    ),
  )
  if (idle.length === 0) return []
  const what = 'find what selects may have meant with Resource Graph'
  const rows = await query(arm, nearbyQuery(idle), { what }).catch((error: unknown) => {
    if (error instanceof AzureError) return []
    throw error
  })
  return rows.map((row) => parseTarget(targetFromRow(row)))
}

async function findTargets(
  arm: Arm,
  topology: Topology,
  onTooLarge: (id: string) => void,
): Promise<readonly unknown[]> {
  const kql = targetsQuery(topology)
  return kql === undefined
    ? []
    : await query(arm, kql, { what: 'find targets with Resource Graph', onTooLarge })
}

/**
 * Keys of the machines with the agent. Only queried if the file has machines: clusters have no
 * agent extension.
 */
async function findAgents(arm: Arm, topology: Topology): Promise<OpenEstate['agents'] | undefined> {
  const entries = [...topology.targets, ...topology.selects]
  const machines = entries.filter((e) => e.kind === 'machine')
  if (machines.length === 0) return undefined
  const subscriptions = new Set([
    ...topology.targets.filter((t) => t.kind === 'machine').map((t) => t.id.subscription),
    ...topology.selects.filter((s) => s.kind === 'machine').flatMap((s) => s.subscriptions),
  ])
  return { keys: await queryAgents(arm, agentsQuery([...subscriptions])), subscriptions }
}

/** Keys of the machines whose agents a query finds. */
export async function queryAgents(arm: Arm, kql: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  await queryEach(arm, kql, { what: 'find Azure Monitor agents with Resource Graph' }, (row) =>
    keys.add(idKey(idText(row, 'id') ?? '').replace(/\/extensions\/[^/]+$/, '')),
  )
  return keys
}

/**
 * Finds associations that we own, or with endpoints that we own, in subscriptions that the file
 * doesn't name (any more).
 */
async function findElsewhere(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
  subscriptions: readonly string[],
): Promise<void> {
  const ours = [...estate.endpoints.values()]
    .flatMap((r): readonly Endpoint[] => (r.state === 'found' ? [r.value] : []))
    .filter((endpoint) => isOurEndpoint(endpoint, topology))
    .map((endpoint) => idKey(endpoint.id))
    .toSorted(compareText)
  const chunks = Array.from({ length: Math.max(1, Math.ceil(ours.length / idsPerQuery)) }, (_, i) =>
    ours.slice(i * idsPerQuery, (i + 1) * idsPerQuery),
  )
  await Promise.all(
    chunks.map((chunk) =>
      queryAssociations(
        arm,
        (table) => elsewhereQuery(topology, chunk, subscriptions, table),
        { what: 'find our associations in other subscriptions with Resource Graph' },
        (row) => storeAssociation(estate, associationFromRow(row)),
      ),
    ),
  )
}
