import { AzureError } from '../../errors.ts'
import type { Endpoint, Estate } from '../../estate/estate.ts'
import { type Question } from '../../estate/question.ts'
import { compareText, idKey, nameOf, parseResourceId } from '../../resources/id.ts'
import { isOurEndpoint } from '../../estate/ownership.ts'
import { select } from '../../estate/select.ts'
import { findUseless } from '../../estate/useless.ts'
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
  groundsQuery,
  nearbyQuery,
  subscriptionsOf,
  targetsQuery,
} from './queries.ts'
import { associationFromRow, groundFromRow, targetFromRow } from './rows.ts'
import { lookAtScope } from './scope.ts'
import { findHiddenSubscriptions } from './findSubscriptions.ts'
import {
  emptyEstate,
  type LookOptions,
  type OpenEstate,
  shelve,
  shelveAssociation,
} from './openEstate.ts'

/** How many endpoint ids one query names. */
export const idsAQuery = 200

/**
 * Looks at Azure: wide reads from Resource Graph, and the scope with its links exactly. What the
 * plan then needs to know exactly it asks for, and `answer` reads it.
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
    findGrounds(arm, topology, estate, onTooLarge).then(async () => {
      // Needs the endpoints alone, so it doesn't wait for the rest.
      if (tooLarge.size === 0) await findElsewhere(arm, topology, estate, subscriptions)
    }),
    queryAssociations(
      arm,
      (table) => associationsQuery(subscriptions, table),
      { what: 'find associations with Resource Graph' },
      (row) => shelveAssociation(estate, associationFromRow(row)),
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
    await readTooLarge(arm, topology, estate, [...tooLarge], options)
    await findElsewhere(arm, topology, estate, subscriptions)
  }
  estate.nearby = await findNearby(arm, topology, estate)
  estate.hiddenSubscriptions = await findHiddenSubscriptions(arm, topology, estate)
  return estate
}

/** Finds workspaces, endpoints and rules. */
async function findGrounds(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
  onTooLarge: (id: string) => void,
): Promise<void> {
  await queryEach(
    arm,
    groundsQuery(topology, subscriptionsOf(topology)),
    { what: 'find workspaces, endpoints and rules with Resource Graph', onTooLarge },
    (row) => {
      shelve(estate, groundFromRow(row))
    },
  )
}

/** What no answer of Resource Graph can hold is read from its provider, one by one. */
async function readTooLarge(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
  ids: readonly string[],
  options: LookOptions,
): Promise<void> {
  const names = ids.slice(0, 5).map(nameOf).join(', ')
  options.log(
    `Resource Graph has no answer that holds ${names}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}: read from ${ids.length === 1 ? 'its provider' : 'their providers'}.`,
  )
  const questions = ids.flatMap((id): readonly Question[] => {
    const what = whatIs[parseResourceId(id)?.type ?? ''] ?? 'target'
    return [{ what, id }]
  })
  await answer(arm, topology, estate, questions)
}

/** What is asked of a thing by its type; everything else that is looked for is a target. */
const whatIs: Readonly<Record<string, Question['what']>> = {
  'microsoft.insights/datacollectionendpoints': 'endpoint',
  'microsoft.insights/datacollectionrules': 'rule',
  'microsoft.monitor/accounts': 'monitorWorkspace',
  'microsoft.operationalinsights/workspaces': 'logWorkspace',
}

/** What a select that matches nothing may have meant: only for its words, so a failure is no failure of the plan. */
async function findNearby(
  arm: Arm,
  topology: Topology,
  estate: OpenEstate,
): Promise<NonNullable<Estate['nearby']>> {
  const idle = topology.selects.filter((entry, index) =>
    findUseless(entry, estate.selected[index] ?? [], estate).some(({ what }) => what !== 'exclude'),
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

/** Keys of the machines that have the agent. Only where the file has machines: clusters carry no agent extension. */
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

/** Keys of the machines that carry the agents which a query finds. */
export async function queryAgents(arm: Arm, kql: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>()
  await queryEach(arm, kql, { what: 'find Azure Monitor agents with Resource Graph' }, (row) =>
    keys.add(idKey(idText(row, 'id') ?? '').replace(/\/extensions\/[^/]+$/, '')),
  )
  return keys
}

/** Associations of ours, or with endpoints of ours, in subscriptions that the file doesn't name, or no longer names. */
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
  const chunks = Array.from({ length: Math.max(1, Math.ceil(ours.length / idsAQuery)) }, (_, i) =>
    ours.slice(i * idsAQuery, (i + 1) * idsAQuery),
  )
  await Promise.all(
    chunks.map((chunk) =>
      queryAssociations(
        arm,
        (table) => elsewhereQuery(topology, chunk, subscriptions, table),
        { what: 'find associations of ours elsewhere with Resource Graph' },
        (row) => shelveAssociation(estate, associationFromRow(row)),
      ),
    ),
  )
}
