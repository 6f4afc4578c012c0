import type { Change } from '../../plan/plan.ts'
import { idKey, parseResourceId } from '../../resources/id.ts'
import type { Association } from '../../resources/resource.ts'
import { scopeOf, type View } from '../view.ts'
import { targetNoun } from '../text/words.ts'

/** The topology before and after a plan, in one graph. */
export interface Graph {
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
}

/** How the plan changes a node or an edge. */
export type State = 'same' | 'added' | 'changed' | 'removed'

/** A state in a word. */
export const stateWords: Record<State, string> = {
  same: '',
  added: 'new',
  changed: 'changed',
  removed: 'deleted',
}

export type Role = 'machine' | 'cluster' | 'endpoint' | 'workspace' | 'scope'

export interface Node {
  readonly key: string
  readonly role: Role
  /** Short names of the resources that it represents: one, or many if folded. */
  readonly names: readonly string[]
  /** The role of each: a folded node may represent machines and clusters. */
  readonly roles: readonly Role[]
  readonly state: State
  /** Normalised; empty if unknown or not applicable. */
  readonly region: string
  /** Name of a target's virtual network; empty if networks are not drawn. */
  readonly network: string
  /** A second line, for the scope's access modes. */
  readonly note?: string
}

export interface Edge {
  readonly from: string
  readonly to: string
  /** `serves`: from a target to its endpoint. `link`: from an endpoint or a workspace to the scope. */
  readonly role: 'serves' | 'link'
  readonly state: State
  /** How many edges it represents. */
  readonly count: number
}

/**
 * Builds the graph of a view: everything that its changes touch and, from the host names,
 * everything that is used and stays.
 */
export function graphOf(view: View): Graph {
  const regions = regionsOf(view)
  const networks = networksOf(view)
  const nodes = new Map<string, Node>()
  const edges = new Map<string, Edge>()
  const node = (id: string, role: Role, state: State = 'same', note?: string): string => {
    const key = idKey(id)
    const known = nodes.get(key)
    if (known !== undefined && state === 'same' && note === undefined) return key
    nodes.set(key, {
      key,
      role,
      names: [view.name(id)],
      roles: [role],
      state: state === 'same' ? (known?.state ?? state) : state,
      region: role === 'scope' || role === 'workspace' ? '' : (regions.get(key) ?? ''),
      network: networks.get(key) ?? '',
      ...(note !== undefined && { note }),
    })
    return key
  }
  const edge = (from: string, to: string, role: Edge['role'], state: State): void => {
    const key = `${from} ${to}`
    if (!edges.has(key)) edges.set(key, { from, to, role, state, count: 1 })
  }
  for (const change of view.plan?.changes ?? []) drawChange(change, node, edge)
  drawUnchanged(view, node, edge, new Set(edges.keys()))
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}

type DrawNode = (id: string, role: Role, state?: State, note?: string) => string
type DrawEdge = (from: string, to: string, role: Edge['role'], state: State) => void

const states = {
  create: 'added',
  update: 'changed',
  replace: 'changed',
  delete: 'removed',
} as const

function drawChange(change: Change, node: DrawNode, edge: DrawEdge): void {
  const resource = change.after ?? change.before
  const state = states[change.action]
  switch (resource.kind) {
    case 'dataCollectionEndpoint':
      node(resource.id, 'endpoint', state)
      return
    case 'association':
      drawAssociation(asAssociation(change.before), asAssociation(change.after), node, edge)
      return
    case 'scopedResource': {
      const linked = node(resource.linkedResourceId, roleOf(resource.linkedResourceId))
      edge(linked, node(scopeOf(resource.id), 'scope'), 'link', state)
      return
    }
    case 'accessModes': {
      const old = change.before?.kind === 'accessModes' ? change.before : undefined
      const modes = (['ingestion', 'query'] as const)
        .filter((mode) => old?.[mode] !== resource[mode])
        .map((mode) => `${mode} ${old?.[mode] ?? 'unset'} → ${resource[mode]}`)
      node(resource.id, 'scope', 'changed', modes.join(', '))
      return
    }
  }
}

