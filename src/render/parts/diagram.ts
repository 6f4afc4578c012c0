import { foldGraph } from './fold.ts'
import { type Edge, type Graph, graphOf, type Node, type State, stateWords } from './graph.ts'
import { legend } from './legend.ts'
import { counted, drawPicture } from './picture.ts'
import type { List } from '../text/limit.ts'
import { bold, fence, text } from '../text/markdown.ts'
import type { Situation } from '../../report.ts'
import type { View } from '../view.ts'
import { listed } from '../text/words.ts'

/** Situations in which a before-and-after picture helps. */
const drawn: readonly Situation[] = ['planned', 'blocked', 'drift', 'applying', 'applied']

/**
 * The topology before and after, folded: a small Mermaid diagram, if it is readable on a phone, and
 * the same in words.
 */
export function renderDiagram(view: View): List[] {
  if (!drawn.includes(view.situation) || view.changes.length === 0) return []
  const whole = graphOf(view)
  if (whole.edges.length === 0) return []
  const picture = drawPicture(whole)
  const opening = '<details>\n<summary>Before and after</summary>'
  return [
    {
      type: 'list',
      head:
        picture === undefined
          ? opening
          : `${opening}\n\n${fence('mermaid', picture.source)}\n\n${legend(picture.graph)}`,
      items: inWords(foldGraph(whole), view.situation === 'applied'),
      tail: '</details>',
      weight: 1,
      droppable: true,
    },
  ]
}

/** The graph in words, one item per edge. */
function inWords(graph: Graph, isDone: boolean): string[] {
  const byKey = new Map(graph.nodes.map((node) => [node.key, node]))
  return graph.edges.map(({ from, to, role, state }) => {
    const [start, end] = [byKey.get(from), byKey.get(to)]
    const verb = (isDone ? doneVerbs : verbs)[role][state][isMany(start) ? 1 : 0]
    return `- ${describeNode(start)} ${verb} ${describeNode(end)}`
  })
}

/** Verbs for an edge, singular and plural. */
type Verbs = Record<Edge['role'], Record<State, readonly [string, string]>>

/** Before the apply. */
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

/** After the apply. */
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

function describeNode(node: Node | undefined): string {
  if (node === undefined) return 'nothing'
  const [first = ''] = node.names
  const region = node.region === '' ? '' : ` in ${text(node.region, 60)}`
  const state =
    node.state === 'added' || node.state === 'removed' ? ` (${stateWords[node.state]})` : ''
  if (isMany(node)) return `**${listed(counted(node))}**${region}${state}`
  return `${bold(first, 100)}${node.role === 'machine' || node.role === 'cluster' ? region : ''}${state}`
}
