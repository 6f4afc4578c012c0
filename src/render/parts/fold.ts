import { compareText } from '../../resources/id.ts'
import { type Edge, type Graph, type Node, type Role, type State, stateWords } from './graph.ts'
import { groupBy } from '../../resources/group.ts'

/** More nodes than this are folded by region, to keep the text readable. */
const readable = 40
/** If folding by region leaves more nodes than this, regions are folded too. */
const maxGroups = 120

/** The graph for the text: unchanged, folded by region and state, or folded by state alone. */
export function foldGraph(graph: Graph): Graph {
  if (graph.nodes.length <= readable) return sorted(graph)
  const byRegion = fold(
    graph,
    alike(graph, (node) => node.region),
    true,
  )
  return byRegion.nodes.length <= maxGroups ? byRegion : foldAll(graph)
}

/**
 * The graph with the fewest nodes: nodes with the same role, state and kinds of edges become one.
 */
export function foldAll(graph: Graph): Graph {
  return fold(
    graph,
    alike(graph, () => ''),
    false,
  )
}

/**
 * The graph for a small diagram: each endpoint that serves targets is a node of its own, other
 * nodes are grouped by how they are linked, and targets by how they are served.
 */
export function foldAlike(graph: Graph): Graph {
  const serving = new Set(graph.edges.flatMap((e) => (e.role === 'serves' ? [e.to] : [])))
  const whose = alike(graph, () => '')
  const served = new Map<string, string[]>()
  for (const { role, from, to, state } of graph.edges) {
    if (role === 'serves') served.set(from, [...(served.get(from) ?? []), `${to} ${state}`])
  }
  return fold(
    graph,
    (node) => {
      if (node.role === 'machine' || node.role === 'cluster') {
        return `target|${node.network}|${(served.get(node.key) ?? []).toSorted(compareText).join('|')}`
      }
      return serving.has(node.key) ? node.key : whose(unmarked(node))
    },
    false,
  )
}

function unmarked(node: Node): Node {
  return node.role === 'scope' ? node : { ...node, state: 'same' }
}

/**
 * Returns a key that nodes share if role, state, kinds of edges and the result of `apart` are
 * equal.
 */
function alike(graph: Graph, apart: (node: Node) => string): (node: Node) => string {
  const edgesOf = new Map<string, Set<string>>()
  for (const { from, to, role, state } of graph.edges) {
    for (const [key, end] of [
      [from, 'from'],
      [to, 'to'],
    ] as const) {
      const marks = edgesOf.get(key) ?? new Set<string>()
      edgesOf.set(key, marks.add(`${end} ${role} ${state}`))
    }
  }
  return (node) => {
    if (node.role === 'scope') return node.key
    const marks = [...(edgesOf.get(node.key) ?? [])].toSorted(compareText)
    return [node.role, apart(node), node.state, ...marks].join('|')
  }
}

/** Merges nodes that share a key, and their edges. */
function fold(whole: Graph, keyOf: (node: Node) => string, keepRegions: boolean): Graph {
  const graph = sorted(whole)
  const groups = groupBy(graph.nodes, keyOf)
  const groupOf = new Map(graph.nodes.map((node) => [node.key, keyOf(node)]))
  const nodes = [...groups].flatMap(([key, group]): Node[] => {
    const [first] = group
    if (first === undefined) return []
    const regions = new Set(group.map((node) => node.region))
    const states = groupBy(group, (node) => node.state)
    const notes = [
      ...(first.note === undefined ? [] : [first.note]),
      ...(keepRegions || regions.size < 2 ? [] : [`in ${regions.size} regions`]),
      ...(states.size < 2 ? [] : [...states].map(([state, of]) => describeState(state, of.length))),
    ].filter((part) => part !== '')
    return [
      {
        ...first,
        key,
        names: group.flatMap((node) => node.names),
        roles: group.flatMap((node) => node.roles),
        state: states.size < 2 ? first.state : 'same',
        region: regions.size < 2 ? first.region : '',
        network: group.every(({ network }) => network === first.network) ? first.network : '',
        ...(notes.length > 0 && { note: notes.join(', ') }),
      },
    ]
  })
  const edges = new Map<string, Edge>()
  for (const edge of graph.edges) {
    const from = groupOf.get(edge.from) ?? edge.from
    const to = groupOf.get(edge.to) ?? edge.to
    const key = `${from}\n${to}\n${edge.state}`
    const count = (edges.get(key)?.count ?? 0) + edge.count
    edges.set(key, { ...edge, from, to, count })
  }
  return sorted({ nodes, edges: [...edges.values()] })
}

/** For a group with members in different states: `1 new`. */
function describeState(state: State, count: number): string {
  return state === 'same' ? '' : `${count} ${stateWords[state]}`
}

const order: Record<Role, number> = { machine: 1, cluster: 2, endpoint: 3, scope: 4, workspace: 5 }

/** Sorts the graph, so that the result does not depend on how it was built. */
function sorted({ nodes, edges }: Graph): Graph {
  return {
    nodes: nodes.toSorted(
      (a, b) =>
        compareText(a.region, b.region) ||
        order[a.role] - order[b.role] ||
        compareText(a.key, b.key),
    ),
    edges: edges.toSorted(
      (a, b) =>
        compareText(a.role, b.role) * -1 ||
        compareText(a.from, b.from) ||
        compareText(a.to, b.to) ||
        compareText(a.state, b.state),
    ),
  }
}