function drawAssociation(
  before: Association | undefined,
  after: Association | undefined,
  node: DrawNode,
  edge: DrawEdge,
): void {
  const target = (after ?? before)?.target ?? ''
  const from = node(target, targetNoun(target))
  if (after?.endpointId !== undefined) {
    // A new mark does not move the target.
    const state =
      after.mark !== undefined ? 'same' : before?.endpointId === undefined ? 'added' : 'changed'
    edge(from, node(after.endpointId, 'endpoint'), 'serves', state)
  }
  if (before?.endpointId !== undefined) {
    edge(from, node(before.endpointId, 'endpoint'), 'serves', 'removed')
  }
}

/** Draws what is in use after the plan and not part of a change. */
function drawUnchanged(
  view: View,
  node: DrawNode,
  edge: DrawEdge,
  drawn: ReadonlySet<string>,
): void {
  const { egress, linked } = view.report
  if (egress === undefined) return
  const from = new Set([...drawn].map((key) => key.split(' ')[0]))
  const scope = node(egress.scope, 'scope')
  for (const { targets } of egress.regions) {
    for (const { id, configurationEndpoint } of targets) {
      if (configurationEndpoint === undefined || from.has(idKey(id))) continue
      edge(node(id, targetNoun(id)), node(configurationEndpoint, 'endpoint'), 'serves', 'same')
    }
  }
  for (const { id } of [...egress.endpoints, ...egress.logWorkspaces]) {
    if (linked !== undefined && !linked.has(idKey(id))) continue
    edge(node(id, roleOf(id)), scope, 'link', 'same')
  }
}

function roleOf(linkedId: string): Role {
  return parseResourceId(linkedId)?.type.endsWith('/datacollectionendpoints') === false
    ? 'workspace'
    : 'endpoint'
}

/**
 * The regions of all resources in the report. A target gets its endpoint's region if nothing else
 * is known.
 */
function regionsOf(view: View): ReadonlyMap<string, string> {
  const regions = new Map<string, string>()
  const { egress } = view.report
  for (const { id, region } of egress?.endpoints ?? []) {
    if (region !== undefined) regions.set(idKey(id), region)
  }
  for (const { region, targets } of egress?.regions ?? []) {
    for (const { id } of targets) regions.set(idKey(id), region)
  }
  for (const { after, before } of view.plan?.changes ?? []) {
    const endpoint = after ?? before
    if (endpoint.kind === 'dataCollectionEndpoint') {
      regions.set(idKey(endpoint.id), endpoint.location)
    }
  }
  for (const { after } of view.plan?.changes ?? []) {
    if (after?.kind !== 'association' || after.endpointId === undefined) continue
    const [target, endpoint] = [idKey(after.target), idKey(after.endpointId)]
    const region = regions.get(target) ?? regions.get(endpoint)
    if (region === undefined) continue
    regions.set(target, region)
    if (!regions.has(endpoint)) regions.set(endpoint, region)
  }
  return regions
}

/** How many networks with targets are drawn: one adds nothing, too many hide the rest. */
const drawnNetworks = { least: 2, most: 6 }

/**
 * Names of virtual networks by the keys of their targets; empty if there are too few or too many
 * networks.
 */
function networksOf({ report, name }: View): ReadonlyMap<string, string> {
  const all = (report.network?.virtualNetworks ?? []).filter(({ targets }) => targets.length > 0)
  if (all.length < drawnNetworks.least || all.length > drawnNetworks.most) return new Map()
  return new Map(all.flatMap(({ id, targets }) => targets.map((key) => [key, name(id)] as const)))
}

function asAssociation(resource: Change['before']): Association | undefined {
  return resource?.kind === 'association' ? resource : undefined
}
