import { foldAlike, foldAll } from './fold.ts'
import { type Edge, type Graph, type Node, type Role, type State, stateWords } from './graph.ts'
import { groupBy } from '../../resources/group.ts'
import { mermaidLabel } from '../text/markdown.ts'
import { plural, sum } from '../text/words.ts'

/**
 * The graph as a small Mermaid flowchart, with similar nodes merged; `undefined` if it would not be
 * readable on a phone, or has no edges.
 */
export function drawPicture(graph: Graph): { source: string; graph: Graph } | undefined {
  if (graph.edges.length === 0) return undefined
  const small = [foldAlike(graph), foldAll(graph)].find((folded) => widthOf(folded) <= maxWidth)
  return small === undefined ? undefined : { source: mermaid(small), graph: small }
}

/** In Mermaid's pixels. On a phone 390 pixels wide, letters are then still 9 pixels high. */
const maxWidth = 580
const letterWidth = 8
const frameWidth = 30
const nodeSpacing = 20

/** The width of the widest row: targets, endpoints, the scope and workspaces form one row each. */
function widthOf({ nodes }: Graph): number {
  const rows = groupBy(nodes, (node) => (node.role === 'cluster' ? 'machine' : node.role))
  const widths = [...rows.values()].map((row) => sum(row.map(nodeWidth)))
  return Math.max(0, ...widths)
}

function nodeWidth(node: Node): number {
  const longest = Math.max(...labelLines(node).map((line) => line.length))
  return longest * letterWidth + frameWidth + nodeSpacing
}

/**
 * A graph as the source of a Mermaid flowchart. Words and line styles show the states; colour only
 * supports them.
 */
export function mermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map((node, index) => [node.key, `n${index}`]))
  const id = (key: string): string => ids.get(key) ?? 'n'
  const workspaces = new Set(graph.nodes.filter((n) => n.role === 'workspace').map((n) => n.key))
  return [
    `%%{init: {"flowchart": {"nodeSpacing": ${nodeSpacing}, "rankSpacing": 40}}}%%`,
    'flowchart TB',
    ...drawNodes(graph.nodes, (node) => `  ${id(node.key)}${shape(node)}`),
    ...graph.edges.map((edge) => {
      const ends = [id(edge.from), id(edge.to)]
      // Reversed edges put workspaces below the scope.
      const [upper, lower] = workspaces.has(edge.from) ? ends.toReversed() : ends
      return `  ${upper ?? ''} ${arrows[edge.role][edge.state]} ${lower ?? ''}`
    }),
    ...styles(graph, id),
  ].join('\n')
}

/** The nodes, framed by virtual network if networks are drawn. */
function drawNodes(nodes: readonly Node[], draw: (node: Node) => string): string[] {
  return [...groupBy(nodes, (node) => node.network)].flatMap(([network, inside], index) => {
    const lines = inside.map(draw)
    if (network === '') return lines
    const title = mermaidLabel(`virtual network ${network}`, 60)
    return [`  subgraph v${index}["${title}"]`, ...lines.map((line) => `  ${line}`), '  end']
  })
}

const frames: Record<Role, readonly [string, string]> = {
  machine: ['[', ']'],
  cluster: ['[[', ']]'],
  endpoint: ['([', '])'],
  workspace: ['[(', ')]'],
  scope: ['{{', '}}'],
}

function shape(node: Node): string {
  const isMixed = new Set(node.roles).size > 1
  const [open, close] = frames[isMixed ? 'machine' : node.role]
  return `${open}"${labelLines(node).join('<br/>')}"${close}`
}

/** A single name, wrapped if long, or counts for several; below it the state. */
function labelLines(node: Node): string[] {
  const [first = ''] = node.names
  const names = node.names.length === 1 ? broken(first) : counted(node)
  const state = node.role === 'scope' ? '' : stateWords[node.state]
  const lines = [...names, ...(node.note ?? '').split(', '), state]
  return lines.filter((line) => line !== '').map((line) => mermaidLabel(line, 60))
}

/** How many resources of each role a node represents. */
export function counted({ roles }: Node): string[] {
  return [...groupBy(roles, (role) => role)].map(([role, all]) => plural(all.length, role))
}

const longestLine = 16

/** Wraps a long name after its dashes. */
function broken(name: string): string[] {
  const lines: string[] = []
  for (const part of name.split(/(?<=-)/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length <= longestLine) {
      lines[lines.length - 1] = last + part
    } else lines.push(part)
  }
  return lines
}

const arrows: Record<Edge['role'], Record<State, string>> = {
  serves: { same: '-->', added: '==>', changed: '==>', removed: '-.->' },
  link: { same: '---', added: '===', changed: '===', removed: '-.-' },
}

/** Mid-tones that are readable on GitHub's light and dark backgrounds. */
const colors = { added: '#2da44e', changed: '#bf8700', removed: '#e5534b' } as const

function styles(graph: Graph, id: (key: string) => string): string[] {
  return (['added', 'changed', 'removed'] as const).flatMap((state) => {
    const nodes = graph.nodes.filter((node) => node.state === state).map((node) => id(node.key))
    const edges = graph.edges.flatMap((edge, index) => (edge.state === state ? [index] : []))
    const dash = state === 'removed' ? ',stroke-dasharray:6 4' : ''
    const width = state === 'removed' ? '2px' : '3px'
    return [
      ...(nodes.length > 0
        ? [
            `  classDef ${state} stroke:${colors[state]},stroke-width:${width}${dash}`,
            `  class ${nodes.join(',')} ${state}`,
          ]
        : []),
      ...(edges.length > 0
        ? [`  linkStyle ${edges.join(',')} stroke:${colors[state]},stroke-width:${width}`]
        : []),
    ]
  })
}
