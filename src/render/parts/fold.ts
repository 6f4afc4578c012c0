import { compareText } from '../../resources/id.ts'
import type { Edge, Graph, Node } from './mermaid.ts'
import { groupBy } from '../../resources/group.ts'

/** More nodes than this are folded by region, so that a picture can still be read. */
const readable = 40
/** More than this, also folded by region, and the regions are folded too. */
const mostGroups = 120

/** The graph as it can be drawn: as it is, by region and state, or by state alone. */
export function foldGraph(graph: Graph): Graph {
  if (graph.nodes.length <= readable) return sorted(graph)
  const byRegion = fold(graph, true)
  return byRegion.nodes.length <= mostGroups ? byRegion : fold(graph, false)
}

/** Nodes of one role that have the same state and the same kinds of edges become one, and so do their edges. */
function fold(graph: Graph, keepRegions: boolean): Graph {
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
  const groupKey = (node: Node): string => {
    if (node.role === 'scope') return node.key
    const marks = [...(edgesOf.get(node.key) ?? [])].toSorted(compareText)
    return [
      node.role,
      keepRegions ? `${node.region} ${node.network}` : '',
      node.state,
      ...marks,
    ].join('|')
  }
  const groups = groupBy(graph.nodes, groupKey)
  const groupOf = new Map(graph.nodes.map((node) => [node.key, groupKey(node)]))
  const nodes = [...groups].flatMap(([key, [first, ...others]]): Node[] => {
    if (first === undefined) return []
    const names = [first, ...others].flatMap((node) => node.names)
    const regions = new Set([first, ...others].map((node) => node.region))
    const note = keepRegions || regions.size < 2 ? first.note : `in ${regions.size} regions`
    return [
      {
        ...first,
        key,
        names,
        region: keepRegions ? first.region : '',
        network: keepRegions ? first.network : '',
        ...(note !== undefined && { note }),
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

const roles = { machine: 1, cluster: 2, endpoint: 3, scope: 4, workspace: 5 }

/** One order for one graph, whatever order it was built in. */
function sorted({ nodes, edges }: Graph): Graph {
  return {
    nodes: nodes.toSorted(
      (a, b) =>
        compareText(a.region, b.region) ||
        roles[a.role] - roles[b.role] ||
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
