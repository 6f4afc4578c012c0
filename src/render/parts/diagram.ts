import { foldGraph } from './fold.ts'
import { type Edge, type Graph, graphOf, type Node, type Role, type State } from './mermaid.ts'
import { groupBy } from '../../resources/group.ts'
import { legend } from './legend.ts'
import type { Section } from '../text/limit.ts'
import { bold, fence, mermaidLabel, text } from '../text/markdown.ts'
import type { Situation } from '../situation.ts'
import type { View } from '../view.ts'
import { plural, thousands } from '../text/words.ts'

/** GitHub draws at most 50,000 characters and 500 edges; both with room to spare. */
const mostCharacters = 45_000
const mostEdges = 480

/** Where a picture of before and after helps; elsewhere what matters is what happened. */
const drawn: readonly Situation[] = ['planned', 'blocked', 'drift', 'applying', 'applied']

/**
 * The topology before and after in one Mermaid picture, and the same in words. States are told by
 * words and line styles, and by colour only besides.
 */
export function renderDiagram(view: View): Section[] {
  if (!drawn.includes(view.situation) || view.changes.length === 0) return []
  const whole = graphOf(view)
  if (whole.edges.length === 0) return []
  const graph = foldGraph(whole)
  const source = mermaid(graph)
  const fits = source.length <= mostCharacters && graph.edges.length <= mostEdges
  const picture = fits
    ? `### Before and after\n\n${fence('mermaid', source)}\n\n${legend(graph)}`
    : ''
  return [
    { type: 'optional', text: picture, instead: '' },
    {
      type: 'list',
      head: '<details>\n<summary>The picture in words</summary>',
      items: inWords(graph, view.situation === 'applied'),
      tail: '</details>',
      weight: 1,
      droppable: true,
    },
  ]
}

/** The graph as the source of a Mermaid flowchart. */
export function mermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map((node, index) => [node.key, `n${index}`]))
  const id = (key: string): string => ids.get(key) ?? 'n'
  const lines: string[] = ['flowchart LR']
  let subgraph = 0
  for (const [region, nodes] of groupBy(graph.nodes, (node) => node.region)) {
    if (region === '') continue
    lines.push(`  subgraph r${subgraph++}["${mermaidLabel(region)}"]`)
    const byNetwork = groupBy(nodes, (node) => node.network)
    for (const [network, inside] of byNetwork) {
      const drawn = inside.map((node) => `    ${id(node.key)}${shape(node)}`)
      lines.push(...(network === '' ? drawn : frame(`r${subgraph++}`, network, drawn)))
    }
    lines.push('  end')
  }
  for (const node of graph.nodes)
    if (node.region === '') lines.push(`  ${id(node.key)}${shape(node)}`)
  const workspaces = new Set(graph.nodes.filter((n) => n.role === 'workspace').map((n) => n.key))
  for (const edge of graph.edges) {
    const ends = [id(edge.from), id(edge.to)]
    // Drawn the other way round, workspaces come to stand beyond the scope, which is then in the middle.
    const [left, right] = workspaces.has(edge.from) ? ends.toReversed() : ends
    lines.push(`  ${left ?? ''} ${arrow(edge)} ${right ?? ''}`)
  }
  return [...lines, ...styles(graph, id)].join('\n')
}

/** A virtual network around those in it. */
function frame(key: string, network: string, drawn: readonly string[]): readonly string[] {
  const lines = drawn.map((line) => `  ${line}`)
  return [
    `    subgraph ${key}["${mermaidLabel(`virtual network ${network}`, 80)}"]`,
    ...lines,
    '    end',
  ]
}

const frames: Record<Role, readonly [string, string]> = {
  machine: ['[', ']'],
  cluster: ['[[', ']]'],
  endpoint: ['([', '])'],
  workspace: ['[(', ')]'],
  scope: ['{{', '}}'],
}

const nodeWords: Record<State, string> = {
  same: '',
  added: 'new',
  changed: 'changed',
  removed: 'deleted',
}

function shape(node: Node): string {
  const [open, close] = frames[node.role]
  const [first = ''] = node.names
  const name = node.names.length === 1 ? first : plural(node.names.length, node.role)
  const note = node.note ?? nodeWords[node.state]
  const lines = note === '' ? [name] : [name, note]
  return `${open}"${lines.map((line) => mermaidLabel(line, 80)).join('<br/>')}"${close}`
}

const arrows: Record<Edge['role'], Record<State, string>> = {
  serves: { same: '-->', added: '==>', changed: '==>', removed: '-.->' },
  link: { same: '---', added: '===', changed: '===', removed: '-.-' },
}

/** For one and for many. */
const edgeWords: Verbs = {
  serves: {
    same: ['', ''],
    added: ['new', 'new'],
    changed: ['moves here', 'move here'],
    removed: ['no more', 'no more'],
  },
  link: {
    same: ['', ''],
    added: ['new link', 'new links'],
    changed: ['linked again', 'linked again'],
    removed: ['unlinked', 'unlinked'],
  },
}

function arrow({ role, state, count }: Edge): string {
  const [one, many] = edgeWords[role][state]
  const words = (count > 1 ? [thousands(count), many] : [one]).filter((word) => word !== '')
  return `${arrows[role][state]}${words.length > 0 ? `|${words.join(' ')}|` : ''}`
}

/** Mid-tones that can be read on GitHub's light and dark ground. */
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

/** What the picture shows, an edge an item. */
function inWords(graph: Graph, isDone: boolean): string[] {
  const byKey = new Map(graph.nodes.map((node) => [node.key, node]))
  return graph.edges.map(({ from, to, role, state }) => {
    const [start, end] = [byKey.get(from), byKey.get(to)]
    const verb = (isDone ? doneVerbs : verbs)[role][state][isMany(start) ? 1 : 0]
    return `- ${sayNode(start)} ${verb} ${sayNode(end)}`
  })
}

/** Words for what an edge does. */
type Verbs = Record<Edge['role'], Record<State, readonly [string, string]>>

/** Before it is done, for one and for many. */
const verbs: Verbs = {
  serves: {
    same: ['is configured from', 'are configured from'],
    added: ['will be configured from', 'will be configured from'],
    changed: ['moves to', 'move to'],
    removed: ['leaves', 'leave'],
  },
  link: {
    same: ['is linked to', 'are linked to'],
    added: ['will be linked to', 'will be linked to'],
    changed: ['will be linked again to', 'will be linked again to'],
    removed: ['will be unlinked from', 'will be unlinked from'],
  },
}

/** Once it is done. */
const doneVerbs: Verbs = {
  serves: {
    ...verbs.serves,
    added: ['is now configured from', 'are now configured from'],
    changed: ['moved to', 'moved to'],
    removed: ['left', 'left'],
  },
  link: {
    ...verbs.link,
    added: ['is now linked to', 'are now linked to'],
    changed: ['was linked again to', 'were linked again to'],
    removed: ['was unlinked from', 'were unlinked from'],
  },
}

function isMany(node: Node | undefined): boolean {
  return (node?.names.length ?? 0) > 1
}

function sayNode(node: Node | undefined): string {
  if (node === undefined) return 'nothing'
  const [first = ''] = node.names
  const region = node.region === '' ? '' : ` in ${text(node.region, 60)}`
  const state =
    node.state === 'added' || node.state === 'removed' ? ` (${nodeWords[node.state]})` : ''
  if (isMany(node)) return `**${plural(node.names.length, node.role)}**${region}${state}`
  return `${bold(first, 100)}${node.role === 'machine' || node.role === 'cluster' ? region : ''}${state}`
}
