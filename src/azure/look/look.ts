import type { ConfigurationAssociation, Endpoint, Estate, Reading } from '../../estate/estate.ts'
import { compareText, idKey, parseResourceId } from '../../resources/id.ts'
import { isOurEndpoint } from '../../resources/ownership.ts'
import { matchesSelect } from '../../estate/select.ts'
import type { Topology } from '../../topology/topology.ts'
import type { Arm } from '../arm.ts'
import { query, queryAssociations, queryEach } from './resourceGraph.ts'
import { idText, text } from '../azureJson.ts'
import {
  isConfigurationAssociation,
  parseAssociation,
  parseEndpoint,
  parseLogWorkspace,
  parseMonitorWorkspace,
  parseRule,
  parseTarget,
} from './parseResource.ts'
import {
  agentsQuery,
  associationsQuery,
  elsewhereQuery,
  groundsQuery,
  subscriptionsOf,
  targetsQuery,
} from './queries.ts'
import { associationFromRow, groundFromRow, targetFromRow } from './rows.ts'
import { lookAtScope } from './scope.ts'
import { findHiddenSubscriptions } from './findSubscriptions.ts'

type MutableMap<M> = M extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never

/** The estate while it is being filled: the same shelves, open for writing. */
export interface OpenEstate extends Estate {
  scope: Estate['scope']
  links: Estate['links']
  privateEndpoints: Estate['privateEndpoints']
  selected: Estate['selected']
  hiddenSubscriptions: Estate['hiddenSubscriptions']
  readonly targets: MutableMap<Estate['targets']>
  readonly monitorWorkspaces: MutableMap<Estate['monitorWorkspaces']>
  readonly logWorkspaces: MutableMap<Estate['logWorkspaces']>
  readonly endpoints: MutableMap<Estate['endpoints']>
  readonly rules: MutableMap<Estate['rules']>
  readonly associations: MutableMap<Estate['associations']>
  readonly ruleAssociations: MutableMap<Estate['ruleAssociations']>
  readonly uses: MutableMap<Estate['uses']>
  readonly confirmed: Set<string>
}

export interface LookOptions {
  /** Longest wait for a scope or a link that is Provisioning, in milliseconds. */
  readonly waitMs: number
  /** Ends those waits at once. */
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

/** How many endpoint ids one query names. */
const idsAQuery = 200

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
  const [scope, targets, agents] = await Promise.all([
    lookAtScope(arm, topology, options),
    findTargets(arm, topology),
    findAgents(arm, topology),
    queryEach(
      arm,
      groundsQuery(topology, subscriptions),
      { what: 'find workspaces, endpoints and rules with Resource Graph' },
      (row) => shelve(estate, groundFromRow(row)),
    ),
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
  for (const row of targets) {
    const target = parseTarget(targetFromRow(row), agents)
    if (target.location === '') continue
    estate.targets.set(idKey(target.id), { state: 'found', value: target })
  }
  estate.selected = select(topology, estate)
  await findElsewhere(arm, topology, estate, subscriptions)
  estate.hiddenSubscriptions = await findHiddenSubscriptions(arm, topology, estate)
  return estate
}

function emptyEstate(topology: Topology): OpenEstate {
  return {
    scope: { state: 'missing' },
    links: [],
    privateEndpoints: [],
    selected: topology.selects.map(() => []),
    hiddenSubscriptions: new Map(),
    targets: new Map(),
    monitorWorkspaces: new Map(),
    logWorkspaces: new Map(),
    endpoints: new Map(),
    rules: new Map(),
    associations: new Map(),
    ruleAssociations: new Map(),
    uses: new Map(),
    confirmed: new Set(),
  }
}

async function findTargets(arm: Arm, topology: Topology): Promise<readonly unknown[]> {
  const kql = targetsQuery(topology)
  return kql === undefined
    ? []
    : await query(arm, kql, { what: 'find targets with Resource Graph' })
}

/** Keys of the machines that have the agent. Only where the file has machines: clusters carry no agent extension. */
async function findAgents(arm: Arm, topology: Topology): Promise<ReadonlySet<string> | undefined> {
  const entries = [...topology.targets, ...topology.selects]
  const machines = entries.filter((e) => e.kind === 'machine')
  if (machines.length === 0) return undefined
  const subscriptions = new Set([
    ...topology.targets.filter((t) => t.kind === 'machine').map((t) => t.id.subscription),
    ...topology.selects.filter((s) => s.kind === 'machine').flatMap((s) => s.subscriptions),
  ])
  const keys = new Set<string>()
  await queryEach(
    arm,
    agentsQuery([...subscriptions]),
    { what: 'find Azure Monitor agents with Resource Graph' },
    (row) => keys.add(idKey(idText(row, 'id') ?? '').replace(/\/extensions\/[^/]+$/, '')),
  )
  return keys
}

/** Which of the targets found each select of the file matches: Resource Graph narrows, this decides. */
export function select(topology: Topology, estate: Estate): readonly (readonly string[])[] {
  return topology.selects.map((entry) =>
    [...estate.targets]
      .filter(([, r]) => r.state === 'found' && matchesSelect(entry, r.value))
      .map(([key]) => key)
      .toSorted(compareText),
  )
}

/**
 * Puts one workspace, endpoint or rule onto its shelf. A row without a region is as good as none: what it
 * is about is then read from its provider.
 */
function shelve(estate: OpenEstate, raw: unknown): void {
  const id = idText(raw, 'id') ?? ''
  if (text(raw, 'location') === undefined) return
  const found = <T>(value: T): Reading<T> => ({ state: 'found', value })
  switch (parseResourceId(id)?.type ?? '') {
    case 'microsoft.insights/datacollectionendpoints':
      estate.endpoints.set(idKey(id), found(parseEndpoint(raw)))
      break
    case 'microsoft.insights/datacollectionrules':
      estate.rules.set(idKey(id), found(parseRule(raw)))
      break
    case 'microsoft.monitor/accounts':
      estate.monitorWorkspaces.set(idKey(id), found(parseMonitorWorkspace(raw)))
      break
    case 'microsoft.operationalinsights/workspaces':
      estate.logWorkspaces.set(idKey(id), found(parseLogWorkspace(raw)))
      break
    default:
      break
  }
}

/** Puts one association onto its shelf: that of configuration access, or another with a rule. */
export function shelveAssociation(
  estate: OpenEstate,
  raw: unknown,
): ConfigurationAssociation | undefined {
  const association = parseAssociation(raw)
  if (association === undefined) return undefined
  const key = idKey(association.target)
  // One of the reserved name that holds a rule is replaced, and the rule is then none of the target's.
  if (isConfigurationAssociation(association)) estate.associations.set(key, association)
  else if (association.ruleId !== undefined) {
    const rules = new Set(estate.ruleAssociations.get(key) ?? [])
    estate.ruleAssociations.set(
      key,
      [...rules.add(idKey(association.ruleId))].toSorted(compareText),
    )
  }
  return association
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
